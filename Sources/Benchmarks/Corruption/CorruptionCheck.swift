// SPDX-License-Identifier: Apache-2.0

internal import Addresses
internal import HostAgent
internal import LinuxSystem
internal import Synchronization
public import TelemetryFormats
public import Workload

/// Whether a reply ever carries a wrong byte of telemetry, when many requests wait at once and several processors
/// handle them.
public struct CorruptionCheck: Sendable {
    /// What came of the replies.
    public struct Outcome: Sendable, Hashable {
        /// Replies with telemetry whose every byte was right.
        public internal(set) var correct = 0
        /// Replies with telemetry that is not their request's, byte for byte.
        public internal(set) var corrupt = 0
        /// Replies without telemetry.
        public internal(set) var plain = 0
        /// Requests without a reply.
        public internal(set) var lost = 0
        /// Where the cable and its ends lost frames, whoever's they were: `sender`, `interfaces`, `server_socket`,
        /// `server`, `ring`. Places that lost none are left out.
        public internal(set) var lostFrames: [String: UInt64] = [:]
        /// Requests whose saved telemetry gave way to that of newer ones.
        public internal(set) var evicted: UInt64 = 0
        /// Requests whose telemetry found no slot, and replies whose telemetry was not written.
        public internal(set) var refused: UInt64 = 0

        /// Nothing counted yet.
        public init() {}

        /// All replies that were checked.
        public var replies: Int { correct + corrupt + plain }

        /// Adds the counts of another run.
        public mutating func add(_ other: Outcome) {
            correct += other.correct
            corrupt += other.corrupt
            plain += other.plain
            lost += other.lost
            lostFrames.merge(other.lostFrames, uniquingKeysWith: +)
        }

        mutating func addLostFrames(_ count: UInt64, at place: String) {
            if count > 0 { lostFrames[place, default: 0] += count }
        }
    }

    /// Replies to check.
    public var replies = 1_000_000
    /// The protocol of the requests.
    public var transport = TransportProtocol.udp
    /// Hop records per request.
    public var records = 18
    /// One of those whose records say what follows them, 1 to 4.
    public var level = Level.full
    /// Requests on their way at once, over all senders.
    public var outstanding = 16
    /// Threads that send and check, and, of UDP, as many that answer.
    public var threads = 2
    /// Requests that the host's store is made for.
    public var maximumRequests = AttachOptions.defaultMaximumRequests

    /// The defaults of `bench host`.
    public init() {}

    /// Needs root.
    /// - Parameter stop: a descriptor that becomes readable when the run is to be given up.
    public func run(stop: Int32? = nil, onProgress: @escaping @Sendable (Int) -> Void = { _ in }) throws -> Outcome {
        try BenchCable.with { cable in
            var options = AttachOptions()
            options.maximumRequests = maximumRequests
            let host = TelemetryHost(interface: BenchCable.interface)
            _ = try cable.server.perform { try host.attach(options) }
            defer { _ = try? cable.server.perform { try host.detach() } }
            var outcome = try withServer(cable) { try check(cable, stop, onProgress) }
            if let stop, Readiness.isReadable(stop) { throw BenchmarkError.interrupted }
            let status = try cable.server.perform { try host.status() }
            outcome.evicted = status.evicted
            outcome.refused = status.counts[.xdpNotKept] + status.counts[.tcNotStored]
            for end in [cable.client, cable.server] {
                let counters = try LossCounters(of: end)
                outcome.addLostFrames(counters.interfaces, at: "interfaces")
                outcome.addLostFrames(counters.socketFull + counters.damaged, at: "server_socket")
            }
            return outcome
        }
    }

    private func withServer(_ cable: BenchCable, _ body: () throws -> Outcome) throws -> Outcome {
        guard transport == .tcp else {
            let endpoint = Endpoint(.any, port: Port(BenchCable.port))
            return try SharedEcho.with(cable.server, at: endpoint, threads: threads) { echo in
                var outcome = try body()
                outcome.addLostFrames(echo.notAnswered, at: "server")
                return outcome
            }
        }
        var route = try RouteSession(in: cable.server)
        if let link = MACAddress(octets: BenchCable.clientLink) {
            try route.setNeighbour(.v4(KnownConnection.address), at: link, through: BenchCable.interface)
        }
        return try BenchServer.with(cable, body)
    }

    private func check(
        _ cable: BenchCable, _ stop: Int32?, _ onProgress: @escaping @Sendable (Int) -> Void
    ) throws -> Outcome {
        let done = Progress(onProgress)
        let checkers = try (0..<threads).map { number in
            try BackgroundThread(in: cable.client) { [self] in
                let outstanding = max(1, outstanding / threads)
                guard transport == .udp else {
                    var checker = try StreamChecker(
                        number: number, of: threads, level: level, records: records, connections: outstanding)
                    return try checker.run(replies / threads, stop: stop) { done.add($0) }
                }
                var checker = try ReplyChecker(
                    port: UInt16(40_000 + number), of: 40_000..<40_000 + UInt16(threads), level: level,
                    records: records, outstanding: outstanding)
                return try checker.run(replies / threads, stop: stop) { done.add($0) }
            }
        }
        var outcome = Outcome()
        for checker in checkers { outcome.add(try checker.join()) }
        return outcome
    }

    /// Replies checked by all threads.
    private final class Progress: Sendable {
        private let count = Atomic(0)
        private let onProgress: @Sendable (Int) -> Void

        init(_ onProgress: @escaping @Sendable (Int) -> Void) { self.onProgress = onProgress }

        func add(_ more: Int) { onProgress(count.add(more, ordering: .relaxed).newValue) }
    }
}
