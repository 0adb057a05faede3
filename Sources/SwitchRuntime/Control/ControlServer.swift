// SPDX-License-Identifier: Apache-2.0

import Documents
import LinuxSystem
import SwitchControl

/// Where a running switch takes commands: a local socket whose messages are lines of simple_switch_CLI.
///
/// Each is answered by messages of what it prints and a last one that says whether it was done (`ControlMessage`). The
/// switch's own thread runs them between packets, and waits for nobody: what a client does not read stays with it.
final class ControlServer {
    /// More connections than these wait.
    private static let mostClients = 16

    private final class Client {
        let socket: LocalSocket
        /// Answers that the socket had no room for yet.
        var unsent: [[UInt8]] = []

        init(_ socket: consuming LocalSocket) { self.socket = socket }
    }

    private let listener: LocalListener
    private let firstToken: UInt64
    private var clients: [Client?] = Array(repeating: nil, count: ControlServer.mostClients)
    /// No connection could be taken, for want of descriptors or memory.
    private var isExhausted = false

    init(at path: String, firstToken: UInt64) throws(SystemError) {
        listener = try LocalListener(at: path)
        self.firstToken = firstToken
    }

    func watch(by epoll: borrowing Epoll) throws(SystemError) {
        try epoll.add(listener.number, for: .readable, token: firstToken)
    }

    /// Does what an event asks for. What fails ends the connection at most: packets go on.
    /// - Parameter execute: runs a line and gives what it prints.
    func serve(
        _ token: UInt64, by epoll: borrowing Epoll, execute: (String) throws(InputError) -> [String]
    ) {
        guard token != firstToken else { return accept(epoll) }
        let place = Int(token - firstToken) - 1
        guard let client = clients[place] else { return }
        do throws(SystemError) {
            if client.unsent.isEmpty {
                guard let answer = try Self.answer(client, execute) else { return }
                guard !answer.isEmpty else { return end(place, epoll) }
                client.unsent = answer
            }
            try sendAnswers(client, token, epoll)
        } catch {
            end(place, epoll)
        }
    }

    /// What to send for the next message: nil if none has come, nothing if the client has ended.
    private static func answer(
        _ client: Client, _ execute: (String) throws(InputError) -> [String]
    ) throws(SystemError) -> [[UInt8]]? {
        do throws(SystemError) {
            guard let message = try client.socket.receive() else { return nil }
            return message.isEmpty ? [] : ControlMessage.answer(to: message, execute)
        } catch {
            guard error.errno == .messageTooLong else { throw error }
            return [ControlMessage.refusal("a command of more than \(LocalSocket.largestMessage) bytes")]
        }
    }

    private func accept(_ epoll: borrowing Epoll) {
        do throws(SystemError) {
            guard let place = clients.firstIndex(where: { $0 == nil }) else {
                // Taken up again when a place is free.
                return try epoll.change(listener.number, to: [], token: firstToken)
            }
            guard let socket = try listener.accept() else { return }
            let client = Client(socket)
            try epoll.add(client.socket.number, for: .readable, token: firstToken + 1 + UInt64(place))
            clients[place] = client
            if isExhausted { listen(epoll) }
        } catch {
            // What waits would be reported at every turn. The next to come is tried, and with it those before it; the
            // change itself reports once more.
            guard !isExhausted else { return }
            isExhausted = true
            try? epoll.change(listener.number, to: [.readable, .edgeTriggered], token: firstToken)
        }
    }

    private func listen(_ epoll: borrowing Epoll) {
        isExhausted = false
        try? epoll.change(listener.number, to: .readable, token: firstToken)
    }

    private func sendAnswers(_ client: Client, _ token: UInt64, _ epoll: borrowing Epoll) throws(SystemError) {
        while let message = client.unsent.first {
            guard try client.socket.send(message) else {
                return try epoll.change(client.socket.number, to: .writable, token: token)
            }
            client.unsent.removeFirst()
        }
        try epoll.change(client.socket.number, to: .readable, token: token)
    }

    private func end(_ place: Int, _ epoll: borrowing Epoll) {
        guard let client = clients[place] else { return }
        // Closing does it, too.
        try? epoll.remove(client.socket.number)
        clients[place] = nil
        listen(epoll)
    }
}
