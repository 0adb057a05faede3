// SPDX-License-Identifier: Apache-2.0

internal import Addresses
internal import LinuxSystem

/// TCP connections that requests take turns on, kept open from the first to the last. One that ends is made again.
final class StreamTransport: RequestTransport {
    private let destination: Endpoint
    /// nil: lost.
    private var connections: [ClientConnection?]
    /// When each was lost last (CLOCK_MONOTONIC).
    private var lostAt: [UInt64]
    private(set) var refusals = 0
    private(set) var disconnections = 0

    /// How long the first connections may take, in milliseconds, and how long a lost one is not made again, in
    /// nanoseconds.
    private static let timeout: Int32 = 5000
    private static let pause: UInt64 = 100_000_000

    /// Returns when all stand, so that no request pays for a handshake.
    init(to destination: Endpoint, connections count: Int) throws(SystemError) {
        var made: [ClientConnection] = []
        for _ in 0..<count { made.append(try ClientConnection(to: destination)) }
        for connection in made { try connection.waitUntilConnected(milliseconds: Self.timeout) }
        self.destination = destination
        connections = made
        lostAt = [UInt64](repeating: 0, count: count)
    }

    func join(_ epoll: borrowing Epoll) throws(SystemError) {
        for (token, connection) in connections.enumerated() { try connection?.join(epoll, token: UInt64(token)) }
    }

    func send(_ payload: [UInt8], turn: Int, _ epoll: borrowing Epoll) throws(SystemError) -> SendOutcome {
        let index = turn % connections.count
        do throws(SystemError) {
            let standing = connections[index]
            guard let connection = try standing == nil ? remake(index, epoll) : standing else { return .notSent }
            return try connection.send(payload, epoll) ? .sent : .notSent
        } catch {
            lose(index, error)
            return .notSent
        }
    }

    func receive(
        _ token: UInt64, epoll: borrowing Epoll, _ body: (ArraySlice<UInt8>) -> Void
    ) throws(SystemError) {
        let index = Int(token)
        // An event of a connection that this round has lost already.
        guard let connection = connections[index] else { return }
        do {
            if try !connection.receive(epoll, body) { lose(index, nil) }
        } catch {
            lose(index, error)
        }
    }

    /// Begins a new connection in a lost one's place, unless that was lost just now.
    private func remake(_ index: Int, _ epoll: borrowing Epoll) throws(SystemError) -> ClientConnection? {
        guard DomainClock.monotonicNanoseconds() - lostAt[index] > Self.pause else { return nil }
        let connection = try ClientConnection(to: destination)
        try connection.join(epoll, token: UInt64(index))
        connections[index] = connection
        return connection
    }

    /// Closing the socket takes it out of the epoll.
    private func lose(_ index: Int, _ reason: SystemError?) {
        if reason?.errno == .connectionRefused { refusals += 1 } else { disconnections += 1 }
        connections[index] = nil
        lostAt[index] = DomainClock.monotonicNanoseconds()
    }
}

/// One connection and what is on its way in both directions.
private final class ClientConnection {
    private let socket: StreamSocket
    private var incoming = IncomingStream()
    private var outgoing = OutgoingStream()
    private var token: UInt64 = 0
    private var watched: Epoll.Interest = [.readable, .writable]

    /// Begins to connect.
    init(to destination: Endpoint) throws(SystemError) {
        socket = try StreamSocket(connectingTo: destination)
    }

    func waitUntilConnected(milliseconds: Int32) throws(SystemError) {
        try socket.waitUntilConnected(milliseconds: milliseconds)
    }

    func join(_ epoll: borrowing Epoll, token: UInt64) throws(SystemError) {
        self.token = token
        try epoll.add(socket.number, for: watched, token: token)
    }

    /// - Returns: false when too much waits to be sent already.
    func send(_ payload: [UInt8], _ epoll: borrowing Epoll) throws(SystemError) -> Bool {
        guard outgoing.hasRoom(for: payload.count) else { return false }
        try outgoing.send(payload[...], over: socket)
        try watch(epoll)
        return true
    }

    /// - Returns: false when the other side has ended the connection.
    func receive(_ epoll: borrowing Epoll, _ body: (ArraySlice<UInt8>) -> Void) throws(SystemError) -> Bool {
        try outgoing.flush(over: socket)
        try watch(epoll)
        while true {
            let received = try incoming.receive(from: socket)
            while let reply = try incoming.next() { body(reply) }
            if received != .some { return received == .nothing }
        }
    }

    /// Being writable is news only for bytes that wait.
    private func watch(_ epoll: borrowing Epoll) throws(SystemError) {
        let wanted: Epoll.Interest = outgoing.isEmpty ? .readable : [.readable, .writable]
        guard wanted != watched else { return }
        try epoll.change(socket.number, to: wanted, token: token)
        watched = wanted
    }
}
