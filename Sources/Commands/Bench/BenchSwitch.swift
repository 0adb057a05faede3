// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import LinuxSystem
import Telemetry

struct BenchSwitch: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "switch",
        abstract: "What a packet costs the switch: in its engine alone, and between real interfaces.",
        discussion: """
            Engine: runs packets through parser, ingress, queue, egress and deparser on one core: basic IPv4 forwarding \
            (p4/examples/basic.p4); and with INT.p4 a packet without telemetry, and one that carries records of three hops \
            and gets a fourth, at each level. Rounds of all cases are interleaved; the \
            median round of each is shown, and the fastest.

            Ports (needs root): a switch between veth pairs, in network namespaces made for it, that puts level 3 telemetry on \
            every packet of one flow, beside a forwarder that looks at nothing; latency from the kernel's times of a frame \
            before and behind the switch; links of 1 and 1000 Mbit/s; ten switches that have nothing to do. About a minute.
            """)

    @Option(help: "Packets a round.")
    var count = 5000

    @Option(help: "Rounds of each case.")
    var rounds = 101

    @Option(help: "Rounds of each size of frames between interfaces.")
    var portRounds = 7

    @Flag(help: "Leave out what needs interfaces.")
    var engineOnly = false

    @Flag(help: "Leave out the engine alone.")
    var portsOnly = false

    @Flag(help: "Print one JSON object.")
    var json = false

    func validate() throws {
        guard (1000...10_000_000).contains(count) else { throw ValidationError("--count is from 1000 to 10000000") }
        guard (1...1000).contains(rounds) else { throw ValidationError("--rounds is from 1 to 1000") }
        guard (1...100).contains(portRounds) else { throw ValidationError("--port-rounds is from 1 to 100") }
        guard !(engineOnly && portsOnly) else { throw ValidationError("--engine-only and --ports-only leave nothing") }
    }

    func run() throws {
        let signals = try SignalDescriptor([.interrupt, .terminate])
        let installation = try Installation.find()
        var progress = ProgressLine()
        var report = Report()
        defer { progress.finish() }
        do {
            if !portsOnly { report.engine = try engine(installation, &progress, until: signals.number) }
            if !engineOnly { report.ports = try ports(installation, &progress, until: signals.number) }
        } catch  where Readiness.isReadable(signals.number) {
            Terminal.say("interrupted")
            throw ExitCode(130)
        }
        progress.finish()
        if json {
            Terminal.print(try JSONText.line(report))
        } else {
            for line in report.lines { Terminal.print(line) }
        }
    }

    private func engine(
        _ installation: Installation, _ progress: inout ProgressLine, until interruption: Int32
    ) throws -> [Result] {
        var cases = [try EngineCase(basic: installation), try EngineCase(installation, level: nil)]
        for level in Level.allCases { cases.append(try EngineCase(installation, level: level)) }
        var samples = [[Double]](repeating: [], count: cases.count)
        for round in 0..<rounds {
            progress.show("engine, round \(round + 1) of \(rounds)")
            for index in cases.indices {
                if Readiness.isReadable(interruption) { throw CommandError("interrupted") }
                samples[index].append(try cases[index].nanosecondsAPacket(count))
            }
        }
        return zip(cases, samples).map { Result($0, $1.sorted()) }
    }

    private func ports(
        _ installation: Installation, _ progress: inout ProgressLine, until interruption: Int32
    ) throws -> PortsReport {
        let bench = try PortsBench(installation, rounds: portRounds, interruption: interruption)
        return try PortsReport(bench) { progress.show($0) }
    }

    /// What was measured; the engine's rows and the ports' are parts of one object.
    struct Report: Encodable {
        var engine: [Result]?
        var ports: PortsReport?

        enum CodingKeys: String, CodingKey {
            case engine
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encodeIfPresent(engine, forKey: .engine)
            try ports?.encode(to: encoder)
        }

        var lines: [String] { (engine ?? []).map(\.text) + (ports?.lines ?? []) }
    }

    struct Result: Encodable {
        let program: String
        let level: UInt8?
        let median: Double
        let fastest: Double

        enum CodingKeys: String, CodingKey {
            case program, level
            case median = "ns_per_packet"
            case fastest = "fastest_ns_per_packet"
        }

        /// A packet without telemetry has the level null.
        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(program, forKey: .program)
            try container.encode(level, forKey: .level)
            try container.encode(median, forKey: .median)
            try container.encode(fastest, forKey: .fastest)
        }

        init(_ measured: EngineCase, _ sorted: [Double]) {
            program = measured.name
            level = measured.level?.rawValue
            median = sorted[sorted.count / 2].rounded(places: 1)
            fastest = sorted[0].rounded(places: 1)
        }

        var text: String {
            let label = level.map { "\(program), level \($0) transit of 3 records" } ?? "\(program), no telemetry"
            return "\(label): \(median) ns a packet, fastest round \(fastest)"
        }
    }
}
