// SPDX-License-Identifier: Apache-2.0

public import SwitchEngine

/// A switch's counts as they are shown and written: by port with its interface, and drops by reason.
public struct SwitchStatistics: Sendable, Hashable, Codable {
    public struct Port: Sendable, Hashable, Codable {
        public var port: Int
        /// Nil for a port number that packets were sent to and no interface stands behind.
        public var interface: String?
        public var receivedPackets: UInt64
        public var receivedBytes: UInt64
        public var sentPackets: UInt64
        public var sentBytes: UInt64
        public var dropped: [String: UInt64]
    }

    public var ports: [Port]
    /// Of all ports, by reason.
    public var dropped: [String: UInt64]

    public init(_ statistics: Statistics, interfaces: [Int: String]) {
        var ports: [Port] = []
        let counted = Dictionary(uniqueKeysWithValues: statistics.ports.map { ($0.number, $0) })
        for number in Set(counted.keys).union(interfaces.keys).sorted() {
            let port = counted[number] ?? Statistics.Port(number: number)
            ports.append(
                Port(
                    port: number, interface: interfaces[number], receivedPackets: port.received.packets,
                    receivedBytes: port.received.bytes, sentPackets: port.sent.packets, sentBytes: port.sent.bytes,
                    dropped: Self.named(port.drops)))
        }
        self.ports = ports
        dropped = Self.named(statistics.drops)
    }

    private static func named(_ drops: [DropReason: UInt64]) -> [String: UInt64] {
        Dictionary(uniqueKeysWithValues: drops.map { ($0.name, $1) })
    }

    /// A line a port, and a line a reason below.
    public var table: String {
        var rows = [["port", "interface", "rx packets", "rx bytes", "tx packets", "tx bytes", "dropped"]]
        for port in ports {
            let drops = port.dropped.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
            rows.append([
                "\(port.port)", port.interface ?? "-", "\(port.receivedPackets)", "\(port.receivedBytes)",
                "\(port.sentPackets)", "\(port.sentBytes)", drops.isEmpty ? "-" : drops.joined(separator: ", "),
            ])
        }
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        let lines = rows.map { row in
            zip(row.indices, row).map { column, cell in
                let blanks = String(repeating: " ", count: widths[column] - cell.count)
                return column >= 2 && column <= 5 ? blanks + cell : column == 6 ? cell : cell + blanks
            }.joined(separator: "  ")
        }
        let sums = dropped.sorted { $0.key < $1.key }.map { "dropped \($0.key): \($0.value)" }
        return (lines + sums).joined(separator: "\n") + "\n"
    }
}
