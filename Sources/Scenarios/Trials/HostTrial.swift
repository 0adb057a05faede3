// SPDX-License-Identifier: Apache-2.0

internal import Benchmarks
internal import Experiments
internal import TelemetryFormats

/// One case of the eBPF programs' microbenchmark.
struct HostTrial {
    static let settings = ["records", "level", "count"]

    private var bench = HostBench()

    init(_ settings: SettingReader) throws {
        let level = try settings.integer("level", in: ReferenceFormat.levels, default: 2)
        bench.levels = [Level(rawValue: UInt8(level)) ?? .standard]
        bench.records = [try settings.integer("records", in: 1...20, default: 3)]
        bench.count = try settings.integer("count", in: 1000...10_000_000, default: 20_000)
    }

    func run() throws -> [Row] {
        try bench.run().map { row in
            Row(
                labels: ["program": Label(row.program)],
                values: ["ns_per_packet": row.nanoseconds, "empty_ns": row.empty, "strip_only_ns": row.floor])
        }
    }
}
