// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Where a datagram comes from or goes to.
public struct IPv4Endpoint: Hashable, Sendable {
    public let address: InternetAddress
    /// In host order, 0: any.
    public let port: UInt16

    public init(_ address: InternetAddress, port: UInt16) {
        self.address = address
        self.port = port
    }

    var socketAddress: sockaddr_in {
        var result = sockaddr_in()
        result.sin_family = sa_family_t(AF_INET)
        result.sin_port = port.bigEndian
        result.sin_addr.s_addr = address.number.bigEndian
        return result
    }
}

extension IPv4Endpoint: CustomStringConvertible {
    public var description: String { "\(address):\(port)" }
}
