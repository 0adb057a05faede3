// SPDX-License-Identifier: Apache-2.0

internal import Benchmarks
internal import Experiments
internal import TelemetryFormats

/// One case of the eBPF programs' microbenchmark.
struct HostTrial {
    static let settings = ["records", "level", "count"]

    private var bench = HostBench()

    init(_ settings: SettingReader) throws {
        bench.levels = [try settings.level("level", in: ReferenceFormat.levels)]
        bench.records = [try settings.integer("records", in: 1...Shim.maximumCount, default: 3)]
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
