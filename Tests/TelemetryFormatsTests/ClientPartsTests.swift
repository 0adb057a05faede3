// SPDX-License-Identifier: Apache-2.0

import Journeys
import TelemetryFormats
import Testing

/// A journey between two hosts, with a switch between them or without, whose client's host wrote a source record.
private func journey(
    hops travelled: [HopMeasurement], sent: UInt64? = 1_000_000, client: ClientTimes?, host: HostMeasurement? = nil
) -> Journey {
    let source = sent.map { SourceMeasurement(host: 1, sequence: 1, sent: $0) }
    let frame = GoldenFrames.frame(
        .standard, forward: UInt8(travelled.count / 2), hops: travelled.reversed(), source: source, host: host)
    return Journey(frame.report, seenAt: 1, client: client)
}

private func hop(_ ingress: UInt64, _ egress: UInt64) -> HopMeasurement {
    var record = HopMeasurement(switchID: 1, enqueueDepth: .exact(0))
    record.ingressTime = .microseconds(ingress)
    record.egressTime = .microseconds(egress)
    return record
}

private func table(_ journey: Journey) -> [String] {
    journey.parts.map { "\($0.kind.name()): \($0.duration.map { "\($0.count)" } ?? $0.absence.map { "\($0)" } ?? "-")" }
}

private let host = HostMeasurement(ordinal: 1, duration: 300_000)

/// One that reports when it saw the request.
private func host(_ arrival: UInt64) -> HostMeasurement {
    HostMeasurement(ordinal: 1, duration: 300_000, details: HostDetails(hostID: 2, arrival: arrival))
}

@Suite struct ClientPartsTests {
    @Test func `a client's host that reports everything ends the journey at its application`() {
        let times = ClientTimes(sent: 990_000, arrived: 2_000_000, received: 2_040_000)
        let journey = journey(hops: [hop(1020, 1030), hop(1950, 1960)], client: times, host: host)
        #expect(
            table(journey) == [
                "client out: 10000", "link client-s1 out: 20000", "switch s1 out: 10000",
                "link s1-server out+back: 620000", "server host: 300000", "switch s1 back: 10000",
                "link s1-client back: 40000", "client back: 40000",
            ])
        #expect(journey.total == 1_050_000)
        #expect(journey.isComplete)
    }

    @Test func `without the calls the way begins and ends at the hooks`() {
        let journey = journey(
            hops: [hop(1020, 1030), hop(1950, 1960)], client: ClientTimes(arrived: 2_000_000), host: host)
        #expect(table(journey).first == "link client-s1 out: 20000")
        #expect(table(journey).last == "link s1-client back: 40000")
        #expect(journey.total == 1_000_000)
    }

    @Test func `two hosts without a switch have one link, and nothing is missing`() {
        let journey = journey(
            hops: [], client: ClientTimes(sent: 990_000, arrived: 2_000_000, received: 2_040_000), host: host)
        #expect(
            table(journey) == [
                "client out: 10000", "link client-server out+back: 700000", "server host: 300000", "client back: 40000",
            ])
        #expect(journey.isComplete)
    }

    /// The server saw the request at `arrival` by its own clock; sent at 1000000, back at 2000000, 300000 of it in the
    /// server.
    @Test(
        arguments: [
            (1_250_000, ["out: 250000", "back: 450000"]),
            // Exactly as far apart as the ways allow.
            (1_000_000, ["out: 0", "back: 700000"]), (1_700_000, ["out: 700000", "back: 0"]),
            // The server's clock is behind, ahead, and ahead by TAI's 37 seconds.
            (999_999, ["out+back: 700000", "back: clocksDisagree"]),
            (1_700_001, ["out+back: 700000", "back: clocksDisagree"]),
            (37_001_250_000, ["out+back: 700000", "back: clocksDisagree"]),
            (.max, ["out+back: 700000"]),
            // Not reported.
            (0, ["out+back: 700000"]),
        ] as [(UInt64, [String])])
    func `each direction between two hosts is reported where their clocks do not contradict it`(
        arrival: UInt64, shown: [String]
    ) {
        let parts = table(journey(hops: [], client: ClientTimes(arrived: 2_000_000), host: host(arrival)))
        let ways = parts.filter { $0.hasPrefix("link") }.map {
            $0.split(separator: " ").dropFirst(2).joined(separator: " ")
        }
        #expect(ways == shown)
        #expect(parts.contains("server host: 300000"))
        #expect(parts.first?.hasPrefix("link client-server out") == true)
        #expect(shown.count < 2 || parts.last?.hasPrefix("link server-client back") == true)
    }

    @Test func `a host that sees only the request path reports only that`() {
        #expect(
            table(journey(hops: [], client: nil, host: host(1_250_000))) == [
                "link client-server out: 250000", "server host: 300000",
            ])
        #expect(
            table(journey(hops: [], client: nil, host: host(999_999))) == [
                "link client-server out: clocksDisagree", "server host: 300000",
            ])
    }

    /// The reply went past a switch that the request had not met: its hop is not the client's neighbour on the way out.
    @Test func `a switch on one path does not end a link of the other path`() {
        let back = table(
            journey(hops: [hop(1950, 1960)], client: ClientTimes(arrived: 2_000_000), host: host(1_250_000)))
        #expect(
            back == [
                "link client-server out: 250000", "server host: 300000", "switch s1 back: 10000",
                "link s1-client back: 40000",
            ])
        let unreported = table(journey(hops: [hop(1950, 1960)], client: ClientTimes(arrived: 2_000_000), host: host))
        #expect(unreported.first == "server host: 300000")
    }

    @Test func `a switch that is the sink reports the path up to it`() {
        let journey = journey(hops: [hop(1020, 1030), hop(1950, 1960)], client: nil, host: host)
        #expect(table(journey).first == "link client-s1 out: 20000")
        #expect(table(journey).last == "switch s1 back: 10000")
        #expect(journey.total == 940_000)
    }

    @Test func `times that run backwards give no durations`() {
        let journey = journey(
            hops: [], client: ClientTimes(sent: 1_000_001, arrived: 1_299_999, received: 1_299_998), host: host)
        #expect(
            table(journey) == [
                "client out: clocksDisagree", "link client-server out+back: clocksDisagree", "server host: 300000",
                "client back: clocksDisagree",
            ])
    }
}
