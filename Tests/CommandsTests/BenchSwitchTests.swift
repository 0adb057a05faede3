// SPDX-License-Identifier: Apache-2.0

import LinuxSystem
import Testing
import ThrowawayPlaces

@Suite struct BenchSwitchTests {
    private struct Report: Decodable {
        struct Ports: Decodable {
            let frame_bytes: Int
            let program: String
            let pps: Double
            let bare_pps: Double
            let loss: Double
        }

        struct Latency: Decodable {
            let p50: Double
            let p99: Double
        }

        struct Rate: Decodable {
            let mbit: Double
            let measured: Double
        }

        let ports: [Ports]
        let latency_us: Latency
        let traffic_manager: [Rate]
        let idle_cpu_percent: Double
        let memory_mb: Double
    }

    /// What is measured depends on the machine and who else uses it; that it was measured does not.
    @Test(.needsRoot) func thePortsArePutThroughEverything() throws {
        let outcome = try Binary.run("bench", "switch", "--ports-only", "--port-rounds", "1", "--json")
        #expect(outcome.code == 0, "\(outcome.errors)")
        let report = try outcome.decoded(as: Report.self)
        #expect(report.ports.map(\.frame_bytes) == [64, 1400])
        #expect(report.ports.allSatisfy { $0.program == "INT.p4" && $0.pps > 0 && $0.bare_pps > 0 })
        #expect(report.ports.allSatisfy { (0...1).contains($0.loss) })
        #expect(report.latency_us.p50 > 0 && report.latency_us.p50 <= report.latency_us.p99)
        #expect(report.traffic_manager.map(\.mbit) == [1, 1000])
        #expect(report.traffic_manager.allSatisfy { $0.measured > 0 && $0.measured < $0.mbit * 1.05 })
        #expect(report.idle_cpu_percent >= 0 && report.memory_mb > 1)
    }

    @Test(.needsRoot) func itsNamespacesGoWhenItIsInterrupted() throws {
        let directory = try TemporaryDirectory()
        let before = Set(NetworkNamespace.all().map(\.name))
        let child = try Binary.start(["bench", "switch", "--ports-only"], in: directory)
        var made: [NetworkNamespace] = []
        for _ in 0..<400 where made.count < 3 {
            made = NetworkNamespace.all().filter {
                $0.name.hasPrefix("p4ni-bench-\(child.id)-") && !before.contains($0.name)
            }
            _ = try child.wait(milliseconds: 50)
        }
        #expect(made.count == 3)
        child.send(.interrupt)
        let outcome = try #require(try child.wait(milliseconds: 60_000))
        #expect(outcome.code == 130)
        #expect(made.allSatisfy { !$0.exists })
        #expect(directory.text("errors").contains("interrupted"))
    }
}
