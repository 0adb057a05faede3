// SPDX-License-Identifier: Apache-2.0

public import Addresses
internal import CLinux
internal import Glibc

/// One TCP connection that never blocks, and sends what it is given at once (no delay for the sake of fuller segments).
public struct StreamSocket: ~Copyable, Sendable {
    private let descriptor: Descriptor
    /// The other side.
    public let peer: Endpoint

    /// For `Epoll.add`.
    public var number: Int32 { descriptor.number }

    /// Begins to connect, in the network namespace of the calling thread. It is writable when that is done or failed.
    public init(connectingTo peer: Endpoint) throws(SystemError) {
        let descriptor = try Descriptor.socket(SOCK_STREAM, for: peer.address.family, blocks: false)
        do throws(SystemError) { try descriptor.connectSocket(to: peer) } catch {
            guard error.errno == .inProgress else { throw error }
        }
        try self.init(descriptor, peer)
    }

    fileprivate init(_ descriptor: consuming Descriptor, _ peer: Endpoint) throws(SystemError) {
        try descriptor.setOption(Int32(IPPROTO_TCP), TCP_NODELAY, to: 1, call: "setsockopt TCP_NODELAY")
        self.descriptor = descriptor
        self.peer = peer
    }

    /// Waits until the connection is made, or throws why it is not.
    public borrowing func waitUntilConnected(milliseconds: Int32) throws(SystemError) {
        var entry = pollfd(fd: descriptor.number, events: Int16(POLLOUT), revents: 0)
        let ready = try SystemCall.run("poll") { unsafe poll(&entry, 1, milliseconds) }
        guard ready == 1 else { throw SystemError(call: "connect", errno: .timedOut, object: "\(peer)") }
        var errno: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        unsafe getsockopt(descriptor.number, SOL_SOCKET, SO_ERROR, &errno, &size)
        guard errno == 0 else { throw SystemError(call: "connect", errno: Errno(rawValue: errno), object: "\(peer)") }
    }

    /// The endpoint of this side.
    public borrowing func localEndpoint() throws(SystemError) -> Endpoint { try descriptor.localEndpoint() }

    /// - Returns: how many of the bytes were taken; nil if none for now.
    public borrowing func send(_ bytes: Span<UInt8>) throws(SystemError) -> Int? {
        let number = descriptor.number
        return try unsafe bytes.withUnsafeBytes { (bytes) throws(SystemError) in
            try SystemCall.runUnlessBlocking("send") {
                unsafe Glibc.send(number, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
            }
        }
    }

    /// - Returns: how many bytes were written to the start of `bytes`, 0 when the other side has ended; nil if none
    ///   wait.
    public borrowing func receive(into bytes: inout MutableSpan<UInt8>) throws(SystemError) -> Int? {
        let number = descriptor.number
        return try unsafe bytes.withUnsafeMutableBytes { (bytes) throws(SystemError) in
            try SystemCall.runUnlessBlocking("recv") {
                unsafe Glibc.recv(number, bytes.baseAddress, bytes.count, 0)
            }
        }
    }
}

/// A TCP socket that takes connections.
public struct ListeningSocket: ~Copyable, Sendable {
    private let descriptor: Descriptor

    /// For `Epoll.add`.
    public var number: Int32 { descriptor.number }

    /// In the network namespace of the calling thread.
    public init(at endpoint: Endpoint) throws(SystemError) {
        let descriptor = try Descriptor.socket(SOCK_STREAM, for: endpoint.address.family, blocks: false)
        // Connections that a server before this one left in TIME_WAIT do not prevent this one from listening.
        try descriptor.setOption(SOL_SOCKET, SO_REUSEADDR, to: 1, call: "setsockopt SO_REUSEADDR")
        try descriptor.bindSocket(to: endpoint)
        let number = descriptor.number
        try SystemCall.run("listen", on: "\(endpoint)") { listen(number, 1024) }
        self.descriptor = descriptor
    }

    /// The endpoint that it listens at, for example to learn which port was chosen.
    public borrowing func localEndpoint() throws(SystemError) -> Endpoint { try descriptor.localEndpoint() }

    /// - Returns: nil if no connection waits.
    public borrowing func accept() throws(SystemError) -> StreamSocket? {
        let number = descriptor.number
        var peer = p4ni_endpoint()
        let connection = try SystemCall.runUnlessBlocking("accept") { unsafe p4ni_accept(number, &peer) }
        guard let connection else { return nil }
        return try StreamSocket(Descriptor(owning: connection), Endpoint(peer))
    }
}
