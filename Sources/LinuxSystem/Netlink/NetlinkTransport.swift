// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc

/// What carries netlink messages: the kernel's socket, or in tests a list of what is asked and answered.
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

    init(_ family: Int32 = NETLINK_ROUTE) throws(SystemError) {
        let number = try SystemCall.run("socket AF_NETLINK") {
            socket(AF_NETLINK, Int32(SOCK_RAW.rawValue | SOCK_CLOEXEC.rawValue), family)
        }
        descriptor = Descriptor(owning: number)
        // Errors then carry a sentence of the kernel's. Older kernels refuse, and answer with the number alone.
        set(SOL_NETLINK, NETLINK_EXT_ACK, 1)
        // The kernel answers at once; a limit makes a lost answer an error.
        var limit = timeval(tv_sec: 5, tv_usec: 0)
        unsafe setsockopt(number, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    func send(_ message: [UInt8]) throws(SystemError) {
        let number = descriptor.number
        try SystemCall.run("send on rtnetlink") { unsafe Glibc.send(number, message, message.count, 0) }
    }

    func receive() throws(SystemError) -> [UInt8] {
        let number = descriptor.number
        while true {
            var bytes = [UInt8](repeating: 0, count: Self.capacity)
            var sender = sockaddr_nl()
            var size = socklen_t(MemoryLayout<sockaddr_nl>.size)
            let length = try SystemCall.run("receive on rtnetlink") {
                unsafe withUnsafeMutablePointer(to: &sender) {
                    unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                        unsafe recvfrom(number, &bytes, Self.capacity, Int32(MSG_TRUNC), $0, &size)
                    }
                }
            }
            // Any process may send to this socket; only the kernel's number is 0.
            guard sender.nl_pid == 0 else { continue }
            guard length <= Self.capacity else {
                throw SystemError(call: "receive on rtnetlink", errno: .messageTooLong, detail: "\(length) bytes")
            }
            bytes.removeLast(Self.capacity - length)
            return bytes
        }
    }

    private func set(_ level: Int32, _ option: Int32, _ value: Int32) {
        var value = value
        unsafe setsockopt(descriptor.number, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
    }
}
