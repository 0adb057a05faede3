// SPDX-License-Identifier: Apache-2.0

import Addresses
@testable import Collector
import Journeys
import Testing
import Wire

private let flow = Flow(
    source: .v4(IPv4Address(rawValue: 1)), destination: .v4(IPv4Address(rawValue: 2)),
    ports: Flow.Ports(source: 1, destination: 2))

private struct Reply: Sendable {
    var number: UInt32
    var received: UInt32
    var run: UInt64 = 0
    var unreported: UInt32 = 0

    init(_ number: UInt32, _ received: UInt32, run: UInt64 = 0, unreported: UInt32 = 0) {
        self.number = number
        self.received = received
        self.run = run
        self.unreported = unreported
    }

    /// Requests of a run leave 20 ms apart, a run begins long after the one before.
    var sent: UInt64 { run * 1_000_000_000_000_000_000 + UInt64(number) * 20_000_000 }
}

private func losses(of replies: [Reply]) -> RequestLosses.Totals {
    var losses = RequestLosses()
    for reply in replies {
        let source = SourceMeasurement(host: 1, sequence: reply.number, sent: reply.sent, received: reply.received)
        losses.record(source, of: flow, unreported: reply.unreported)
    }
    return losses.totals
}

private func losses(_ numbers: [(UInt32, UInt32)]) -> RequestLosses.Totals {
    losses(of: numbers.map { Reply($0.0, $0.1) })
}

private func totals(
    _ returned: UInt64, missing: UInt64 = 0, out: UInt64 = 0, back: UInt64 = 0, unreported: UInt64 = 0,
    restarts: UInt64 = 0
) -> RequestLosses.Totals {
    var totals = RequestLosses.Totals()
    totals.returned = returned
    totals.missing = missing
    totals.lostOut = out
    totals.lostBack = back
    totals.unreported = unreported
    totals.restarts = restarts
    return totals
}

@Suite struct RequestLossesTests {
    @Test func `without gaps nothing is missing`() {
        #expect(losses([(1, 1), (2, 2), (3, 3)]) == totals(3))
        #expect(losses([(9, 4)]) == totals(1))
        #expect(losses([]) == totals(0))
    }

    @Test func `what the server has not seen was lost on the way out, the rest on the way back`() {
        // 2 and 3 never arrived, 5 did.
        #expect(losses([(1, 1), (4, 2), (6, 4)]) == totals(3, missing: 3, out: 2, back: 1))
        // A server that was attached later has counted from there.
        #expect(losses([(101, 1), (104, 3)]) == totals(2, missing: 2, out: 1, back: 1))
    }

    @Test func `a server that does not count leaves the way open`() {
        #expect(losses([(1, 0), (4, 0)]) == totals(2, missing: 2))
    }

    @Test func `what comes late is not missing`() {
        #expect(losses([(1, 1), (3, 2), (2, 3), (4, 4)]) == totals(4))
    }

    @Test func `numbers wrap`() {
        #expect(losses([(.max - 1, 1), (.max, 2), (2, 4)]) == totals(3, missing: 2, out: 1, back: 1))
    }

    @Test func `what comes before the first that was seen belongs to it`() {
        #expect(losses([(5, 1), (4, 2), (6, 3)]) == totals(3))
        #expect(losses([(5, 1), (3, 2), (6, 3)]) == totals(3, missing: 1, out: 1))
    }

    @Test func `what comes twice hides no loss`() {
        #expect(losses([(1, 1), (2, 2), (2, 2), (4, 3)]) == totals(3, missing: 1, out: 1))
        #expect(losses([(1, 1), (4, 2), (1, 1), (4, 2)]) == totals(2, missing: 2, out: 2))
        // The last of the window of 1,024, and its place taken by one that is not lost.
        #expect(losses([(1, 1), (1025, 2), (1, 1)]) == totals(2, missing: 1023, out: 1023))
    }

    @Test func `what the host could not report came back`() {
        let replies = [Reply(1, 1), Reply(6, 5, unreported: 2), Reply(7, 6, unreported: 2)]
        #expect(losses(of: replies) == totals(3, missing: 2, out: 1, back: 1, unreported: 2))
        // Before the first that was reported nothing is known.
        #expect(losses(of: [Reply(100, 100, unreported: 60), Reply(101, 101, unreported: 60)]) == totals(2))
    }

    @Test func `numbers that begin at 1 again are another run`() {
        #expect(
            losses(of: [Reply(1, 1), Reply(3, 3), Reply(1, 4, run: 1), Reply(2, 5, run: 1)])
                == totals(4, missing: 1, back: 1, restarts: 1))
        #expect(
            losses(of: [Reply(100_000, 1), Reply(100_002, 2), Reply(1, 3, run: 1), Reply(2, 4, run: 1)])
                == totals(4, missing: 1, out: 1, restarts: 1))
        #expect(losses(of: [Reply(1, 1), Reply(1, 2, run: 1), Reply(2, 3, run: 1)]) == totals(3, restarts: 1))
        // The client's clock was set back.
        #expect(
            losses(of: [Reply(5001, 1, run: 1), Reply(5003, 2, run: 1), Reply(1, 3), Reply(2, 4)])
                == totals(4, missing: 1, out: 1, restarts: 1))
        // Nothing loses a million requests in a row, in either direction.
        for far in [1 << 20 + 1, 1 << 31 - 1, 1 << 31, 1 << 31 + 1, 0 &- (1 << 20) - 1] as [UInt32] {
            #expect(losses([(7, 1), (7 &+ far, 2)]) == totals(2, restarts: 1), "\(far)")
        }
        #expect(losses([(7, 1), (7 + 1 << 20, 2)]) == totals(2, missing: 1 << 20 - 1, out: 1 << 20 - 1))
    }

    @Test func `a reply of the run before does not count in the new one`() {
        let replies = [
            Reply(500, 1), Reply(503, 4), Reply(1, 5, run: 1), Reply(502, 3), Reply(2, 6, run: 1), Reply(502, 3),
        ]
        #expect(losses(of: replies) == totals(5, missing: 1, back: 1, restarts: 1))
    }

    @Test func `where requests were lost is unknown while a server begins to count again`() {
        #expect(losses([(1, 51), (2, 52), (5, 1), (7, 2)]) == totals(4, missing: 3, out: 1))
    }
}
