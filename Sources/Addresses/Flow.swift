// SPDX-License-Identifier: Apache-2.0

/// Between whom a packet travels, in its own direction.
public struct Flow: Sendable, Hashable {
    public var source: IPAddress
    public var destination: IPAddress
    public var ipProtocol: IPProtocol
    /// Of UDP and TCP; nil for other protocols and for later fragments.
    public var ports: Ports?

    public struct Ports: Sendable, Hashable {
        public var source: Port
        public var destination: Port

        public init(source: Port, destination: Port) {
            self.source = source
            self.destination = destination
        }
    }

    public init(source: IPAddress, destination: IPAddress, ipProtocol: IPProtocol = .udp, ports: Ports? = nil) {
        self.source = source
        self.destination = destination
        self.ipProtocol = ipProtocol
        self.ports = ports
    }

    /// The flow of the answers.
    public var reversed: Flow {
        Flow(
            source: destination, destination: source, ipProtocol: ipProtocol,
            ports: ports.map { Ports(source: $0.destination, destination: $0.source) })
    }
}

extension Flow: CustomStringConvertible {
    /// `10.0.1.1:50000>10.0.2.2:1234`, with the protocol behind it if that is not UDP.
    public var description: String {
        let ends = "\(Self.end(source, ports?.source))>\(Self.end(destination, ports?.destination))"
        return ipProtocol == .udp ? ends : "\(ends)/\(ipProtocol)"
    }

    private static func end(_ address: IPAddress, _ port: Port?) -> String {
        guard let port else { return "\(address)" }
        if case .v6 = address { return "[\(address)]:\(port)" }
        return "\(address):\(port)"
    }
}
