// SPDX-License-Identifier: Apache-2.0

import BPF
import CHostPrograms
import Glibc
import Journeys
import Testing
import ThrowawayPlaces

@testable import HostAgent

/// Replies followed segment by segment. There is no socket, so nothing is known of waiting for acknowledgements.
@Suite(.needsRoot) struct ProgressTests {
    @Test func replyIsReportedOnceAllOfItIsAcknowledged() throws {
        var rig = try ProgressRig()
        _ = try rig.stream.request(0..<10, 1)
        _ = try rig.stream.reply(0..<100, acknowledging: 10, carries: 1)
        usleep(2000)
        _ = try rig.stream.reply(100..<1500, acknowledging: 10)
        try rig.acknowledge(100)
        #expect(try rig.events().isEmpty)
        usleep(2000)
        try rig.acknowledge(1500)
        let events = try rig.events()
        #expect(events.count == 1)
        let event = try #require(events.first)
        #expect(event.flags == .acknowledged)
        #expect(event.key == HostReport.Key(host: 0xA1B2_C3D4, ordinal: 1))
        let reply = try #require(event.measurement)
        #expect(reply.bytes == 1500 && reply.segments == 2 && reply.retransmissions == 0)
        #expect(reply.end == .quiet)
        #expect(reply.firstByte > 0 && reply.rest >= 2_000_000)
        #expect(try #require(reply.acknowledgement) >= 2_000_000)
        #expect(reply.telemetry == reply.firstByte)
        #expect(reply.acknowledgementWait == nil && !reply.waitIsAtMost)
    }

    @Test func nextRequestEndsAReply() throws {
        var rig = try ProgressRig()
        for number in 0..<3 as Range<UInt32> {
            _ = try rig.stream.request(number * 10..<number * 10 + 10, acknowledging: number * 100, UInt8(number + 1))
            _ = try rig.stream.reply(
                number * 100..<number * 100 + 100, acknowledging: number * 10 + 10, carries: UInt8(number + 1))
        }
        // With telemetry, and without.
        try rig.acknowledge(300, sending: 30..<40)
        let events = try rig.events()
        #expect(events.map(\.key?.ordinal) == [1, 2, 3])
        for event in events {
            #expect(event.flags == [.acknowledged, .ended])
            #expect(event.measurement?.bytes == 100)
            #expect(event.measurement?.end == .nextRequest)
        }
        // The answer to that is nobody's.
        _ = try rig.stream.reply(300..<400, acknowledging: 40)
        try rig.acknowledge(400, sending: 40..<40)
        #expect(try rig.events().isEmpty)
    }

    @Test func segmentsThatAreSentAgainAreCounted() throws {
        var rig = try ProgressRig()
        _ = try rig.stream.request(0..<10, 1)
        _ = try rig.stream.reply(0..<100, acknowledging: 10, carries: 1)
        _ = try rig.stream.reply(100..<200, acknowledging: 10)
        usleep(1000)
        _ = try rig.stream.reply(100..<200, acknowledging: 10)
        _ = try rig.stream.reply(150..<300, acknowledging: 10)
        try rig.acknowledge(300)
        let reply = try #require(try rig.events().first?.measurement)
        #expect(reply.bytes == 300 && reply.segments == 3 && reply.retransmissions == 2)
        #expect(try #require(reply.lastRetransmission) >= reply.firstByte + 1_000_000)
        #expect(reply.rest >= 1_000_000)
    }

    /// The previous reply's last segment comes again: this one's is not the reason.
    @Test func bytesBeforeTheReplyAreNoneOfIt() throws {
        var rig = try ProgressRig()
        _ = try rig.stream.request(0..<10, 1)
        _ = try rig.stream.reply(0..<100, acknowledging: 10, carries: 1)
        _ = try rig.stream.request(10..<20, acknowledging: 100, 2)
        _ = try rig.stream.reply(100..<200, acknowledging: 20, carries: 2)
        _ = try rig.stream.reply(0..<100, acknowledging: 20)
        try rig.acknowledge(200, sending: 20..<20)
        let events = try rig.events()
        #expect(events.map(\.key?.ordinal) == [1, 2])
        #expect(events.map(\.retransmissions) == [0, 0])
        #expect(events.map(\.bytes) == [100, 100])
    }

    @Test(arguments: [Segment.fin, Segment.rst])
    func endOfTheConnectionEndsTheReply(_ flag: UInt8) throws {
        var rig = try ProgressRig()
        _ = try rig.stream.request(0..<10, 1)
        _ = try rig.stream.reply(0..<100, acknowledging: 10, carries: 1)
        _ = try rig.stream.reply(100..<150, acknowledging: 10, flags: flag | Segment.ack)
        // The end has a number of its own.
        try rig.acknowledge(flag == Segment.fin ? 151 : 150)
        let events = try rig.events()
        #expect(events.count == 1)
        #expect(events.first?.flags.contains(.ended) == true)
        #expect(events.first?.measurement?.end == (flag == Segment.fin ? .closed : .reset))
        #expect(events.first?.measurement?.lastAcknowledgement != nil || flag == Segment.rst)
    }

    @Test func serverThatClosesLaterEndsTheReplyThen() throws {
        var rig = try ProgressRig()
        _ = try rig.stream.request(0..<10, 1)
        _ = try rig.stream.reply(0..<100, acknowledging: 10, carries: 1)
        try rig.acknowledge(100)
        let acknowledged = try #require(try rig.events().first?.measurement?.lastAcknowledgement)
        usleep(1000)
        _ = try rig.stream.reply(100..<100, acknowledging: 10, flags: Segment.fin | Segment.ack)
        let reply = try #require(try rig.events().first?.measurement)
        #expect(reply.end == .closed && reply.bytes == 100 && reply.lastAcknowledgement == acknowledged)
        try rig.acknowledge(101, flags: Segment.fin | Segment.ack)
        #expect(try rig.events().isEmpty)
    }

    @Test func clientThatAbortsEndsTheReply() throws {
        var rig = try ProgressRig()
        _ = try rig.stream.request(0..<10, 1)
        _ = try rig.stream.reply(0..<100, acknowledging: 10, carries: 1)
        try rig.acknowledge(0, flags: Segment.rst | Segment.ack)
        let event = try #require(try rig.events().first)
        #expect(event.flags == [.ended, .reset] && event.measurement?.lastAcknowledgement == nil)
    }

    /// Requests in flight: each reply ends where the next one begins.
    @Test func repliesToRequestsInFlightAreDivided() throws {
        var rig = try ProgressRig()
        _ = try rig.stream.request(0..<10, 1)
        _ = try rig.stream.request(10..<20, 2)
        _ = try rig.stream.reply(0..<100, acknowledging: 20, carries: 1)
        _ = try rig.stream.reply(100..<300, acknowledging: 20, carries: 2)
        try rig.acknowledge(300, sending: 20..<20)
        let events = try rig.events()
        #expect(events.map(\.bytes) == [100, 200])
        #expect(events.map(\.flags) == [.ended, .acknowledged])
    }

    /// A request without telemetry comes before the reply is complete.
    @Test func replyThatIsOverlappedSaysSo() throws {
        var rig = try ProgressRig()
        _ = try rig.stream.request(0..<10, 1)
        _ = try rig.stream.reply(0..<100, acknowledging: 10, carries: 1)
        try rig.acknowledge(0, sending: 10..<20)
        _ = try rig.stream.reply(100..<150, acknowledging: 10)
        #expect(try rig.events().isEmpty)
        _ = try rig.stream.reply(150..<250, acknowledging: 20)
        let event = try #require(try rig.events().first)
        #expect(event.measurement?.end == .overlapped && event.bytes == 150)
        try rig.acknowledge(250, sending: 20..<20)
        #expect(try rig.events().isEmpty)
    }

    @Test func telemetryThatLeavesLaterSaysWhen() throws {
        var rig = try ProgressRig()
        _ = try rig.stream.request(0..<10, 1)
        _ = try rig.stream.reply(0..<900, acknowledging: 10, packet: .superPacket)
        usleep(3000)
        _ = try rig.stream.reply(900..<950, acknowledging: 10, carries: 1)
        try rig.acknowledge(950)
        let event = try #require(try rig.events().first)
        let reply = try #require(event.measurement)
        #expect(event.key?.ordinal == 1)
        #expect(try #require(reply.telemetry.without(reply.firstByte)) >= 3_000_000)
        #expect(reply.bytes == 950 && reply.segments > 2)
    }

    /// Telemetry may even leave with the next reply; the report goes out when it has.
    @Test func replyWhoseTelemetryLeavesWithTheNextIsReportedThen() throws {
        var rig = try ProgressRig()
        _ = try rig.stream.request(0..<10, 1)
        _ = try rig.stream.reply(0..<900, acknowledging: 10, packet: .superPacket)
        try rig.acknowledge(900, sending: 10..<20)
        #expect(try rig.events().map(\.key) == [nil])
        _ = try rig.stream.reply(900..<950, acknowledging: 20, carries: 1)
        let event = try #require(try rig.events().first)
        #expect(event.key?.ordinal == 1 && event.bytes == 900 && event.flags == [.acknowledged, .ended])
    }

    @Test(arguments: [UInt64(0), 1])
    func nothingIsFollowedWhileNobodyReads(_ until: UInt64) throws {
        var rig = try ProgressRig(isFollowed: false)
        let following = try rig.stream.rig.programs.maps.map("p4ni_following")
        try following.value.write(p4ni_following(until: until))
        _ = try rig.stream.request(0..<10, 1)
        _ = try rig.stream.reply(0..<100, acknowledging: 10, carries: 1)
        try rig.acknowledge(100)
        #expect(try rig.events().isEmpty)
        var left = p4ni_following()
        try following.value.read(&left)
        #expect(left.until == 0)
    }

    @Test func sequenceNumbersWrap() throws {
        var rig = try ProgressRig()
        rig.stream.serverStart = .max - 60
        _ = try rig.stream.request(0..<10, 1)
        _ = try rig.stream.reply(0..<50, acknowledging: 10, carries: 1)
        _ = try rig.stream.reply(50..<200, acknowledging: 10)
        try rig.acknowledge(200)
        #expect(try rig.events().map(\.bytes) == [200])
    }
}
