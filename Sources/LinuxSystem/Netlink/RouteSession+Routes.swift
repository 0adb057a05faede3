// SPDX-License-Identifier: Apache-2.0

internal import Addresses
internal import CLinux
internal import Glibc

/// A way to other machines through one interface.
public struct Route: Equatable, Sendable {
    /// `default`, `default (IPv6)` or an address with the length of its prefix.
    public let destination: String
    /// The largest packet the route is used with, if it states one; else the interface's MTU holds.
    public let mtu: Int?
    /// The kernel made it for an address of the interface: it leads to the machines of the same link alone.
    public let isConnected: Bool

    /// A route to a destination as the properties describe it.
    public init(destination: String, mtu: Int? = nil, isConnected: Bool = false) {
        self.destination = destination
        self.mtu = mtu
        self.isConnected = isConnected
    }
}

extension RouteSession {
    /// The unicast routes of both families through an interface, those of IPv6's link-local addresses left out.
    /// Routes over several next hops name none, and are left out too.
    public mutating func routes(through name: String) throws(SystemError) -> [Route] {
        let index = try link(named: name).index
        let answers = try netlink.question(Int(RTM_GETROUTE), flags: Int32(NLM_F_DUMP), call: "list routes") {
            $0.append(rtmsg())
        }
        var routes: [Route] = []
        for answer in answers {
            if let route = try Route(answer, through: index) { routes.append(route) }
        }
        return routes
    }
}

extension Route {
    /// nil for a route of another kind or interface.
    init?(_ payload: ArraySlice<UInt8>, through index: Int32) throws(SystemError) {
        var reader = NetlinkReader(payload)
        let header = try reader.read(rtmsg.self)
        let family = Int32(header.rtm_family)
        guard header.rtm_type == UInt8(RTN_UNICAST), family == AF_INET || family == AF_INET6 else { return nil }
        var leaves: UInt32?
        var mtu: Int?
        var address: [UInt8] = []
        while let attribute = try reader.attribute() {
            switch attribute.type {
            case Int(RTA_OIF.rawValue): leaves = try attribute.integer()
            case Int(RTA_DST.rawValue): address = Array(attribute.value)
            case Int(RTA_METRICS.rawValue): mtu = try Self.mtu(in: attribute.value)
            default: break
            }
        }
        guard leaves == UInt32(bitPattern: index), address.prefix(2) != [0xfe, 0x80] || family == AF_INET else {
            return nil
        }
        self.init(
            destination: Self.text(family, address, length: header.rtm_dst_len), mtu: mtu,
            isConnected: header.rtm_protocol == UInt8(RTPROT_KERNEL))
    }

    private static func mtu(in metrics: ArraySlice<UInt8>) throws(SystemError) -> Int? {
        var reader = NetlinkReader(metrics)
        while let metric = try reader.attribute() {
            if metric.type == Int(RTAX_MTU) { return Int(try metric.integer()) }
        }
        return nil
    }

    private static func text(_ family: Int32, _ address: [UInt8], length: UInt8) -> String {
        guard length > 0 else { return family == AF_INET ? "default" : "default (IPv6)" }
        return IPAddress(octets: address).flatMap { IPPrefix($0, length: Int(length)) }?.description ?? "/\(length)"
    }
}
