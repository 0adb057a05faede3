// SPDX-License-Identifier: Apache-2.0

internal import Addresses
internal import LinuxSystem

/// The fate of a request that was handed to the kernel.
enum SendOutcome {
    case sent
    /// No room in the socket, or no connection.
    case notSent
}

/// The client's sockets, of either protocol.
protocol RequestTransport: AnyObject {
    /// Times the other side said that nobody listens, and times it ended a connection.
    var refusals: Int { get }
    var disconnections: Int { get }

    /// Adds its descriptors, with tokens from 0.
    func join(_ epoll: borrowing Epoll) throws(SystemError)
    /// - Parameter turn: which connection, where there are several: modulo their number.
    func send(_ payload: [UInt8], turn: Int, _ epoll: borrowing Epoll) throws(SystemError) -> SendOutcome
    /// Hands over the replies that have come, after the descriptor of this token was reported.
    func receive(
        _ token: UInt64, epoll: borrowing Epoll, _ body: (ArraySlice<UInt8>) -> Void
    ) throws(SystemError)
}

/// One connected UDP socket.
final class DatagramTransport: RequestTransport {
    private let socket: DatagramSocket
    private let token: UInt64
    private var received = [UInt8](repeating: 0, count: 2048)
    private(set) var refusals = 0
    let disconnections = 0

    init(to destination: Endpoint, token: UInt64 = 0) throws(SystemError) {
        self.token = token
        socket = try DatagramSocket(overIPv6: destination.address.isIPv6)
        try socket.connect(to: destination)
        try socket.setReceiveBuffer(bytes: 4 << 20)
    }

    func join(_ epoll: borrowing Epoll) throws(SystemError) {
        try epoll.add(socket.number, for: .readable, token: token)
    }

    func send(_ payload: [UInt8], turn: Int, _ epoll: borrowing Epoll) throws(SystemError) -> SendOutcome {
        do {
            try socket.send(payload.span)
        } catch  where error.errno == .connectionRefused {
            // The refusal of an earlier request is reported at this one, which was not sent: send it again.
            refusals += 1
            try socket.send(payload.span)
        } catch  where error.errno == .noBuffers || error.errno == .wouldBlock {
            return .notSent
        }
        return .sent
    }

    func receive(
        _ token: UInt64, epoll: borrowing Epoll, _ body: (ArraySlice<UInt8>) -> Void
    ) throws(SystemError) {
        while let count = try receiveOnce() { body(received[..<count]) }
    }

    /// - Returns: the length of the datagram now in `received`; nil when none waits.
    private func receiveOnce() throws(SystemError) -> Int? {
        do {
            return try socket.receive(into: &received)?.count
        } catch  where error.errno == .connectionRefused {
            refusals += 1
            return nil
        }
    }
}
