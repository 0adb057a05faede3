// SPDX-License-Identifier: Apache-2.0

public import LinuxSystem

/// A UDP server as plain as can be: each datagram goes back to its sender as it came.
///
/// It knows nothing of telemetry; that is its point.
public struct EchoServer: ~Copyable {
    private let socket: DatagramSocket
    private var epoll: Epoll
    private var buffer = [UInt8](repeating: 0, count: 65_536)

    /// Where it listens: the port that was chosen if 0 was asked for.
    public let endpoint: IPv4Endpoint
    /// Datagrams sent back, and those the kernel refused to send.
    public private(set) var answered = 0
    public private(set) var notAnswered = 0

    private static let socketToken: UInt64 = 0
    private static let stopToken: UInt64 = 1
    /// Datagrams answered before the stop descriptor is looked at again.
    private static let batch = 64

    public init(at endpoint: IPv4Endpoint) throws(SystemError) {
        let socket = try DatagramSocket()
        try socket.bind(to: endpoint)
        try socket.setReceiveBuffer(bytes: 4 << 20)
        let epoll = try Epoll()
        try epoll.add(socket.number, for: .readable, token: Self.socketToken)
        self.endpoint = try socket.localEndpoint()
        self.socket = socket
        self.epoll = epoll
    }

    /// Answers until `stop` becomes readable.
    public mutating func run(stop: Int32) throws(SystemError) {
        try epoll.add(stop, for: .readable, token: Self.stopToken)
        var stopped = false
        while !stopped {
            try epoll.wait(milliseconds: nil) { event in stopped = stopped || event.token == Self.stopToken }
            for _ in 0..<Self.batch where try !answerOne() { break }
        }
        try epoll.remove(stop)
    }

    /// - Returns: false when no datagram waits.
    private mutating func answerOne() throws(SystemError) -> Bool {
        guard let datagram = try socket.receive(into: &buffer) else { return false }
        do {
            try socket.send(buffer.span.extracting(first: datagram.count), to: datagram.sender)
            answered += 1
        } catch {
            // A sender that cannot be reached must not end the server for the others.
            notAnswered += 1
        }
        return true
    }
}

extension DatagramSocket {
    /// Takes a datagram that has come into the start of `buffer`; nil if none waits.
    borrowing func receive(into buffer: inout [UInt8]) throws(SystemError) -> ReceivedDatagram? {
        var span = buffer.mutableSpan
        return try receive(into: &span, waits: false)
    }
}
