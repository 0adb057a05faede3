// SPDX-License-Identifier: Apache-2.0

public import Addresses
internal import CLinux
internal import Glibc

/// An interface as the kernel lists it.
public struct Link: Equatable, Sendable {
    /// The kernel's number of the interface, unique in its namespace.
    public let index: Int32
    /// Up to 15 bytes.
    public let name: String
    /// The Ethernet address; nil for interfaces without one, such as tunnels.
    public let address: MACAddress?
    /// Bytes of the largest packet, Ethernet header not counted.
    public let mtu: Int
    /// Set up by its administrator.
    public let isUp: Bool
    /// Set up, and so is what it leads to.
    public let isRunning: Bool
}

/// One end of a veth pair to be made.
public struct VethEnd: Sendable {
    /// Name of the interface, 1 to 15 bytes.
    public var name: String
    /// Where the end is put.
    public var namespace: NetworkNamespace
    /// nil: the kernel chooses one at random.
    public var address: MACAddress?
    /// The largest packet in bytes, Ethernet header not counted; nil: 1500.
    public var mtu: Int?

    /// An end that is made by `createVethPair`.
    public init(_ name: String, in namespace: NetworkNamespace, address: MACAddress? = nil, mtu: Int? = nil) {
        self.name = name
        self.namespace = namespace
        self.address = address
        self.mtu = mtu
    }
}

extension RouteSession {
    /// Makes a pair with each end in its namespace and set down. Neither is ever seen elsewhere.
    public mutating func createVethPair(_ first: VethEnd, _ second: VethEnd) throws(SystemError) {
        for end in [first, second] { try Self.checkName(end.name) }
        let firstPlace = try first.namespace.open()
        let secondPlace = try second.namespace.open()
        try createVethPair(first, place: firstPlace.number, second, place: secondPlace.number)
    }

    mutating func createVethPair(_ first: VethEnd, place: Int32, _ second: VethEnd, place secondPlace: Int32)
        throws(SystemError)
    {
        let object = "\(first.namespace.name)/\(first.name)"
        try netlink.order(Int(RTM_NEWLINK), flags: NLM_F_CREATE | NLM_F_EXCL, call: "create veth pair", on: object) {
            message in
            message.append(ifinfomsg())
            Self.write(first, place: place, into: &message)
            message.nested(Int(IFLA_LINKINFO)) { info in
                info.attribute(Int(IFLA_INFO_KIND), "veth")
                info.nested(Int(IFLA_INFO_DATA)) { data in
                    data.nested(Int(VETH_INFO_PEER)) { peer in
                        peer.append(ifinfomsg())
                        Self.write(second, place: secondPlace, into: &peer)
                    }
                }
            }
        }
    }

    private static func write(_ end: VethEnd, place: Int32, into message: inout NetlinkWriter) {
        message.attribute(Int(IFLA_IFNAME), end.name)
        message.attribute(Int(IFLA_NET_NS_FD), value: UInt32(bitPattern: place))
        if let address = end.address { message.attribute(Int(IFLA_ADDRESS), address.octets) }
        if let mtu = end.mtu { message.attribute(Int(IFLA_MTU), value: UInt32(clamping: mtu)) }
    }

    /// All interfaces, in the kernel's order.
    public mutating func links() throws(SystemError) -> [Link] {
        let answers = try netlink.question(Int(RTM_GETLINK), flags: Int32(NLM_F_DUMP), call: "list links") {
            $0.append(ifinfomsg())
        }
        var links: [Link] = []
        for answer in answers { links.append(try Link(answer)) }
        return links
    }

    /// The interface of this name.
    /// - Throws: `noDevice` if no interface has it.
    public mutating func link(named name: String) throws(SystemError) -> Link {
        try Self.checkName(name)
        let answers = try netlink.question(Int(RTM_GETLINK), call: "look up link", on: name) { message in
            message.append(ifinfomsg())
            message.attribute(Int(IFLA_IFNAME), name)
        }
        guard let answer = answers.first else {
            throw SystemError(call: "look up link", errno: .badMessage, object: name, detail: "no answer")
        }
        return try Link(answer)
    }

    /// Sets an interface up, or down.
    public mutating func setUp(_ name: String, _ up: Bool = true) throws(SystemError) {
        var message = ifinfomsg()
        message.ifi_index = try link(named: name).index
        message.ifi_flags = up ? UInt32(IFF_UP) : 0
        message.ifi_change = UInt32(IFF_UP)
        try netlink.order(Int(RTM_NEWLINK), call: up ? "set link up" : "set link down", on: name) { $0.append(message) }
    }

    /// Deletes an interface; a veth's other end goes with it.
    public mutating func delete(_ name: String) throws(SystemError) {
        var message = ifinfomsg()
        message.ifi_index = try link(named: name).index
        try netlink.order(Int(RTM_DELLINK), call: "delete link", on: name) { $0.append(message) }
    }

    /// The kernel's own rule (dev_valid_name), in words instead of EINVAL.
    static func checkName(_ name: String) throws(SystemError) {
        let bytes = name.utf8
        let separators: Set<UInt8> = [UInt8(ascii: "/"), UInt8(ascii: ":")]
        guard (1..<Int(IFNAMSIZ)).contains(bytes.count), name != ".", name != "..",
            bytes.allSatisfy({ $0 > 32 && $0 != 127 && !separators.contains($0) })
        else {
            throw SystemError(
                call: "name link", errno: .invalidArgument, object: name,
                detail: "1 to 15 bytes, without blanks, '/' and ':'")
        }
    }
}

extension Link {
    init(_ payload: ArraySlice<UInt8>) throws(SystemError) {
        var reader = NetlinkReader(payload)
        let header = try reader.read(ifinfomsg.self)
        var name = ""
        var address: MACAddress?
        var mtu = 0
        while let attribute = try reader.attribute() {
            switch attribute.type {
            case Int(IFLA_IFNAME): name = attribute.text
            case Int(IFLA_ADDRESS): address = MACAddress(octets: Array(attribute.value))
            case Int(IFLA_MTU): mtu = Int(try attribute.integer())
            default: break
            }
        }
        self.init(
            index: header.ifi_index, name: name, address: address, mtu: mtu,
            isUp: header.ifi_flags & UInt32(IFF_UP) != 0, isRunning: header.ifi_flags & UInt32(IFF_RUNNING) != 0)
    }
}

extension RouteSession {
    /// How many segments TCP may hand to the interface as one packet, to be cut later (`gso_max_segs`).
    public mutating func segmentLimit(of name: String) throws(SystemError) -> Int {
        let index = try link(named: name).index
        var request = ifinfomsg()
        request.ifi_index = index
        let answers = try netlink.question(Int(RTM_GETLINK), call: "look up link", on: name) { $0.append(request) }
        guard let answer = answers.first else {
            throw SystemError(call: "look up link", errno: .badMessage, object: name, detail: "no answer")
        }
        var reader = NetlinkReader(answer)
        _ = try reader.read(ifinfomsg.self)
        while let attribute = try reader.attribute() {
            if attribute.type == Int(IFLA_GSO_MAX_SEGS) { return Int(try attribute.integer()) }
        }
        throw SystemError(call: "look up link", errno: .badMessage, object: name, detail: "no gso_max_segs")
    }

    /// With 1, TCP makes its segments itself. Turning segmentation offloads off does not do that: TCP then still
    /// hands over packets of many segments, which the kernel cuts after the hooks of TC.
    public mutating func setSegmentLimit(_ segments: Int, of name: String) throws(SystemError) {
        var request = ifinfomsg()
        request.ifi_index = try link(named: name).index
        try netlink.order(Int(RTM_NEWLINK), call: "set gso_max_segs of link", on: name) { message in
            message.append(request)
            message.attribute(Int(IFLA_GSO_MAX_SEGS), value: UInt32(clamping: segments))
        }
    }
}
