// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc

/// An IPv6 address with the length of its network's prefix: `fd00:1::1/64`.
public struct IPv6Prefix: Hashable, Sendable {
    /// 16, in the order they are sent.
    public let octets: [UInt8]
    /// 0 to 128.
    public let length: Int

    /// An address in a form of RFC 4291, a slash and the length in decimal.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[1].utf8.allSatisfy({ (48...57).contains($0) }), let length = Int(parts[1]),
            length <= 128
        else { return nil }
        var octets = [UInt8](repeating: 0, count: 16)
        guard unsafe inet_pton(AF_INET6, String(parts[0]), &octets) == 1 else { return nil }
        self.octets = octets
        self.length = length
    }

    /// Without the length.
    public var address: String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        guard unsafe inet_ntop(AF_INET6, octets, &text, socklen_t(text.count)) != nil else { return "" }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

extension IPv6Prefix: CustomStringConvertible {
    public var description: String { "\(address)/\(length)" }
}

extension RouteSession {
    /// Adds an address that is usable at once: nobody else on the link is asked whether it has it.
    public mutating func addAddress(_ prefix: IPv6Prefix, to name: String) throws(SystemError) {
        let header = ifaddrmsg(
            ifa_family: UInt8(AF_INET6), ifa_prefixlen: UInt8(prefix.length), ifa_flags: UInt8(IFA_F_NODAD),
            ifa_scope: UInt8(RT_SCOPE_UNIVERSE.rawValue), ifa_index: UInt32(bitPattern: try link(named: name).index))
        let flags = NLM_F_CREATE | NLM_F_EXCL
        try order(Int(RTM_NEWADDR), flags: flags, "add address \(prefix) to link", on: name) { message in
            message.append(header)
            message.attribute(Int(IFA_LOCAL), prefix.octets)
            message.attribute(Int(IFA_ADDRESS), prefix.octets)
        }
    }
}
