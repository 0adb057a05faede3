// SPDX-License-Identifier: Apache-2.0

import HostAgent
import LinuxSystem
import TelemetryFormats
import Testing
import ThrowawayPlaces

@testable import Benchmarks

@Suite(.serialized, .needsRoot) struct LiveProgramBenchTests {
    @Test func everyProgramHasPackets() throws {
        var bench = LiveProgramBench()
        bench.level = .full
        bench.records = 18
        bench.rate = 20_000
        bench.count = 1000
        let rows = try bench.runOnOwnCable()
        #expect(rows.map(\.program) == ["xdp", "tc"])
        #expect(rows.allSatisfy { $0.nanoseconds > 0 && $0.empty > 0 && $0.floor > 0 && $0.mode == "live" }, "\(rows)")
    }

    @Test func anInterfaceWhereNothingArrivesIsNamed() throws {
        try withNamespaces(2) { namespaces in
            try connect(VethEnd("end", in: namespaces[0]), VethEnd("end", in: namespaces[1]))
            let error = #expect(throws: BenchmarkError.self) {
                try namespaces[0].perform { _ = try LiveProgramBench().run(on: "end") }
            }
            #expect(error?.code == .noPeer)
            #expect(error?.description.contains("'end'") == true)
        }
    }
}
