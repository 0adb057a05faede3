// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc

/// Where packets come from or go to: an address of either family and a port of UDP or TCP.
public struct SocketEndpoint: Hashable, Sendable {
    public let address: NetworkAddress
    /// In host order, 0: any.
    public let port: UInt16

    public init(_ address: NetworkAddress, port: UInt16) {
        self.address = address
        self.port = port
    }

    public init(_ address: InternetAddress, port: UInt16) {
        self.init(.v4(address), port: port)
    }

    init(_ raw: p4ni_endpoint) {
        let octets = unsafe withUnsafeBytes(of: raw.address) { unsafe Array($0) }
        let number = octets.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
        let v6 = raw.family == UInt16(AF_INET6) ? InternetAddress6(octets: octets) : nil
        self.init(v6.map { .v6($0) } ?? .v4(InternetAddress(number: number)), port: raw.port)
    }

    var raw: p4ni_endpoint {
        var raw = p4ni_endpoint()
        raw.port = port
        raw.family = UInt16(family)
        let octets = address.octets
        unsafe withUnsafeMutableBytes(of: &raw.address) { unsafe $0.copyBytes(from: octets) }
        return raw
    }

    /// AF_INET or AF_INET6.
    var family: Int32 {
        switch address {
        case .v4: AF_INET
        case .v6: AF_INET6
        }
    }

    public var isIPv6: Bool { family == AF_INET6 }
}

extension SocketEndpoint: CustomStringConvertible {
    /// `10.0.0.1:80`, `[fd00::1]:80`.
    public var description: String {
        switch address {
        case .v4: "\(address):\(port)"
        case .v6: "[\(address)]:\(port)"
        }
    }
}
