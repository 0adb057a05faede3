// SPDX-License-Identifier: Apache-2.0

import Addresses
import Journeys
import TelemetryFormats
import Testing
import ThrowawayPlaces

@testable import HostAgent

/// What a server's host counts of numbered requests, by BPF_PROG_TEST_RUN.
@Suite(.needsRoot) struct ArrivalsTests {
    /// A request's number, and which attachment of its client's programs has given it.
    struct Numbered: Sendable, ExpressibleByIntegerLiteral, CustomStringConvertible {
        let number: UInt32
        var run = 0
        /// Seconds by which its client's clock was set.
        var clock: Int64 = 0

        init(_ number: UInt32, run: Int = 0, clock: Int64 = 0) {
            self.number = number
            self.run = run
            self.clock = clock
        }

        init(integerLiteral value: UInt32) { self.init(value) }

        var description: String { run == 0 ? "\(number)" : "\(number) of run \(run)\(clock == 0 ? "" : ", clock set")" }

        /// Requests of a run leave 1 ms apart, a run begins a minute after the one before.
        var sent: UInt64 {
            UInt64(1_800_000_000_000_000_000 + (Int64(run) * 60 + clock) * 1_000_000_000 + Int64(number) * 1_000_000)
        }
    }

    struct Run: Sendable, CustomTestStringConvertible {
        let numbers: [Numbered]
        let missing: UInt64
        var begunAgain: UInt64 = 0
        /// Of the flow, where that is not what is missing in all.
        var ofFlow: UInt64?
        /// Those that came before.
        var repeated = 0

        var testDescription: String { "\(numbers)" }
    }

    private static func next(_ number: UInt32) -> Numbered { Numbered(number, run: 1) }
    private static func setBack(_ number: UInt32) -> Numbered { Numbered(number, run: 1, clock: -86400) }

    @Test(arguments: [
        Run(numbers: [1, 2, 3], missing: 0), Run(numbers: [1, 2, 5], missing: 2),
        // What comes late is not missing any more.
        Run(numbers: [1, 5, 3], missing: 2), Run(numbers: [1, 3, 2], missing: 0),
        Run(numbers: [1, 200, 3], missing: 197),
        // What came twice, or before the first that was seen, was never missing.
        Run(numbers: [1, 1, 2], missing: 0, repeated: 1), Run(numbers: [1, 2, 2, 4, 4], missing: 1, repeated: 2),
        Run(numbers: [1, 3, 1], missing: 1, repeated: 1), Run(numbers: [1, 3, 2, 2, 6], missing: 2, repeated: 1),
        Run(numbers: [5, 3, 6], missing: 0), Run(numbers: [5, 8, 3], missing: 2),
        Run(numbers: [Numbered(.max - 1), Numbered(1, clock: 4_294_967)], missing: 2),
        // Even this many lost requests are not a new run.
        Run(numbers: [1, 5002], missing: 5000),
        // A client that was attached again. What its numbers before had missed stays missed.
        Run(numbers: [5001, 5004, next(1), next(2)], missing: 2, begunAgain: 1, ofFlow: 0),
        Run(numbers: [5001, 5004, next(1), next(3)], missing: 3, begunAgain: 1, ofFlow: 1),
        // Within a few requests, at the same number, and with the first ones lost or late.
        Run(numbers: [1, 2, 3, next(1), next(2)], missing: 0, begunAgain: 1),
        Run(numbers: [1, next(1), Numbered(1, run: 2)], missing: 0, begunAgain: 2),
        Run(numbers: [1, 6, next(3)], missing: 6, begunAgain: 1, ofFlow: 2),
        Run(numbers: [1, 2, 6, next(2), next(1), next(4)], missing: 4, begunAgain: 1, ofFlow: 1),
        // One of the run before that was overtaken: neither late nor a gap in the new one.
        Run(numbers: [1, 2, 6, next(1), 4, next(2)], missing: 2, begunAgain: 1, ofFlow: 0),
        // A client that came back with its clock set back by a day.
        Run(numbers: [5001, 5004, setBack(1)], missing: 2, begunAgain: 1, ofFlow: 0),
        // What follows is of the new run, although it left before what was the highest.
        Run(numbers: [5001, 5004, setBack(1), setBack(2), setBack(4)], missing: 3, begunAgain: 1, ofFlow: 1),
    ])
    func `a number that is passed over is missing until it comes`(run: Run) throws {
        let rig = try ProgramRig()
        for number in run.numbers { #expect(try rig.receive(frame(number, of: 7)).1[.xdpSaved] == 1) }
        let arrivals = try rig.programs.maps.arrivals()
        #expect(arrivals.received == UInt64(run.numbers.count - run.repeated))
        #expect(arrivals.missing == run.missing)
        #expect(arrivals.begunAgain == run.begunAgain)
        let ofFlow = run.ofFlow ?? run.missing
        #expect(arrivals.flows.map(\.missing) == (ofFlow == 0 ? [] : [ofFlow]))
    }

    @Test(arguments: [RequestFrame.Family.ipv4, .ipv6])
    func `flows and hosts that miss requests are named, most first`(family: RequestFrame.Family) throws {
        let rig = try ProgramRig()
        for (host, last) in [(7, 3), (8, 9), (9, 2)] as [(UInt32, UInt32)] {
            for number in [1, last] { _ = try rig.receive(frame(Numbered(number), of: host, family)) }
        }
        let arrivals = try rig.programs.maps.arrivals()
        #expect(arrivals.flows.map(\.host) == [8, 7])
        #expect(arrivals.flows.map(\.missing) == [7, 1])
        #expect(arrivals.flows.map(\.received) == [2, 2])
        let named = try #require(arrivals.flows.first?.flow.description)
        #expect(named.contains(":40000>") && named.hasSuffix(":1234"))
        #expect(named.hasPrefix(family == .ipv4 ? "10.0." : "[2001:"), "\(named)")
        #expect(arrivals.lines.count == 3 && arrivals.lines[0].contains("6 requests arrived, 8 earlier ones"))
    }

    private func frame(
        _ numbered: Numbered, of host: UInt32, _ family: RequestFrame.Family = .ipv4
    ) -> [UInt8] {
        var request = RequestFrame()
        request.family = family
        request.hasSource = true
        request.flags |= 0x08
        request.requestID = numbered.number
        var bytes = request.bytes
        let source = request.link(0x1212).count + request.telemetry.count - 22
        bytes.replaceSubrange(source..<source + 16, with: big(host) + big(numbered.number) + big(numbered.sent))
        return bytes
    }
}
