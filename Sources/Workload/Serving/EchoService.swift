// SPDX-License-Identifier: Apache-2.0

internal import Addresses
internal import LinuxSystem

/// One socket of the server, called when it has something to do.
protocol EchoService: AnyObject {
    var number: Int32 { get }
    /// The conditions that it waits for now.
    var interest: Epoll.Interest { get }
    /// Does some of what there is to do.
    /// - Returns: false when the socket has come to its end.
    func serve(_ work: inout EchoWork) throws(SystemError) -> Bool
}

/// The counts and the connections that serving a socket produces.
struct EchoWork {
    /// Requests answered, and those the kernel refused to answer.
    var answered = 0
    var notAnswered = 0
    /// Accepted connections.
    var newServices: [any EchoService] = []
}

/// Each datagram goes back to its sender unchanged.
final class DatagramEcho: EchoService {
    private let socket: DatagramSocket
    private var buffer = [UInt8](repeating: 0, count: 65_536)
    let endpoint: Endpoint

    /// Datagrams answered before others are looked at again.
    private static let batch = 64

    init(at endpoint: Endpoint) throws(SystemError) {
        socket = try DatagramSocket(overIPv6: endpoint.address.isIPv6)
        try socket.bind(to: endpoint)
        try socket.setReceiveBuffer(bytes: 4 << 20)
        self.endpoint = try socket.localEndpoint()
    }

    var number: Int32 { socket.number }
    var interest: Epoll.Interest { .readable }

    func serve(_ work: inout EchoWork) throws(SystemError) -> Bool {
        for _ in 0..<Self.batch {
            guard let datagram = try socket.receive(into: &buffer) else { break }
            do {
                try socket.send(buffer.span.extracting(first: datagram.count), to: datagram.sender)
                work.answered += 1
            } catch {
                // A sender that cannot be reached must not end the server for the others.
                work.notAnswered += 1
            }
        }
        return true
    }
}

/// Takes connections.
final class StreamListener: EchoService {
    private let socket: ListeningSocket
    let endpoint: Endpoint

    init(at endpoint: Endpoint) throws(SystemError) {
        socket = try ListeningSocket(at: endpoint)
        self.endpoint = try socket.localEndpoint()
    }

    var number: Int32 { socket.number }
    var interest: Epoll.Interest { .readable }

    func serve(_ work: inout EchoWork) throws(SystemError) -> Bool {
        do throws(SystemError) {
            while let connection = try socket.accept() { work.newServices.append(StreamEcho(connection)) }
        } catch {
            // The client has gone, or the process has too many connections: the others go on.
            work.notAnswered += 1
        }
        return true
    }
}

/// One connection: each request goes back when it is complete, by a send call of its own.
final class StreamEcho: EchoService {
    private let socket: StreamSocket
    private var incoming = IncomingStream()
    private var outgoing = OutgoingStream()

    init(_ socket: consuming StreamSocket) { self.socket = socket }

    var number: Int32 { socket.number }

    /// A client that does not read its replies is not read from either.
    var interest: Epoll.Interest { outgoing.isEmpty ? .readable : .writable }

    func serve(_ work: inout EchoWork) throws(SystemError) -> Bool {
        do throws(SystemError) {
            try outgoing.flush(over: socket)
            guard outgoing.isEmpty else { return true }
            let received = try incoming.receive(from: socket)
            while let request = try incoming.next() {
                try outgoing.send(request, over: socket)
                work.answered += 1
            }
            return received != .end
        } catch {
            // Reset, or not our protocol: the connection's end, not the server's.
            return false
        }
    }
}
