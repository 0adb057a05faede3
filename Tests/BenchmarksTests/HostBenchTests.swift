// SPDX-License-Identifier: Apache-2.0

import BPF
import HostAgent
import TelemetryFormats
import Testing
import ThrowawayPlaces

@testable import Benchmarks

@Suite(.needsRoot) struct HostBenchTests {
    /// The frames of the benchmark are ones that the programs handle: else it would measure their refusal.
    @Test func everyRoundSavesAndRestores() throws {
        let frames = BenchFrames(level: .full, records: 18)
        let programs = try HostPrograms(AttachOptions())
        let received = try programs.strip.testRun(frames.request(7)).frame
        #expect(received.count == frames.request(7).count - frames.telemetry)
        #expect(try programs.restore.testRun(frames.reply(7)).frame.count == received.count + frames.telemetry + 60)
        let counts = try programs.counts()
        #expect(counts[.xdpSaved] == 1 && counts[.tcRestored] == 1)
    }

    @Test func everyCaseIsARow() throws {
        var bench = HostBench()
        bench.levels = [.minimal, .full]
        bench.records = [1, 20]
        bench.count = 900
        let rows = try bench.run()
        #expect(rows.map(\.program) == ["xdp", "tc", "xdp", "tc", "xdp", "tc", "xdp", "tc"])
        #expect(rows.map(\.records) == [1, 1, 20, 20, 1, 1, 20, 20])
        #expect(rows.allSatisfy { $0.nanoseconds > 0 && $0.empty > 0 && $0.floor > 0 })
    }
}
