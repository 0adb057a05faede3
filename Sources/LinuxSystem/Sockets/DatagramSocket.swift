// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc

/// A UDP socket over IPv4, in the network namespace of the thread that makes it.
public struct DatagramSocket: ~Copyable, Sendable {
    private let descriptor: Descriptor

    /// For `Epoll.add`.
    public var number: Int32 { descriptor.number }

    /// - Parameter timestamps: asks the kernel for the arrival time of each datagram.
    public init(timestamps: Bool = false) throws(SystemError) {
        let number = try SystemCall.run("socket AF_INET") {
            socket(AF_INET, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        }
        let descriptor = Descriptor(owning: number)
        if timestamps { try Self.set(SO_TIMESTAMPNS, to: 1, "setsockopt SO_TIMESTAMPNS", of: descriptor) }
        self.descriptor = descriptor
    }

    public consuming func close() {}

    public borrowing func bind(to endpoint: IPv4Endpoint) throws(SystemError) {
        try unsafe withAddress(of: endpoint) { (pointer, size) throws(SystemError) in
            let number = descriptor.number
            try SystemCall.run("bind", on: "\(endpoint)") { unsafe Glibc.bind(number, pointer, size) }
        }
    }

    /// Fixes the other side: sends go there, and only its datagrams are received.
    public borrowing func connect(to endpoint: IPv4Endpoint) throws(SystemError) {
        try unsafe withAddress(of: endpoint) { (pointer, size) throws(SystemError) in
            let number = descriptor.number
            try SystemCall.run("connect", on: "\(endpoint)") { unsafe Glibc.connect(number, pointer, size) }
        }
    }

    /// The address it is bound to, e.g. to learn which port was chosen.
    public borrowing func localEndpoint() throws(SystemError) -> IPv4Endpoint {
        let number = descriptor.number
        var address = sockaddr_in()
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        try SystemCall.run("getsockname") {
            unsafe withUnsafeMutablePointer(to: &address) {
                unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe getsockname(number, $0, &size) }
            }
        }
        return IPv4Endpoint(
            InternetAddress(number: UInt32(bigEndian: address.sin_addr.s_addr)),
            port: UInt16(bigEndian: address.sin_port))
    }

    /// Makes receiving give up after so long; 0: never.
    public borrowing func setReceiveTimeout(microseconds: Int) throws(SystemError) {
        let number = descriptor.number
        var time = timeval(tv_sec: microseconds / 1_000_000, tv_usec: microseconds % 1_000_000)
        try SystemCall.run("setsockopt SO_RCVTIMEO") {
            unsafe setsockopt(number, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
        }
    }

    /// Room for datagrams that wait to be received, at best this many bytes: the system may set a limit.
    public borrowing func setReceiveBuffer(bytes: Int32) throws(SystemError) {
        try Self.set(SO_RCVBUF, to: bytes, "setsockopt SO_RCVBUF", of: descriptor)
    }

    private static func set(
        _ option: Int32, to value: Int32, _ call: String, of descriptor: borrowing Descriptor
    ) throws(SystemError) {
        let number = descriptor.number
        var value = value
        try SystemCall.run(call) {
            unsafe setsockopt(number, SOL_SOCKET, option, &value, socklen_t(MemoryLayout<Int32>.size))
        }
    }

    private borrowing func withAddress<Result>(
        of endpoint: IPv4Endpoint, _ body: (UnsafePointer<sockaddr>, socklen_t) throws(SystemError) -> Result
    ) throws(SystemError) -> Result {
        let address = endpoint.socketAddress
        return try unsafe withUnsafePointer(to: address) { (pointer) throws(SystemError) in
            try unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { (pointer) throws(SystemError) in
                try unsafe body(pointer, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}

/// What came with a datagram's bytes.
public struct ReceivedDatagram: Equatable, Sendable {
    public let sender: IPv4Endpoint
    /// Bytes written to the buffer.
    public let count: Int
    /// The datagram's whole length: more than `count` if it was cut.
    public let originalCount: Int
    /// When the kernel got it, in nanoseconds of `DomainClock`; nil unless timestamps were asked for.
    public let timestamp: UInt64?
}

extension DatagramSocket {
    /// Sends to the endpoint given to `connect`. A refusal that an earlier datagram met (ECONNREFUSED) is thrown here.
    public borrowing func send(_ bytes: Span<UInt8>) throws(SystemError) {
        let number = descriptor.number
        _ = try unsafe bytes.withUnsafeBytes { (bytes) throws(SystemError) in
            try SystemCall.run("send") { unsafe Glibc.send(number, bytes.baseAddress, bytes.count, 0) }
        }
    }

    public borrowing func send(_ bytes: Span<UInt8>, to endpoint: IPv4Endpoint) throws(SystemError) {
        let number = descriptor.number
        _ = try unsafe bytes.withUnsafeBytes { (bytes) throws(SystemError) in
            try unsafe withAddress(of: endpoint) { (pointer, size) throws(SystemError) in
                try SystemCall.run("sendto", on: "\(endpoint)") {
                    unsafe sendto(number, bytes.baseAddress, bytes.count, 0, pointer, size)
                }
            }
        }
    }

    /// Waits for a datagram and writes it to the start of `bytes`.
    /// - Parameter waits: false to look only.
    /// - Returns: nil if none came within the timeout, or if a signal ended the wait.
    public borrowing func receive(
        into bytes: inout MutableSpan<UInt8>, waits: Bool = true
    ) throws(SystemError) -> ReceivedDatagram? {
        let number = descriptor.number
        let flags = waits ? 0 : Int32(MSG_DONTWAIT)
        var address: UInt32 = 0
        var port: UInt16 = 0
        var realtime: UInt64 = 0
        let capacity = bytes.count
        let length = unsafe bytes.withUnsafeMutableBytes {
            unsafe p4ni_receive_datagram(number, $0.baseAddress, $0.count, flags, &address, &port, &realtime)
        }
        guard length >= 0 else {
            let errno = Errno.current
            if errno == .wouldBlock || errno == .interrupted { return nil }
            throw SystemError(call: "recvmsg", errno: errno)
        }
        return ReceivedDatagram(
            sender: IPv4Endpoint(InternetAddress(number: address), port: port), count: min(length, capacity),
            originalCount: length, timestamp: realtime == 0 ? nil : DomainClock.nanoseconds(ofRealtime: realtime))
    }
}
