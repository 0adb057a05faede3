// SPDX-License-Identifier: Apache-2.0

public import Addresses
internal import CLinux
internal import Glibc

/// A UDP socket, in the network namespace of the thread that makes it.
public struct DatagramSocket: ~Copyable, Sendable {
    private let descriptor: Descriptor

    /// For `Epoll.add`.
    public var number: Int32 { descriptor.number }

    /// - Parameters:
    ///   - timestamps: asks the kernel for the arrival time of each datagram.
    ///   - overIPv6: of that family, and of it alone; else of IPv4.
    public init(timestamps: Bool = false, overIPv6: Bool = false) throws(SystemError) {
        let descriptor = try Descriptor.socket(SOCK_DGRAM, for: overIPv6 ? AF_INET6 : AF_INET, blocks: true)
        if timestamps { try descriptor.setOption(SOL_SOCKET, SO_TIMESTAMPNS, to: 1, call: "setsockopt SO_TIMESTAMPNS") }
        self.descriptor = descriptor
    }

    /// Closes the socket before its owner goes.
    public consuming func close() {}

    /// Receives what is sent to `endpoint`; port 0: one that the kernel chooses.
    public borrowing func bind(to endpoint: Endpoint) throws(SystemError) {
        try descriptor.bindSocket(to: endpoint)
    }

    /// Fixes the other side: sends go there, and only its datagrams are received.
    public borrowing func connect(to endpoint: Endpoint) throws(SystemError) {
        try descriptor.connectSocket(to: endpoint)
    }

    /// The address it is bound to, e.g. to learn which port was chosen.
    public borrowing func localEndpoint() throws(SystemError) -> Endpoint { try descriptor.localEndpoint() }

    /// Makes receiving give up after so long; 0: never.
    public borrowing func setReceiveTimeout(microseconds: Int) throws(SystemError) {
        let number = descriptor.number
        var time = timeval(tv_sec: microseconds / 1_000_000, tv_usec: microseconds % 1_000_000)
        try SystemCall.run("setsockopt SO_RCVTIMEO") {
            unsafe setsockopt(number, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
        }
    }

    /// Room for datagrams that wait to be received, at best this many bytes: without privilege the system may set a
    /// limit.
    public borrowing func setReceiveBuffer(bytes: Int32) throws(SystemError) {
        let number = number
        var wanted = bytes
        let size = socklen_t(MemoryLayout<Int32>.size)
        if unsafe setsockopt(number, SOL_SOCKET, SO_RCVBUFFORCE, &wanted, size) == 0 { return }
        try descriptor.setOption(SOL_SOCKET, SO_RCVBUF, to: bytes, call: "setsockopt SO_RCVBUF")
    }
}

/// A received datagram's sender, lengths and time; its bytes are in the caller's buffer.
public struct ReceivedDatagram: Equatable, Sendable {
    /// Where the datagram came from.
    public let sender: Endpoint
    /// Bytes written to the buffer.
    public let count: Int
    /// The datagram's length as sent: more than `count` if it was cut.
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

    /// Sends to any endpoint, of the socket's family.
    public borrowing func send(_ bytes: Span<UInt8>, to endpoint: Endpoint) throws(SystemError) {
        let number = descriptor.number
        var raw = endpoint.raw
        _ = try unsafe bytes.withUnsafeBytes { (bytes) throws(SystemError) in
            try SystemCall.run("sendto", on: "\(endpoint)") {
                unsafe p4ni_send_to(number, bytes.baseAddress, bytes.count, &raw)
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
        var sender = p4ni_endpoint()
        var realtime: UInt64 = 0
        let capacity = bytes.count
        let length = unsafe bytes.withUnsafeMutableBytes {
            unsafe p4ni_receive_datagram(number, $0.baseAddress, $0.count, flags, &sender, &realtime)
        }
        guard length >= 0 else {
            let errno = Errno.current
            if errno == .wouldBlock || errno == .interrupted { return nil }
            throw SystemError(call: "recvmsg", errno: errno)
        }
        return ReceivedDatagram(
            sender: Endpoint(sender), count: min(length, capacity), originalCount: length,
            timestamp: realtime == 0 ? nil : DomainClock.nanoseconds(ofRealtime: realtime))
    }
}
