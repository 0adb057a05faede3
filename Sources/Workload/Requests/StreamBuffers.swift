// SPDX-License-Identifier: Apache-2.0

internal import LinuxSystem

/// Bytes that have come over a connection and do not make a complete request yet.
struct IncomingStream {
    private var bytes: [UInt8] = []
    private var start = 0
    private var chunk = [UInt8](repeating: 0, count: 1 << 16)

    enum Received: Equatable {
        /// There may be more.
        case some
        case nothing
        /// The other side has ended the connection.
        case end
    }

    /// Reads what waits on the connection, once.
    mutating func receive(from socket: borrowing StreamSocket) throws(SystemError) -> Received {
        var span = chunk.mutableSpan
        guard let count = try socket.receive(into: &span) else { return .nothing }
        guard count > 0 else { return .end }
        bytes += chunk[..<count]
        return .some
    }

    /// The next complete request; nil if more bytes must come first.
    /// - Throws: EBADMSG for a length that no request has: the stream makes no sense from here on.
    mutating func next() throws(SystemError) -> ArraySlice<UInt8>? {
        let rest = bytes[start...]
        guard let length = RequestPayload.length(of: rest) else { return discardConsumed() }
        guard (RequestPayload.headerBytes(.tcp)...RequestPayload.largestInStream).contains(length) else {
            throw SystemError(call: "recv", errno: .badMessage, detail: "a request that claims \(length) bytes")
        }
        guard rest.count >= length else { return discardConsumed() }
        start += length
        return rest.prefix(length)
    }

    /// Moves the rest to the front, after all complete requests have been consumed.
    private mutating func discardConsumed() -> ArraySlice<UInt8>? {
        bytes.removeFirst(start)
        start = 0
        return nil
    }
}

/// Bytes that a connection has not taken yet.
struct OutgoingStream {
    private var bytes: [UInt8] = []

    /// More than this is not queued.
    static let limit = 4 << 20

    var isEmpty: Bool { bytes.isEmpty }
    func hasRoom(for count: Int) -> Bool { bytes.isEmpty || bytes.count + count <= Self.limit }

    /// Sends at once as far as the connection takes it, and keeps the rest.
    mutating func send(_ message: ArraySlice<UInt8>, over socket: borrowing StreamSocket) throws(SystemError) {
        let sent = bytes.isEmpty ? try socket.send(message.span) ?? 0 : 0
        bytes += message.dropFirst(sent)
    }

    /// Sends what was kept, as far as the connection takes it.
    mutating func flush(over socket: borrowing StreamSocket) throws(SystemError) {
        guard !bytes.isEmpty, let sent = try socket.send(bytes.span) else { return }
        bytes.removeFirst(sent)
    }
}
