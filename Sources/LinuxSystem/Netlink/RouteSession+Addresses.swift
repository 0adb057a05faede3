// SPDX-License-Identifier: Apache-2.0

public import Addresses
internal import CLinux
internal import Glibc

extension RouteSession {
    /// Adds an address and the route to its network. An IPv6 address is usable at once: the kernel does not
    /// look for a duplicate on the link.
    public mutating func addAddress(_ prefix: IPPrefix, to name: String) throws(SystemError) {
        let header = ifaddrmsg(
            ifa_family: UInt8(prefix.address.family), ifa_prefixlen: UInt8(prefix.length),
            ifa_flags: prefix.address.isIPv6 ? UInt8(IFA_F_NODAD) : 0, ifa_scope: UInt8(RT_SCOPE_UNIVERSE.rawValue),
            ifa_index: UInt32(bitPattern: try link(named: name).index))
        let flags = NLM_F_CREATE | NLM_F_EXCL
        try netlink.order(Int(RTM_NEWADDR), flags: flags, call: "add address \(prefix) to link", on: name) { message in
            message.append(header)
            message.attribute(Int(IFA_LOCAL), prefix.address.octets)
            message.attribute(Int(IFA_ADDRESS), prefix.address.octets)
        }
    }

    /// The IPv4 addresses of an interface.
    public mutating func addresses(of name: String) throws(SystemError) -> [IPPrefix] {
        let index = UInt32(bitPattern: try link(named: name).index)
        var request = ifaddrmsg()
        request.ifa_family = UInt8(AF_INET)
        let answers = try netlink.question(Int(RTM_GETADDR), flags: Int32(NLM_F_DUMP), call: "list addresses") {
            $0.append(request)
        }
        var found: [IPPrefix] = []
        for answer in answers {
            var reader = NetlinkReader(answer)
            let header = try reader.read(ifaddrmsg.self)
            guard header.ifa_index == index else { continue }
            while let attribute = try reader.attribute() {
                guard attribute.type == Int(IFA_LOCAL) else { continue }
                let address = IPv4Address(rawValue: UInt32(bigEndian: try attribute.integer()))
                if let prefix = IPPrefix(.v4(address), length: Int(header.ifa_prefixlen)) { found.append(prefix) }
            }
        }
        return found
    }

    /// Adds or replaces a permanent neighbour, so that its MAC address is never asked for.
    public mutating func setNeighbour(_ address: IPAddress, at link: MACAddress, through name: String)
        throws(SystemError)
    {
        var header = ndmsg()
        header.ndm_family = UInt8(address.family)
        header.ndm_ifindex = try self.link(named: name).index
        header.ndm_state = UInt16(NUD_PERMANENT)
        let flags = NLM_F_CREATE | NLM_F_REPLACE
        try netlink.order(Int(RTM_NEWNEIGH), flags: flags, call: "set neighbour \(address) through link", on: name) {
            message in
            message.append(header)
            message.attribute(Int(NDA_DST), address.octets)
            message.attribute(Int(NDA_LLADDR), link.octets)
        }
    }
}
