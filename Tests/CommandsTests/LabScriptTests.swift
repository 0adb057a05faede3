// SPDX-License-Identifier: Apache-2.0

import Foundation
import LinuxSystem
import Testing
import ThrowawayPlaces

/// `run FILE`, and `control` of the switches of a lab.
@Suite(.serialized, .needsRoot) struct LabScriptTests {
    @Test func whatIsWrongIsNamedByFileAndLineAndTheRestIsRun() throws {
        let lab = try PrivateTopology()
        let directory = try TemporaryDirectory()
        let script = try directory.write(
            "# lines\nh1 true\nh9 ls\n\nlunch\nh1 false\nsource \(directory.path("none"))\nh1\nsh echo the rest\n",
            to: "script.lab")
        let outcome = try Binary.run("run", script, "--topology", lab.file)
        #expect(outcome.code == 1)
        let complaints = outcome.output.split(separator: "\n").filter { $0.hasPrefix("***") }
        #expect(complaints.count == 5)
        let expected = [
            ":3: unknown command or node: h9 ls", ":5: unknown command or node: lunch", ":6: ended with 1", ":7: file",
            ":8: a node needs a command",
        ]
        for (line, words) in zip(complaints, expected) {
            #expect(line.hasPrefix("*** \(script)\(words)"), "\(line)")
        }
        #expect(outcome.output.contains("the rest\n"))
        #expect(lab.leftovers.isEmpty)
    }

    @Test func anInterruptEndsTheCommandThatRunsAndTakesTheLabDown() throws {
        let lab = try PrivateTopology()
        let directory = try TemporaryDirectory()
        let script = try directory.write(
            "h2 sleep 100 &\nsh touch \(directory.path("begun"))\nh1 sleep 100\nsh echo never\n", to: "script.lab")
        let child = try Binary.start(["run", script, "--topology", lab.file], in: directory)
        for _ in 0..<600 where !FileManager.default.fileExists(atPath: directory.path("begun")) {
            _ = try child.wait(milliseconds: 100)
        }
        _ = try child.wait(milliseconds: 300)
        child.send(.interrupt)
        let outcome = try #require(try child.wait(milliseconds: 30_000))
        #expect(outcome.code == 130)
        #expect(!directory.text("output").contains("never"))
        #expect(lab.leftovers.isEmpty)
    }

    /// Which requests are followed changes between two runs of a client, and the switches go on.
    @Test func tablesOfALabsSwitchesChangeWhileTheyRun() throws {
        let lab = try PrivateTopology()
        let directory = try TemporaryDirectory()
        let address = "\(lab.name)/s1"
        let script = try directory.write(
            """
            h2 p4netintel server > /dev/null &
            sh sleep 1
            h1 p4netintel client 100 --duration 0.5
            sh p4netintel control \(address) 'counter_read INTEgress.telemetry 0'
            sh p4netintel control \(address) 'table_clear watchlist'
            h1 p4netintel client 100 --duration 0.5
            sh p4netintel control \(address) 'counter_read INTEgress.telemetry 0'
            sh p4netintel control \(address) 'table_add watchlist one_in 10.0.2.2/32 => 5 10'
            h1 p4netintel client 100 --duration 0.5
            sh p4netintel control \(address) 'counter_read INTEgress.telemetry 0'
            sh p4netintel control \(address) lunch

            """, to: "script.lab")
        let outcome = try Binary.run("run", script, "--topology", lab.file)
        #expect(outcome.code == 1, "the last line is refused")
        #expect(outcome.errors.contains("Error: unknown command 'lunch'"))
        // `NAME[0]= (5300 bytes, 50 packets)`
        let counts = outcome.output.split(separator: "\n").filter { $0.hasSuffix(" packets)") }.compactMap { line in
            line.split(separator: " ").dropLast().last.flatMap { Int($0) }
        }
        #expect(counts == [50, 50, 55], "\(outcome.output)")
        #expect(lab.leftovers.isEmpty)
    }

    @Test func aSwitchThatIsNotThereIsNamed() throws {
        let outcome = try Binary.run("control", "no-such-lab/s1", "show_tables")
        #expect(outcome.code == 1)
        #expect(outcome.errors.contains("no switch listens at /run/p4netintel/lab/no-such-lab/s1.control"))
    }
}
