// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc

/// An address with the length of its network's prefix: `10.0.1.1/24`.
public struct InternetPrefix: Hashable, Sendable {
    public let address: InternetAddress
    /// 0 to 32.
    public let length: Int

    public init?(_ address: InternetAddress, length: Int) {
        guard (0...32).contains(length) else { return nil }
        self.address = address
        self.length = length
    }

    /// An address, a slash and the length in decimal.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let address = InternetAddress(parts[0]), parts[1].utf8.first != UInt8(ascii: "+"),
            let length = Int(parts[1])
        else { return nil }
        self.init(address, length: length)
    }
}

extension InternetPrefix: CustomStringConvertible {
    public var description: String { "\(address)/\(length)" }
}

extension RouteSession {
    public mutating func addAddress(_ prefix: InternetPrefix, to name: String) throws(SystemError) {
        let header = ifaddrmsg(
            ifa_family: UInt8(AF_INET), ifa_prefixlen: UInt8(prefix.length), ifa_flags: 0,
            ifa_scope: UInt8(RT_SCOPE_UNIVERSE.rawValue), ifa_index: UInt32(bitPattern: try link(named: name).index))
        let flags = NLM_F_CREATE | NLM_F_EXCL
        try order(Int(RTM_NEWADDR), flags: flags, "add address \(prefix) to link", on: name) { message in
            message.append(header)
            message.attribute(Int(IFA_LOCAL), prefix.address.octets)
            message.attribute(Int(IFA_ADDRESS), prefix.address.octets)
        }
    }

    /// The IPv4 addresses of an interface.
    public mutating func addresses(of name: String) throws(SystemError) -> [InternetPrefix] {
        let index = UInt32(bitPattern: try link(named: name).index)
        var request = ifaddrmsg()
        request.ifa_family = UInt8(AF_INET)
        let answers = try question(Int(RTM_GETADDR), flags: Int32(NLM_F_DUMP), "list addresses") { $0.append(request) }
        var found: [InternetPrefix] = []
        for answer in answers {
            var reader = NetlinkReader(answer)
            let header = try reader.take(ifaddrmsg.self)
            guard header.ifa_index == index else { continue }
            while let attribute = try reader.attribute() {
                guard attribute.type == Int(IFA_LOCAL) else { continue }
                let address = InternetAddress(number: UInt32(bigEndian: try attribute.integer()))
                if let prefix = InternetPrefix(address, length: Int(header.ifa_prefixlen)) { found.append(prefix) }
            }
        }
        return found
    }

    /// Adds or replaces a permanent neighbour, so that its MAC address is never asked for.
    public mutating func setNeighbour(_ address: InternetAddress, at link: LinkAddress, through name: String)
        throws(SystemError)
    {
        var header = ndmsg()
        header.ndm_family = UInt8(AF_INET)
        header.ndm_ifindex = try self.link(named: name).index
        header.ndm_state = UInt16(NUD_PERMANENT)
        let flags = NLM_F_CREATE | NLM_F_REPLACE
        try order(Int(RTM_NEWNEIGH), flags: flags, "set neighbour \(address) through link", on: name) { message in
            message.append(header)
            message.attribute(Int(NDA_DST), address.octets)
            message.attribute(Int(NDA_LLADDR), link.octets)
        }
    }
}
