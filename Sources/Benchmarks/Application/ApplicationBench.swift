// SPDX-License-Identifier: Apache-2.0

internal import BPF
internal import HostAgent
internal import LinuxSystem
public import TelemetryFormats
public import Workload

/// The cost of telemetry to an application: requests per second and round trips of an echo server, with the same client
/// and cable in every mode.
///
/// Modes take turns in short rounds, so that all see the same machine; the medians over the rounds are reported. The
/// client keeps a number of requests on their way. It puts the telemetry in front of its requests itself, as switches
/// would, and takes it off replies: that is part of what requests with telemetry cost here.
public struct ApplicationBench: Sendable {
    /// What is attached to the server's interface, and how many requests carry telemetry.
    public enum Mode: String, Sendable, Hashable, CaseIterable {
        /// Nothing on the server's interface.
        case off
        /// Programs that do nothing: what a veth takes to give frames to XDP at all, which a network card does not.
        case empty
        /// The programs attached, no request with telemetry.
        case idle
        /// One request in a hundred with telemetry.
        case sampled
        /// Every request with telemetry.
        case every
        /// As `sampled`, with the latency breakdown as far as the kernel allows: what `host attach` does.
        case sampledBreakdown = "sampled_breakdown"
        /// As `every`, with the latency breakdown.
        case breakdown

        /// Telemetry is inserted into one request in this many; 0: into none.
        var sampling: UInt32 {
            switch self {
            case .off, .empty, .idle: 0
            case .sampled, .sampledBreakdown: 100
            case .every, .breakdown: 1
            }
        }

        var hasBreakdown: Bool { self == .breakdown || self == .sampledBreakdown }
    }

    /// One protocol in one mode: medians over the rounds.
    public struct Row: Sendable, Hashable, Encodable {
        /// `udp` or `tcp`.
        public let `protocol`: String
        /// A `Mode`'s raw value.
        public let mode: String
        /// Requests per second that were answered.
        public let requestsPerSecond: Double
        /// Median of the round trips, in microseconds.
        public let p50: Double
        /// 99th percentile of the round trips, in microseconds.
        public let p99: Double
        /// Per cent of the requests per second of mode `off` that are lost: the median over the rounds.
        public let loss: Double
        /// Processor time of server and client together, the kernel's and the programs' included: hardly disturbed by
        /// what else the machine does.
        public let processorTime: Double

        enum CodingKeys: String, CodingKey {
            case `protocol`, mode
            case requestsPerSecond = "requests_per_second"
            case p50 = "p50_us"
            case p99 = "p99_us"
            case loss = "loss_percent"
            case processorTime = "cpu_us_per_request"
        }
    }

    /// The protocols, one after the other.
    public var protocols: [TransportProtocol] = [.udp, .tcp]
    /// The level of the hop records.
    public var level = Level.standard
    /// Hop records per request.
    public var records = 3
    /// Rounds per protocol; each has every mode once.
    public var rounds = 7
    /// Of each mode in each round.
    public var seconds = 0.4
    /// Requests on their way at the same time.
    public var outstanding = 8

    /// The defaults of `bench host`.
    public init() {}

    /// Needs root.
    /// - Parameter stop: a descriptor that becomes readable when the run is to be given up.
    public func run(stop: Int32? = nil, onProgress: (String) -> Void = { _ in }) throws -> [Row] {
        try BenchCable.with { cable in
            try BenchServer.with(cable) {
                var rows: [Row] = []
                for transport in protocols { rows += try measure(transport, cable, stop, onProgress) }
                return rows
            }
        }
    }

    private func measure(
        _ transport: TransportProtocol, _ cable: BenchCable, _ stop: Int32?, _ onProgress: (String) -> Void
    ) throws -> [Row] {
        let front = BenchCable.front(level: level.rawValue, recordSize: level.recordSize, records: records)
        var inserter = try cable.client.perform {
            try TelemetryInserter(interface: BenchCable.interface, port: BenchCable.port, front: front)
        }
        let modes = try Self.modes(on: cable)
        var samples = ModeSamples()
        // The first round warms up and is not counted.
        for round in 0...rounds {
            onProgress("\(transport.rawValue), round \(round) of \(rounds)")
            // Begins with another mode each time: none always comes after the same.
            for turn in modes.indices {
                let mode = modes[(turn + round) % modes.count]
                let place = ServerSide(cable)
                try place.enter(mode)
                defer { place.leave(mode) }
                try inserter.insert(oneIn: mode.sampling)
                let before = DomainClock.processorNanoseconds()
                let report = try cable.client.perform { try load(transport, stop) }
                let spent = DomainClock.processorNanoseconds() - before
                if let stop, Readiness.isReadable(stop) { throw BenchmarkError.interrupted }
                try place.check(mode, report.replies)
                if round > 0 { samples.add(ModeSamples.Sample(report: report, processorTime: spent), to: mode) }
            }
        }
        return samples.rows(transport)
    }

    /// Without the modes of the latency breakdown where none of its programs is attached.
    private static func modes(on cable: BenchCable) throws -> [Mode] {
        let place = ServerSide(cable)
        try place.enter(.breakdown)
        defer { place.leave(.breakdown) }
        let isMeasured = try place.runTimes().keys.contains { $0 != "xdp" && $0 != "egress" }
        return Mode.allCases.filter { !$0.hasBreakdown || isMeasured }
    }

    /// What all programs cost a request, in every mode with telemetry.
    public func runRequestCosts(stop: Int32? = nil) throws -> [RequestCost] {
        try BenchCable.with { cable in
            try BenchServer.with(cable) { try protocols.flatMap { try requestCosts($0, cable, stop) } }
        }
    }

    private func requestCosts(_ transport: TransportProtocol, _ cable: BenchCable, _ stop: Int32?) throws
        -> [RequestCost]
    {
        let front = BenchCable.front(level: level.rawValue, recordSize: level.recordSize, records: records)
        var inserter = try cable.client.perform {
            try TelemetryInserter(interface: BenchCable.interface, port: BenchCable.port, front: front)
        }
        let accounting = try RunTimeAccounting()
        try inserter.insert(oneIn: 0)
        let nothing = try accounted(.empty, transport, cable, stop).runs.interface
        let empty = Double(nothing.nanoseconds) / Double(max(1, nothing.count))
        var costs: [RequestCost] = []
        for mode in try Self.modes(on: cable) where mode.sampling > 0 {
            try inserter.insert(oneIn: mode.sampling)
            let (runs, requests, time) = try accounted(mode, transport, cable, stop)
            costs.append(
                RequestCost(transport, mode, runs, empty: empty, requests: requests, processorTime: time))
        }
        _ = consume accounting
        return costs
    }

    /// Processor time in nanoseconds.
    private func accounted(
        _ mode: Mode, _ transport: TransportProtocol, _ cable: BenchCable, _ stop: Int32?
    ) throws -> (runs: ProgramRuns, requests: Int, processorTime: UInt64) {
        let place = ServerSide(cable)
        try place.enter(mode)
        defer { place.leave(mode) }
        let (before, start) = (try place.runTimes(), DomainClock.processorNanoseconds())
        let report = try cable.client.perform { try load(transport, stop) }
        let (after, spent) = (try place.runTimes(), DomainClock.processorNanoseconds() - start)
        if let stop, Readiness.isReadable(stop) { throw BenchmarkError.interrupted }
        try place.check(mode, report.replies)
        return (ProgramRuns(from: before, to: after), report.replies, spent)
    }

    private func load(_ transport: TransportProtocol, _ stop: Int32?) throws -> ClosedLoop.Report {
        // Client and server on processors of their own, where there are two.
        try Processor.usable().last?.pinThread()
        var loop = try ClosedLoop(to: BenchCable.endpoint, over: transport, outstanding: outstanding)
        return try loop.run(seconds: seconds, stop: stop)
    }
}

/// The rounds of one protocol, by mode.
private struct ModeSamples {
    struct Sample {
        let report: ClosedLoop.Report
        /// Nanoseconds.
        let processorTime: UInt64

        func roundTrip(_ percentile: Double) -> Double { Double(report.roundTrip(percentile: percentile)) / 1000 }
        var microsecondsPerRequest: Double { Double(processorTime) / 1000 / Double(max(1, report.replies)) }
    }

    private var samples: [ApplicationBench.Mode: [Sample]] = [:]

    mutating func add(_ sample: Sample, to mode: ApplicationBench.Mode) { samples[mode, default: []].append(sample) }

    func rows(_ transport: TransportProtocol) -> [ApplicationBench.Row] {
        let floor = (samples[.off] ?? []).map(\.report.requestsPerSecond)
        return ApplicationBench.Mode.allCases.compactMap { mode in
            guard let rounds = samples[mode], !rounds.isEmpty else { return nil }
            let rates = rounds.map(\.report.requestsPerSecond)
            return ApplicationBench.Row(
                protocol: transport.rawValue, mode: mode.rawValue, requestsPerSecond: rates.median.rounded(to: 0.1),
                p50: rounds.map { $0.roundTrip(50) }.median.rounded(to: 0.1),
                p99: rounds.map { $0.roundTrip(99) }.median.rounded(to: 0.1),
                loss: zip(rates, floor).map { (1 - $0 / $1) * 100 }.median.rounded(to: 0.01),
                processorTime: rounds.map(\.microsecondsPerRequest).median.rounded(to: 0.01))
        }
    }
}
