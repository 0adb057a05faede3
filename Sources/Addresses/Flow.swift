// SPDX-License-Identifier: Apache-2.0

/// The packets of one protocol from one endpoint to another; the replies are another flow, `reversed`.
public struct Flow: Sendable, Hashable {
    /// The sender of the packets.
    public var source: IPAddress
    /// The receiver of the packets.
    public var destination: IPAddress
    /// The protocol in the IP header.
    public var ipProtocol: IPProtocol
    /// Of UDP and TCP; nil for other protocols and for later fragments.
    public var ports: Ports?

    /// The ports of both ends.
    public struct Ports: Sendable, Hashable {
        /// The sender's port.
        public var source: Port
        /// The receiver's port.
        public var destination: Port

        /// The ports of both ends.
        public init(source: Port, destination: Port) {
            self.source = source
            self.destination = destination
        }
    }

    /// The flow between two addresses; of UDP unless the protocol says otherwise.
    public init(source: IPAddress, destination: IPAddress, ipProtocol: IPProtocol = .udp, ports: Ports? = nil) {
        self.source = source
        self.destination = destination
        self.ipProtocol = ipProtocol
        self.ports = ports
    }

    /// The flow of the replies.
    public var reversed: Flow {
        Flow(
            source: destination, destination: source, ipProtocol: ipProtocol,
            ports: ports.map { Ports(source: $0.destination, destination: $0.source) })
    }
}

extension Flow: CustomStringConvertible {
    /// `10.0.1.1:50000>10.0.2.2:1234`, followed by the protocol unless that is UDP.
    public var description: String {
        let ends = "\(Self.end(source, ports?.source))>\(Self.end(destination, ports?.destination))"
        return ipProtocol == .udp ? ends : "\(ends)/\(ipProtocol)"
    }

    private static func end(_ address: IPAddress, _ port: Port?) -> String {
        port.map { "\(Endpoint(address, port: $0))" } ?? "\(address)"
    }
}
