// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Telemetry

struct BenchSwitch: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "switch",
        abstract: "Nanoseconds a packet in the switch's engine, without ports.",
        discussion: """
            Runs packets through parser, ingress, queue, egress and deparser on one core: a packet without telemetry, and one \
            that carries records of three hops and gets a fourth, at each level. Rounds of all cases are interleaved; the \
            median round of each is shown, and the fastest.
            """)

    @Option(help: "Packets a round.")
    var count = 100_000

    @Option(help: "Rounds of each case.")
    var rounds = 7

    @Flag(help: "Print one JSON object.")
    var json = false

    func validate() throws {
        guard (1000...10_000_000).contains(count) else { throw ValidationError("--count is from 1000 to 10000000") }
        guard (1...1000).contains(rounds) else { throw ValidationError("--rounds is from 1 to 1000") }
    }

    func run() throws {
        let installation = try Installation.find()
        var cases = [try EngineCase(installation, level: nil)]
        for level in Level.allCases { cases.append(try EngineCase(installation, level: level)) }
        var samples = [[Double]](repeating: [], count: cases.count)
        var progress = ProgressLine()
        for round in 0..<rounds {
            progress.show("round \(round + 1) of \(rounds)")
            for index in cases.indices { samples[index].append(try cases[index].nanosecondsAPacket(count)) }
        }
        progress.finish()
        let results = zip(cases, samples).map { Result($0, $1.sorted()) }
        if json {
            Terminal.print(try JSONText.line(["engine": results]))
        } else {
            for result in results { Terminal.print(result.text) }
        }
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
