// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc

/// A carrier of netlink messages: the kernel's socket, or in tests a list of requests and answers.
protocol NetlinkTransport {
    func send(_ message: [UInt8]) throws(SystemError)
    /// One datagram, which may hold several messages.
    func receive() throws(SystemError) -> [UInt8]
}

/// A netlink socket of the calling thread's network namespace.
final class NetlinkSocket: NetlinkTransport {
    private let descriptor: Descriptor
    /// The kernel's datagrams of a dump are at most 32 KiB.
    private static let capacity = 64 << 10

    enum Family {
        case route
        case generic
    }

    init(family: Family) throws(SystemError) {
        let number = try SystemCall.run("socket AF_NETLINK") {
            let netlinkProtocol = family == .route ? NETLINK_ROUTE : NETLINK_GENERIC
            return socket(AF_NETLINK, Int32(SOCK_RAW.rawValue | SOCK_CLOEXEC.rawValue), netlinkProtocol)
        }
        descriptor = Descriptor(owning: number)
        // Errors then carry the kernel's explanation. Older kernels refuse the option and send the number alone.
        set(SOL_NETLINK, option: NETLINK_EXT_ACK, to: 1)
        // The kernel answers at once; a limit makes a lost answer an error.
        var limit = timeval(tv_sec: 5, tv_usec: 0)
        unsafe setsockopt(number, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    func send(_ message: [UInt8]) throws(SystemError) {
        let number = descriptor.number
        try SystemCall.run("send on netlink") { unsafe Glibc.send(number, message, message.count, 0) }
    }

    func receive() throws(SystemError) -> [UInt8] {
        let number = descriptor.number
        while true {
            var bytes = [UInt8](repeating: 0, count: Self.capacity)
            var sender = sockaddr_nl()
            var size = socklen_t(MemoryLayout<sockaddr_nl>.size)
            let length = try SystemCall.run("receive on netlink") {
                unsafe withUnsafeMutablePointer(to: &sender) {
                    unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                        unsafe recvfrom(number, &bytes, Self.capacity, Int32(MSG_TRUNC), $0, &size)
                    }
                }
            }
            // Any process may send to this socket; only the kernel's number is 0.
            guard sender.nl_pid == 0 else { continue }
            guard length <= Self.capacity else {
                throw SystemError(call: "receive on netlink", errno: .messageTooLong, detail: "\(length) bytes")
            }
            bytes.removeLast(Self.capacity - length)
            return bytes
        }
    }

    private func set(_ level: Int32, option: Int32, to value: Int32) {
        var value = value
        unsafe setsockopt(descriptor.number, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
    }
}
