// SPDX-License-Identifier: Apache-2.0

/// The source or destination of packets: an address of either family and a port of UDP or TCP.
public struct Endpoint: Sendable, Hashable {
    /// The host; `any` stands for all of its addresses of that family.
    public var address: IPAddress
    /// 0 asks the kernel to choose one.
    public var port: Port

    /// The endpoint of this address and port.
    public init(_ address: IPAddress, port: Port) {
        self.address = address
        self.port = port
    }

    /// An IPv4 endpoint.
    public init(_ address: IPv4Address, port: Port) {
        self.init(.v4(address), port: port)
    }
}

extension Endpoint: LosslessStringConvertible {
    /// Parses `10.0.0.1:80` or `[fd00::1]:80`.
    public init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"), let port = Port(text[text.index(after: colon)...]) else {
            return nil
        }
        let host = text[..<colon]
        if host.first == "[", host.last == "]" {
            guard let address = IPv6Address(String(host.dropFirst().dropLast())) else { return nil }
            self.init(.v6(address), port: port)
        } else {
            guard let address = IPv4Address(String(host)) else { return nil }
            self.init(.v4(address), port: port)
        }
    }

    /// `10.0.0.1:80` or `[fd00::1]:80`
    public var description: String { address.isIPv6 ? "[\(address)]:\(port)" : "\(address):\(port)" }
}
