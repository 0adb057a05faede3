// SPDX-License-Identifier: Apache-2.0

internal import Addresses
internal import LinuxSystem
internal import Synchronization

/// A UDP echo server of several threads on one socket: requests are answered in any order, on any processor.
final class SharedEcho: Sendable {
    private let socket: DatagramSocket
    private let stopping = Atomic(false)
    private let unsent = Atomic<UInt64>(0)

    /// Requests that were received, and whose answers the kernel refused to send.
    var notAnswered: UInt64 { unsent.load(ordering: .relaxed) }

    /// In the network namespace of the calling thread.
    private init(at endpoint: Endpoint) throws(SystemError) {
        let socket = try DatagramSocket()
        try socket.bind(to: endpoint)
        try socket.setReceiveBuffer(bytes: 4 << 20)
        try socket.setReceiveTimeout(microseconds: 50_000)
        self.socket = socket
    }

    /// Runs `body` while the threads serve.
    static func with<Result>(
        _ namespace: NetworkNamespace?, at endpoint: Endpoint, threads: Int, _ body: (SharedEcho) throws -> Result
    ) throws -> Result {
        let echo = try namespace?.perform { try SharedEcho(at: endpoint) } ?? SharedEcho(at: endpoint)
        let workers = try (0..<threads).map { _ in try BackgroundThread { try echo.serve() } }
        let outcome = Swift.Result { try body(echo) }
        echo.stopping.store(true, ordering: .relaxed)
        for worker in workers { try worker.join() }
        return try outcome.get()
    }

    private func serve() throws {
        var buffer = [UInt8](repeating: 0, count: 4096)
        while !stopping.load(ordering: .relaxed) {
            var span = buffer.mutableSpan
            guard let datagram = try socket.receive(into: &span) else { continue }
            // A sender that cannot be reached does not end it: replies to floods are refused.
            do {
                try socket.send(buffer.span.extracting(first: datagram.count), to: datagram.sender)
            } catch {
                unsent.add(1, ordering: .relaxed)
            }
        }
    }
}
