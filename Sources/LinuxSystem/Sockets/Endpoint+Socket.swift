// SPDX-License-Identifier: Apache-2.0

internal import Addresses
internal import CLinux
internal import Glibc

/// Conversion from and to `sockaddr_in` and `sockaddr_in6`, by way of the C shim's structure.
extension Endpoint {
    init(_ raw: p4ni_endpoint) {
        let octets = unsafe withUnsafeBytes(of: raw.address) { unsafe Array($0) }
        let address = IPAddress(octets: raw.family == UInt16(AF_INET6) ? octets[...] : octets.prefix(4))
        self.init(address ?? .v4(.any), port: Port(raw.port))
    }

    var raw: p4ni_endpoint {
        var raw = p4ni_endpoint()
        raw.port = port.rawValue
        raw.family = UInt16(address.family)
        let octets = address.octets
        unsafe withUnsafeMutableBytes(of: &raw.address) { unsafe $0.copyBytes(from: octets) }
        return raw
    }
}

extension IPAddress {
    /// AF_INET or AF_INET6.
    var family: Int32 {
        switch self {
        case .v4: AF_INET
        case .v6: AF_INET6
        }
    }
}
