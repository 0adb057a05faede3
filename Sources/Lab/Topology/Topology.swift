// SPDX-License-Identifier: Apache-2.0

public import Addresses
import LinuxSystem

/// Hosts, switches and the links between them, in the format of the P4 tutorials' topology.json.
public struct Topology: Equatable, Sendable {
    /// The file's name without directory and extension: the lab's name.
    public let name: String
    /// The path that the topology was read from.
    public let file: String
    /// In natural order of their names: h2 before h10.
    public let hosts: [Host]
    /// In natural order of their names. A switch's device id is its place here.
    public let switches: [Switch]
    /// In the file's order.
    public let links: [Link]

    /// An end host with one interface.
    public struct Host: Equatable, Sendable {
        /// A letter and up to 7 letters or digits.
        public let name: String
        /// Its IPv4 address with the prefix length.
        public let address: IPPrefix
        /// nil: the host has no IPv6.
        public let address6: IPPrefix?
        /// The hardware address of its interface.
        public let mac: MACAddress
        /// Run by `sh` in the host, in order, once its interface is up.
        public let commands: [String]

        /// A host has one link, and this is its interface's name.
        public static let interface = "eth0"
    }

    /// A switch and what it is configured with.
    public struct Switch: Equatable, Sendable {
        /// A letter and up to 7 letters or digits.
        public let name: String
        /// Table entries in the tutorials' format.
        public let runtimeFile: String?
        /// Lines of simple_switch_CLI.
        public let commandsFile: String?
        /// P4 source in place of the lab's.
        public let program: String?
        /// From 1 to 511; read for the tutorials' sake and not used.
        public let cpuPort: Int?
        /// Egress queues per port, from 1 to 8; nil: 1.
        public let priorityQueues: Int?

        /// The interface of a switch's port.
        public static func interface(of name: String, port: Int) -> String { "\(name)-eth\(port)" }
    }

    /// A cable between two nodes.
    public struct Link: Equatable, Sendable {
        /// The end that the file names first.
        public let first: LinkEnd
        /// The other end.
        public let second: LinkEnd
        /// In each direction.
        public let quality: LinkQuality
    }

    /// Where a link ends.
    public enum LinkEnd: Hashable, Sendable {
        /// A host's interface.
        case host(String)
        /// A switch's port, by its number and the switch's name.
        case port(Int, of: String)

        /// The name of the host or switch.
        public var node: String {
            switch self {
            case .host(let name), .port(_, of: let name): name
            }
        }

        /// The interface at this end.
        public var interface: String {
            switch self {
            case .host: Host.interface
            case .port(let port, of: let name): Switch.interface(of: name, port: port)
            }
        }
    }
}

extension Topology.LinkEnd: CustomStringConvertible {
    /// As the file writes it.
    public var description: String {
        switch self {
        case .host(let name): name
        case .port(let port, of: let name): "\(name)-p\(port)"
        }
    }
}

extension Topology {
    /// Hosts, then switches.
    public var nodeNames: [String] { hosts.map(\.name) + switches.map(\.name) }

    /// Each switch port that leads somewhere, in the order of the ports.
    public func ports(of name: String) -> [Port] {
        var ports: [Port] = []
        for link in links {
            for (near, far) in [(link.first, link.second), (link.second, link.first)] {
                guard case .port(let number, of: name) = near else { continue }
                ports.append(Port(number: number, peer: far, quality: link.quality))
            }
        }
        return ports.sorted { $0.number < $1.number }
    }

    /// A switch port that a link is plugged into.
    public struct Port: Equatable, Sendable {
        /// From 1 to 510.
        public let number: Int
        /// The other end of the link.
        public let peer: LinkEnd
        /// What the link does to frames, in each direction.
        public let quality: LinkQuality
    }

    /// Names in the order people count: by letters, then by the number at the end.
    static func inNaturalOrder(_ first: String, _ second: String) -> Bool {
        func key(_ name: String) -> (String, Int) {
            let digits = name.reversed().prefix { $0.isASCII && $0.isNumber }.reversed()
            return (String(name.dropLast(digits.count)), Int(String(digits)) ?? -1)
        }
        return key(first) == key(second) ? first < second : key(first) < key(second)
    }
}
