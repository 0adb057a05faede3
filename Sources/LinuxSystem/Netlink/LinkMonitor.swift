// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc

/// What became of an interface.
public enum LinkChange: Equatable, Sendable {
    /// It is as the link says: made, renamed, set up or down, with or without a carrier, or with another MTU.
    case present(Link)
    /// It was deleted, or moved to another network namespace.
    case gone(index: Int32)
    /// The kernel had no room for every change; these are all interfaces as they are now.
    case missed([Link])
}

/// Hears of every change to the interfaces of one network namespace.
public struct LinkMonitor: ~Copyable {
    private let descriptor: Descriptor
    /// The kernel's datagrams of news are far shorter.
    private static let capacity = 32 << 10

    /// For `Epoll.add`: readable when something has changed.
    public var number: Int32 { descriptor.number }

    /// Hears of the interfaces of the calling thread's namespace from now on.
    public init() throws(SystemError) {
        descriptor = try Self.open()
    }

    private static func open() throws(SystemError) -> Descriptor {
        let number = try SystemCall.run("socket AF_NETLINK") {
            let type = SOCK_RAW.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue
            return socket(AF_NETLINK, Int32(type), NETLINK_ROUTE)
        }
        let opened = Descriptor(owning: number)
        try join(opened.number)
        return opened
    }

    private static func join(_ number: Int32) throws(SystemError) {
        var address = sockaddr_nl()
        address.nl_family = sa_family_t(AF_NETLINK)
        address.nl_groups = UInt32(RTMGRP_LINK)
        try SystemCall.run("bind netlink") {
            unsafe withUnsafePointer(to: &address) {
                unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    unsafe bind(number, $0, socklen_t(MemoryLayout<sockaddr_nl>.size))
                }
            }
        }
    }

    /// What has changed since the last call, in its order.
    public borrowing func changes() throws(SystemError) -> [LinkChange] {
        var changes: [LinkChange] = []
        do throws(SystemError) {
            while let datagram = try receive() { changes += try Self.changes(in: datagram) }
        } catch  where error.errno == .noBuffers {
            var session = try RouteSession()
            changes.append(.missed(try session.links()))
        }
        return changes
    }

    /// The changes that one datagram of the kernel reports.
    static func changes(in datagram: [UInt8]) throws(SystemError) -> [LinkChange] {
        var changes: [LinkChange] = []
        var reader = NetlinkReader(datagram[...])
        while !reader.isAtEnd {
            let header = try reader.read(nlmsghdr.self)
            let size = Int(header.nlmsg_len) - MemoryLayout<nlmsghdr>.size
            let payload = try reader.read(count: size)
            // The same group has the news of bridges about their ports, which say nothing of the interfaces.
            guard payload.first == UInt8(AF_UNSPEC) else { continue }
            switch Int(header.nlmsg_type) {
            case Int(RTM_NEWLINK): changes.append(.present(try Link(payload)))
            case Int(RTM_DELLINK): changes.append(.gone(index: try Link(payload).index))
            default: break
            }
        }
        return changes
    }

    private borrowing func receive() throws(SystemError) -> [UInt8]? {
        let number = descriptor.number
        while true {
            var bytes = [UInt8](repeating: 0, count: Self.capacity)
            var sender = sockaddr_nl()
            var size = socklen_t(MemoryLayout<sockaddr_nl>.size)
            let length = unsafe withUnsafeMutablePointer(to: &sender) {
                unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    unsafe recvfrom(number, &bytes, Self.capacity, 0, $0, &size)
                }
            }
            guard length >= 0 else {
                let errno = Errno.current
                if errno == .wouldBlock { return nil }
                if errno == .interrupted { continue }
                throw SystemError(call: "receive on netlink", errno: errno)
            }
            // Any process may send to this socket; only the kernel's number is 0.
            guard sender.nl_pid == 0 else { continue }
            bytes.removeLast(Self.capacity - length)
            return bytes
        }
    }
}
