// SPDX-License-Identifier: Apache-2.0

import Collector
import Telemetry
import Testing
import Wire

private let flow = Flow(
    source: .v4(IPv4Address(rawValue: 1)), destination: .v4(IPv4Address(rawValue: 2)),
    ports: Flow.Ports(source: 1, destination: 2))

private func losses(_ numbers: [(UInt32, UInt32)]) -> RequestLosses.Totals {
    var losses = RequestLosses()
    for (sequence, received) in numbers {
        losses.record(SourceRecord(host: 1, sequence: sequence, sent: 0, received: received), of: flow)
    }
    return losses.totals
}

private func totals(
    _ returned: UInt64, missing: UInt64 = 0, out: UInt64 = 0, back: UInt64 = 0
) -> RequestLosses.Totals {
    var totals = RequestLosses.Totals()
    totals.returned = returned
    totals.missing = missing
    totals.lostOut = out
    totals.lostBack = back
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

    @Test func `numbers that begin anew are another run`() {
        #expect(losses([(1, 1), (3, 3), (1, 4), (2, 5)]) == totals(4, missing: 1, back: 1))
        #expect(losses([(100_000, 1), (100_002, 2), (1, 3), (2, 4)]) == totals(4, missing: 1, out: 1))
    }
}
