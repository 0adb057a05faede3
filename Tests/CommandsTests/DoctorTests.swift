// SPDX-License-Identifier: Apache-2.0

import Foundation
import LinuxSystem
import Testing
import ThrowawayPlaces

@Suite struct DoctorTests {
    private struct Finding: Decodable {
        let check: String
        let state: String
        let found: String
        let advice: String
    }

    @Test(.needsRoot) func aMachineWithoutAProblemExitsWithZeroAndTellsAScript() throws {
        let outcome = try Binary.run("doctor", "--json")
        let findings = try outcome.decoded(as: [Finding].self)
        #expect(findings.contains { $0.check == "programs" && $0.state == "ok" })
        #expect(findings.allSatisfy { ["ok", "warning", "problem"].contains($0.state) && !$0.found.isEmpty })
        #expect(outcome.code == (findings.contains { $0.state == "problem" } ? 1 : 0))
    }

    /// The loopback interface of a machine is up, but the pages are read by people: no colour codes in a file.
    @Test(.needsRoot) func thePageIsAlignedAndPlainOutsideATerminal() throws {
        let outcome = try Binary.run("doctor", "--interface", "lo")
        #expect(!outcome.output.contains("\u{1b}"))
        let lines = outcome.output.split(separator: "\n")
        #expect(lines.contains { $0.hasPrefix("ok       privileges         ") })
        #expect(lines.contains { $0.contains(" segmentation       ") })
        #expect(lines.allSatisfy { $0.count <= 100 })
        #expect(lines.last?.contains(" warning, ") == true)
    }

    @Test(.needsRoot) func withoutPrivilegeThereIsAProblemAndTheExitCodeSaysSo() throws {
        // The binary may lie where nobody else may look: it is started by root, which then gives everything up.
        let directory = try TemporaryDirectory()
        var request = SpawnRequest([
            "setpriv", "--bounding-set=-all", "--inh-caps=-all", Binary.path, "doctor", "--json",
        ])
        request.output = .file(directory.path("output"))
        let child = try ChildProcess.spawn(request)
        let status = try #require(try child.wait(milliseconds: 60_000))
        #expect(status.code == 1)
        let findings = try JSONDecoder().decode([Finding].self, from: Data(directory.text("output").utf8))
        for check in ["privileges", "programs"] {
            #expect(findings.contains { $0.check == check && $0.state == "problem" && $0.advice == "run as root" })
        }
    }
}
