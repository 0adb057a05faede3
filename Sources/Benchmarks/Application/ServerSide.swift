// SPDX-License-Identifier: Apache-2.0

internal import Addresses
internal import BPF
internal import HostAgent
internal import LinuxSystem
internal import Workload

/// What is attached to the server's interface during one mode.
final class ServerSide {
    private let cable: BenchCable
    private let host = TelemetryHost(interface: BenchCable.interface)
    private var idle: IdlePrograms?

    init(_ cable: BenchCable) { self.cable = cable }

    func enter(_ mode: ApplicationBench.Mode) throws {
        switch mode {
        case .off: break
        case .empty: idle = try cable.server.perform { try IdlePrograms(interface: BenchCable.interface) }
        case .idle, .sampled, .sampledBreakdown, .every, .breakdown:
            _ = try cable.server.perform { try host.attach(options(of: mode)) }
        }
    }

    private func options(of mode: ApplicationBench.Mode) -> AttachOptions {
        var options = AttachOptions()
        options.breakdown = mode.hasBreakdown ? .automatic : .off
        return options
    }

    /// By the name of the programs' hook.
    func runTimes() throws -> [String: ProgramRunTime] {
        if idle != nil { return try idle!.runTimes() }
        return try cable.server.perform { try host.runTimes() }
    }

    func leave(_ mode: ApplicationBench.Mode) {
        idle = nil
        switch mode {
        case .off, .empty: break
        case .idle, .sampled, .sampledBreakdown, .every, .breakdown: _ = try? cable.server.perform { try host.detach() }
        }
    }

    /// Whether the mode was really on: that as many replies carried telemetry as should have.
    func check(_ mode: ApplicationBench.Mode, _ replies: Int) throws {
        guard replies > 0 else {
            throw BenchmarkError(.notMeasured, "no request was answered in mode '\(mode.rawValue)'")
        }
        guard mode != .off, mode != .empty else { return }
        let restored = try cable.server.perform { try host.status().restored }
        let expected = mode.sampling == 0 ? 0 : replies / Int(mode.sampling)
        guard restored >= UInt64(expected) * 9 / 10, mode.sampling > 0 || restored == 0 else {
            throw BenchmarkError(
                .notMeasured,
                "in mode '\(mode.rawValue)' \(restored) of \(replies) replies carried telemetry, not \(expected)")
        }
    }
}

/// The application: an echo server for UDP and TCP, on a processor of its own where there are two.
enum BenchServer {
    static func with<Result>(_ cable: BenchCable, _ body: () throws -> Result) throws -> Result {
        let stop = try EventDescriptor()
        let ready = try EventDescriptor()
        let (stopNumber, readyNumber) = (stop.number, ready.number)
        let signals = Signals(ready: ready)
        let thread = try BackgroundThread(in: cable.server) {
            defer { signals.ready.signal() }
            try Processor.usable().first?.pinThread()
            var server = try EchoServer(at: [Endpoint(.any, port: Port(BenchCable.port))], by: [.udp, .tcp])
            signals.ready.signal()
            try server.run(stop: stopNumber)
        }
        var epoll = try Epoll()
        try epoll.add(readyNumber, for: .readable, token: 0)
        try epoll.wait(milliseconds: 10_000) { _ in }
        let outcome = Swift.Result { try body() }
        stop.signal()
        try thread.join()
        return try outcome.get()
    }

    private final class Signals: Sendable {
        let ready: EventDescriptor

        init(ready: consuming EventDescriptor) { self.ready = ready }
    }
}
