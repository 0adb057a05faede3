// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import HostAgent
import Telemetry

struct BenchHost: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "host",
        abstract: "Nanoseconds a packet in the server's eBPF programs, without a network card.",
        discussion: """
            In the kernel's own accounting, which is some 58 ns of every figure. Requests and replies alternate with runs of \
            programs that do nothing, or only strip and make room, so that all meet the same machine.
            """)

    @Option(parsing: .upToNextOption, help: "Hop records in the frames, 1 to 20.")
    var hops = [3, 9, 18]

    @Option(parsing: .upToNextOption, help: "Levels of the records, 1 to 4.")
    var level: [UInt8] = [2, 3]

    @Option(help: "Packets of each case.")
    var count = 20_000

    @Flag(help: "Print one JSON object.")
    var json = false

    func validate() throws {
        guard hops.allSatisfy((1...20).contains) else { throw ValidationError("--hops are from 1 to 20") }
        guard level.allSatisfy({ Level(rawValue: $0) != nil }) else { throw ValidationError("--level is from 1 to 4") }
        guard (1000...10_000_000).contains(count) else { throw ValidationError("--count is from 1000 to 10000000") }
    }

    func run() throws {
        var bench = HostBench()
        bench.levels = level.compactMap(Level.init)
        bench.records = hops
        bench.count = count
        let rows = try bench.run()
        if json {
            Terminal.print(try JSONText.line(["programs": rows]))
        } else {
            for row in rows { Terminal.print(Self.text(row)) }
        }
    }

    private static func text(_ row: HostBench.Row) -> String {
        "\(row.program), level \(row.level), \(row.records) records: \(row.nanoseconds.rounded(places: 0)) ns a packet; "
            + "empty program \(row.empty.rounded(places: 0)), floor \(row.floor.rounded(places: 0))"
    }
}
