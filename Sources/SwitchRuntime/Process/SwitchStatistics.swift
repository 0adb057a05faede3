// SPDX-License-Identifier: Apache-2.0

public import SwitchEngine
internal import TextLayout

/// A switch's counts as they are shown and written: by port with its interface, and drops by reason.
public struct SwitchStatistics: Sendable, Hashable, Codable {
    /// The counts of one port.
    public struct Port: Sendable, Hashable, Codable {
        /// The port's number.
        public var port: Int
        /// Nil for a port number that packets were sent to although it has no interface.
        public var interface: String?
        /// How the interface is; nil without one.
        public var state: PortState?
        /// Packets that arrived.
        public var receivedPackets: UInt64
        /// Their bytes.
        public var receivedBytes: UInt64
        /// Packets handed to the kernel or the port's link.
        public var sentPackets: UInt64
        /// Their bytes.
        public var sentBytes: UInt64
        /// Drops by the name of their reason; reasons without a drop are absent.
        public var dropped: [String: UInt64]
    }

    /// What is known of a port's interface.
    public struct Interface: Sendable, Hashable {
        /// Its name.
        public var name: String
        /// How it is.
        public var state: PortState
        /// In bytes, without the Ethernet header.
        public var mtu: Int
    }

    /// By number: every port with an interface, and every other one that packets were sent to.
    public var ports: [Port]
    /// Of all ports, by reason.
    public var dropped: [String: UInt64]

    /// The engine's counts with the interfaces of the ports.
    public init(_ statistics: Statistics, interfaces: [Int: Interface]) {
        var ports: [Port] = []
        let counted = Dictionary(uniqueKeysWithValues: statistics.ports.map { ($0.number, $0) })
        for number in Set(counted.keys).union(interfaces.keys).sorted() {
            let port = counted[number] ?? Statistics.Port(number: number)
            ports.append(
                Port(
                    port: number, interface: interfaces[number]?.name, state: interfaces[number]?.state,
                    receivedPackets: port.received.packets,
                    receivedBytes: port.received.bytes, sentPackets: port.sent.packets, sentBytes: port.sent.bytes,
                    dropped: Self.named(port.drops)))
        }
        self.ports = ports
        dropped = Self.named(statistics.drops)
    }

    private static func named(_ drops: [DropReason: UInt64]) -> [String: UInt64] {
        Dictionary(uniqueKeysWithValues: drops.map { ($0.name, $1) })
    }

    /// One line per port, then one per drop reason.
    public var table: String {
        let columns: [TextTable.Column] = [
            .left("port"), .left("interface"), .left("state"), .right("rx packets"), .right("rx bytes"),
            .right("tx packets"),
            .right("tx bytes"), .left("dropped"),
        ]
        let rows = ports.map { port in
            let drops = port.dropped.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
            return [
                "\(port.port)", port.interface ?? "-", port.state?.rawValue ?? "-", "\(port.receivedPackets)",
                "\(port.receivedBytes)",
                "\(port.sentPackets)", "\(port.sentBytes)", drops.isEmpty ? "-" : drops.joined(separator: ", "),
            ]
        }
        let sums = dropped.sorted { $0.key < $1.key }.map { "dropped \($0.key): \($0.value)" }
        return (TextTable(columns, rows: rows).lines + sums).joined(separator: "\n") + "\n"
    }
}
