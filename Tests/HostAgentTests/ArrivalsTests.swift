// SPDX-License-Identifier: Apache-2.0

import Telemetry
import Testing
import ThrowawayPlaces

@testable import HostAgent

/// What a server's host counts of numbered requests, by BPF_PROG_TEST_RUN.
@Suite(.needsRoot) struct ArrivalsTests {
    struct Run: Sendable, CustomTestStringConvertible {
        let numbers: [UInt32]
        let missing: UInt64
        var begunAnew: UInt64 = 0
        /// Of the flow, where that is not what is missing in all.
        var ofFlow: UInt64?

        var testDescription: String { "\(numbers)" }
    }

    @Test(arguments: [
        Run(numbers: [1, 2, 3], missing: 0), Run(numbers: [1, 2, 5], missing: 2),
        // What comes late is not missing any more.
        Run(numbers: [1, 5, 3], missing: 2), Run(numbers: [1, 3, 2], missing: 0),
        // What came twice, or before the first that was seen, was never missing.
        Run(numbers: [1, 1, 2], missing: 0), Run(numbers: [1, 2, 2, 4, 4], missing: 1),
        Run(numbers: [5, 3, 6], missing: 0),
        Run(numbers: [.max, 1], missing: 1),
        // A client that was attached anew. What its numbers before had missed stays missed.
        Run(numbers: [5001, 5004, 1, 2], missing: 2, begunAnew: 1, ofFlow: 0),
        Run(numbers: [5001, 5004, 1, 3], missing: 3, begunAnew: 1, ofFlow: 1),
    ])
    func `a number that is passed over is missing until it comes`(run: Run) throws {
        let rig = try ProgramRig()
        for number in run.numbers { #expect(try rig.receive(frame(number, of: 7)).1[.xdpSaved] == 1) }
        let arrivals = try rig.programs.maps.arrivals()
        #expect(arrivals.received == UInt64(run.numbers.count))
        #expect(arrivals.missing == run.missing)
        #expect(arrivals.begunAnew == run.begunAnew)
        let ofFlow = run.ofFlow ?? run.missing
        #expect(arrivals.flows.map(\.missing) == (ofFlow == 0 ? [] : [ofFlow]))
    }

    @Test(arguments: [RequestFrame.Family.ipv4, .ipv6])
    func `flows and hosts that miss requests are named, most first`(family: RequestFrame.Family) throws {
        let rig = try ProgramRig()
        for (host, last) in [(7, 3), (8, 9), (9, 2)] as [(UInt32, UInt32)] {
            for number in [1, last] { _ = try rig.receive(frame(number, of: host, family)) }
        }
        let arrivals = try rig.programs.maps.arrivals()
        #expect(arrivals.flows.map(\.host) == [8, 7])
        #expect(arrivals.flows.map(\.missing) == [7, 1])
        #expect(arrivals.flows.map(\.received) == [2, 2])
        let named = try #require(arrivals.flows.first?.flow.description)
        #expect(named.contains(":40000>") && named.hasSuffix(":1234"))
        #expect(named.hasPrefix(family == .ipv4 ? "10.0." : "[2001:"), "\(named)")
        #expect(arrivals.lines.count == 3 && arrivals.lines[0].contains("6 requests arrived, 8 before them"))
    }

    private func frame(
        _ number: UInt32, of host: UInt32, _ family: RequestFrame.Family = .ipv4
    ) -> [UInt8] {
        var request = RequestFrame()
        request.family = family
        request.hasSource = true
        request.flags |= 0x08
        request.requestID = number
        var bytes = request.bytes
        let source = request.link(0x1212).count + request.telemetry.count - 22
        bytes.replaceSubrange(source..<source + 8, with: big(host) + big(number))
        return bytes
    }
}
