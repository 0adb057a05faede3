// SPDX-License-Identifier: Apache-2.0

import Documents
public import LinuxSystem
import SwitchControl

/// What goes over a switch's control socket. A command is one message, its line; an answer is messages that begin with
/// a byte of `Kind`: any number of `.output`, then `.done` or `.refused`.
enum ControlMessage {
    enum Kind: UInt8 {
        /// Lines that the command prints.
        case output = 0x6F
        case done = 0x64
        /// The reason, in place of anything done.
        case refused = 0x72
    }

    static func answer(
        to message: [UInt8], _ execute: (String) throws(InputError) -> [String]
    ) -> [[UInt8]] {
        do throws(InputError) {
            let text = try execute(String(decoding: message, as: UTF8.self)).joined(separator: "\n")
            return chunks(Array(text.utf8)) + [[Kind.done.rawValue]]
        } catch {
            return [refusal(error.message)]
        }
    }

    static func refusal(_ reason: String) -> [UInt8] {
        [Kind.refused.rawValue] + Array(reason.utf8.prefix(LocalSocket.largestMessage - 1))
    }

    private static func chunks(_ bytes: [UInt8]) -> [[UInt8]] {
        let size = LocalSocket.largestMessage - 1
        return stride(from: 0, to: bytes.count, by: size).map { start in
            [Kind.output.rawValue] + bytes[start..<min(start + size, bytes.count)]
        }
    }
}

/// A connection to a switch that runs, for its control plane.
public struct ControlConnection: ~Copyable {
    private let socket: LocalSocket
    private let path: String

    /// - Parameter path: what the switch was given as its control socket.
    public init(at path: String) throws(SystemError) {
        socket = try LocalSocket(connectingTo: path)
        self.path = path
    }

    /// Runs one line of simple_switch_CLI on the switch and waits for its end.
    /// - Returns: what it printed.
    public borrowing func run(_ command: String) throws -> String {
        let line = Array(command.utf8)
        // An empty message would end the connection.
        guard !line.isEmpty else { return "" }
        guard line.count <= LocalSocket.largestMessage else {
            let detail = "a command has \(LocalSocket.largestMessage) bytes at most"
            throw SystemError(call: "send", errno: .messageTooLong, object: path, detail: detail)
        }
        _ = try socket.send(line)
        var output: [UInt8] = []
        while let message = try socket.receive(), let kind = message.first.flatMap(ControlMessage.Kind.init) {
            switch kind {
            case .output: output += message.dropFirst()
            case .done: return String(decoding: output, as: UTF8.self)
            case .refused: throw CommandRefused(reason: String(decoding: message.dropFirst(), as: UTF8.self))
            }
        }
        throw SystemError(call: "recv", errno: .connectionReset, object: path, detail: "the switch has ended")
    }
}

/// Why a switch that runs did not do what a command says.
public struct CommandRefused: Error, Hashable, Sendable, CustomStringConvertible {
    /// What the switch answered.
    public let reason: String

    /// The reason.
    public var description: String { reason }
}
