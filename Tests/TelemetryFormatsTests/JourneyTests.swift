// SPDX-License-Identifier: Apache-2.0

import Addresses
import Journeys
import TelemetryFormats
import Testing
import Wire

/// A hop of a level-2 frame: in and out at the given microseconds.
private func hop(_ id: SwitchID, _ ingress: UInt64, _ egress: UInt64) -> HopMeasurement {
    var record = HopMeasurement(switchID: id, enqueueDepth: .exact(0))
    record.ingressTime = .microseconds(ingress)
    record.egressTime = .microseconds(egress)
    return record
}

/// The same hop as level 4 reports it: time in the queue and in the switch, no time of ingress.
private func discreteHop(_ id: SwitchID, _ ingress: UInt64, _ egress: UInt64) -> HopMeasurement {
    var record = HopMeasurement(switchID: id, enqueueDepth: .classified(.idle))
    record.enqueueTime = .microseconds(egress &- 2, width: 32)
    record.queueTime = .exact(2000)
    record.latency = .exact((egress &- ingress) &* 1000)
    return record
}

/// Three switches out and back. `hops` of a frame are the newest first, so the travel is turned round.
private func journey(
    _ travelled: [HopMeasurement], level: Level = .standard, flags: Shim.Flags = [], forward: UInt8 = 0,
    host: HostMeasurement? = nil
) -> Journey {
    let frame = GoldenFrames.frame(level, flags: flags, forward: forward, hops: travelled.reversed(), host: host)
    return Journey(frame.report, seenAt: 1)
}

private func referenceJourney(_ travelled: [HopMeasurement], host: HostMeasurement) -> Journey {
    Journey(GoldenFrames.frameInReferenceFormat(.standard, hops: travelled.reversed(), host: host).report, seenAt: 1)
}

private func table(_ journey: Journey) -> [String] {
    journey.parts.map { part in
        "\(part.kind.name()): \(part.duration.map { "\($0)" } ?? "\(part.absence.map { "\($0)" } ?? "nothing")")"
    }
}

private func roundTrip(
    from start: UInt64, _ make: (SwitchID, UInt64, UInt64) -> HopMeasurement = hop, offset: UInt64 = 0
) -> [HopMeasurement] {
    [
        make(1, start, start &+ 10), make(2, start &+ 15 &+ offset, start &+ 35 &+ offset),
        make(3, start &+ 42, start &+ 72), make(3, start &+ 1072, start &+ 1082),
        make(2, start &+ 1088 &+ offset, start &+ 1098 &+ offset), make(1, start &+ 1102, start &+ 1110),
    ]
}

private let expected = [
    "switch s1 out: 10000", "link s1-s2 out: 5000", "switch s2 out: 20000", "link s2-s3 out: 7000",
    "switch s3 out: 30000", "link s3-server out+back: 99500", "server host: 900500", "switch s3 back: 10000",
    "link s3-s2 back: 6000", "switch s2 back: 10000", "link s2-s1 back: 4000", "switch s1 back: 8000",
]

private let host = HostMeasurement(ordinal: 1, duration: 900_500)

@Suite struct JourneyTests {
    @Test(arguments: [1000, 0xFFFF_FFFF_FFF0, 0xFFFF_FFF0, 0xFFFF_FFFF_FFFF - 1090] as [UInt64])
    func `parts come in the order of travel, across the clock's wrap`(start: UInt64) {
        let journey = journey(roundTrip(from: start), forward: 3, host: host)
        #expect(table(journey) == expected)
        #expect(journey.total == 1_110_000)
        #expect(journey.isComplete)
        #expect(journey.requestPath.map(\.switchID) == [1, 2, 3])
        #expect(journey.returnPath.map(\.switchID) == [3, 2, 1])
    }

    @Test(arguments: [1000, 0xFFFF_FFF0, 0x1_FFFF_FFF0] as [UInt64])
    func `level 4 yields the same parts from the queue's times`(start: UInt64) {
        let journey = journey(roundTrip(from: start, discreteHop), level: .discretized, forward: 3, host: host)
        #expect(table(journey) == expected)
        #expect(journey.total == 1_110_000)
    }

    @Test func `level 1 reports the host's time and leaves the rest absent`() {
        let hops = ([1, 2, 2, 1] as [SwitchID]).map { HopMeasurement(switchID: $0, enqueueDepth: .exact(3)) }
        let journey = journey(hops, level: .minimal, forward: 2, host: host)
        #expect(journey.isComplete)
        #expect(journey.total == nil)
        #expect(
            table(journey) == [
                "switch s1 out: notReported", "link s1-s2 out: notReported", "switch s2 out: notReported",
                "link s2-server out+back: notReported", "server host: 900500", "switch s2 back: notReported",
                "link s2-s1 back: notReported", "switch s1 back: notReported",
            ])
    }

    @Test(arguments: [UInt64(5_000_000), UInt64(0) &- 5_000_000, 40, UInt64(0) &- 40])
    func `where clocks are apart a link has the sum of both ways`(offset: UInt64) {
        let journey = journey(roundTrip(from: 10_000_000, offset: offset), forward: 3, host: host)
        var changed = expected
        changed[1] = "link s1-s2 out+back: 9000"
        changed[3] = "link s2-s3 out+back: 13000"
        changed[8] = "link s3-s2 back: clocksDisagree"
        changed[10] = "link s2-s1 back: clocksDisagree"
        #expect(table(journey) == changed)
    }

    @Test func `one way, clocks apart: no link time`() {
        let journey = journey([hop(1, 5_000_000, 5_000_010), hop(2, 7, 9)])
        #expect(
            table(journey) == ["switch s1 out: 10000", "link s1-s2 out: clocksDisagree", "switch s2 out: 2000"])
    }

    @Test func `a host's time longer than the time away gives no link time`() {
        let long = journey(roundTrip(from: 5), forward: 3, host: HostMeasurement(ordinal: 1, duration: 1_001_001))
        #expect(table(long)[5] == "link s3-server out+back: clocksDisagree")
        // Up to a microsecond is lost where the switch's times are cut off.
        let cut = journey(roundTrip(from: 5), forward: 3, host: HostMeasurement(ordinal: 1, duration: 1_000_900))
        #expect(table(cut)[5] == "link s3-server out+back: 0")
    }

    @Test func `times that run backwards in one switch are left out`() {
        #expect(table(journey([hop(1, 20, 10)])) == ["switch s1 out: clocksDisagree"])
    }

    @Test func `telemetry that came with a later frame of the reply leaves the link's time unknown`() {
        let journey = split(arrival: 1_132_300) { $0.late = 4_000_000 }
        #expect(table(journey)[11] == "rest of reply and link server-s3 back: 39200")
        let apart = split(arrival: 0) { $0.late = 4_000_000 }
        #expect(table(apart)[5] == "link s3-server out+back: notReported")
    }

    @Test(arguments: [nil, 1000, 15_000, 4_000_000, 900_000_000] as [UInt64?])
    func `how late telemetry left survives within a sixteenth`(late: UInt64?) throws {
        var details = HostDetails(hostID: 9, arrival: 5)
        details.late = late.map { Nanoseconds(measured: $0) ?? 0 }
        var writer = PacketWriter(reserving: 64)
        HostRecord.write(HostMeasurement(ordinal: 1, duration: 7, details: details), next: .ipv4, into: &writer)
        var cursor = PacketCursor(writer.bytes.span)
        let read = try #require(try HostRecord.parse(.extendedHostRecord, from: &cursor)).host.details?.late
        guard let late else {
            #expect(read == nil)
            return
        }
        let value = Double(try #require(read).count)
        #expect(abs(value - Double(late)) <= max(Double(late) / 16, 1000))
    }

    @Test func `a reference reply that reads the same both ways is split in half`() {
        let journey = referenceJourney(roundTrip(from: 1), host: host)
        #expect(journey.requestHopCount == 3)
        #expect(journey.isComplete)
        #expect(table(journey) == expected)
    }

    @Test(arguments: [[1, 2, 1], [1, 2, 3, 1], [1]] as [[SwitchID]])
    func `a reference reply that does not is marked, and its links are not guessed`(ids: [SwitchID]) {
        let journey = referenceJourney(ids.map { hop($0, 1, 2) }, host: host)
        #expect(journey.requestHopCount == nil)
        #expect(journey.missing == .directionUnknown)
        #expect(journey.requestPath.isEmpty && journey.returnPath.isEmpty)
        #expect(table(journey) == ids.map { "switch s\($0.rawValue): 1000" } + ["server host: 900500"])
    }

    @Test(
        arguments: [
            ([1, 2], 0, false, [], [.noHostRecord, .noReturnHops]),
            ([1, 2], 2, false, [], [.noHostRecord, .noReturnHops]),
            ([1, 2, 2], 2, false, [], .noHostRecord),
            ([1, 2], 2, true, [], .noReturnHops),
            ([2, 1], 0, true, [], .noForwardHops),
            ([1, 1], 1, true, .noRoom, .noRoomAtSomeHop),
            ([1, 1], 1, true, .hopLimit, .hopLimitReached),
            ([1, 1], 1, true, [], []),
        ] as [([SwitchID], UInt8, Bool, Shim.Flags, MissingData)])
    func `what is missing is reported`(
        ids: [SwitchID], forward: UInt8, hasHost: Bool, flags: Shim.Flags, missing: MissingData
    ) {
        let journey = journey(
            ids.map { hop($0, 1, 2) }, flags: flags, forward: forward, host: hasHost ? host : nil)
        #expect(journey.missing == missing)
    }

    @Test func `the flow is the request's, whichever way the frame went`() {
        let reply = journey([hop(1, 1, 2), hop(1, 3, 4)], forward: 1, host: host)
        #expect(reply.flow.description == "10.0.1.1:50000>10.0.2.2:1234")
        let oneWay = journey([hop(1, 1, 2)])
        #expect(oneWay.flow == GoldenFrames.inner.flow)
    }

    /// The server saw the request 60.3 us after the switch's microsecond, which is cut off.
    private func split(arrival: UInt64, _ change: (inout HostDetails) -> Void = { _ in }) -> Journey {
        var details = HostDetails(hostID: 1, arrival: arrival)
        details.stages.kernelIn = 1000
        details.stages.socketWait = 50_000
        details.stages.application = 800_500
        details.stages.kernelOut = 49_000
        change(&details)
        return journey(
            roundTrip(from: 1000), forward: 3, host: HostMeasurement(ordinal: 1, duration: 900_500, details: details))
    }

    @Test func `a host with a breakdown has its stages after the total, and each direction of its link`() {
        #expect(
            table(split(arrival: 1_132_300))[5...10] == [
                "link s3-server out: 60300", "server host: 900500", "server kernel in: 1000",
                "server socket wait: 50000", "server application: 800500", "server kernel out: 49000",
            ])
        #expect(table(split(arrival: 1_132_300))[11] == "link server-s3 back: 39200")
    }

    @Test func `parts without those within are the total`() {
        let journey = split(arrival: 1_132_300)
        let sum = journey.parts.reduce(0) { $0 + ($1.isWithin ? 0 : $1.duration ?? 0) }
        #expect(sum == journey.total)
        #expect(journey.parts.filter(\.isWithin).reduce(0) { $0 + ($1.duration ?? 0) } == journey.host?.duration)
    }

    @Test(arguments: [1_000_000, 1_182_000, 0, 900_000_000_000_000_000] as [UInt64])
    func `a server whose clock contradicts the switches leaves the sum of both ways`(arrival: UInt64) {
        #expect(table(split(arrival: arrival))[5...6] == ["link s3-server out+back: 99500", "server host: 900500"])
    }

    @Test func `stages in a row that were not measured share the rest`() {
        let journey = split(arrival: 0) {
            $0.stages.socketWait = nil
            $0.stages.application = nil
        }
        #expect(
            table(journey)[6...9] == [
                "server host: 900500", "server kernel in: 1000", "server socket wait+application: 850500",
                "server kernel out: 49000",
            ])
    }

    @Test func `stages apart that were not measured have no time`() {
        let journey = split(arrival: 0) {
            $0.stages.kernelIn = nil
            $0.stages.application = nil
        }
        #expect(
            table(journey)[6...10] == [
                "server host: 900500", "server kernel in: notReported", "server socket wait: 50000",
                "server application: notReported", "server kernel out: 49000",
            ])
    }

    @Test func `stages that are longer than the total, or absent, are not shown`() {
        #expect(
            table(split(arrival: 0) { $0.stages.kernelIn = 1001 })[6...7] == [
                "server host: 900500", "switch s3 back: 10000",
            ])
        let none = split(arrival: 0) {
            $0.stages.kernelIn = nil
            $0.stages.socketWait = nil
            $0.stages.application = nil
            $0.stages.kernelOut = nil
        }
        #expect(table(none)[6...7] == ["server host: 900500", "switch s3 back: 10000"])
    }

    @Test func `places are called what the topology calls them`() {
        let names = PlaceNames(switches: [1: "tor-a"], server: "db")
        #expect(JourneyPart.Kind.link(1, 2, .out).name(names) == "link tor-a-s2 out")
        #expect(JourneyPart.Kind.serverLink(2, 1).name(names) == "link s2-db-tor-a out+back")
        #expect(JourneyPart.Kind.host.name(names) == "db host")
    }
}
