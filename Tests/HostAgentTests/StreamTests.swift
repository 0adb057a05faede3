// SPDX-License-Identifier: Apache-2.0

import BPF
import Glibc
import Journeys
import TelemetryFormats
import Testing
import ThrowawayPlaces

@testable import HostAgent

/// A TCP connection whose segments are fed to the programs. Numbers count from the first byte of either side, wherever
/// its sequence numbers begin. There is no socket: the programs know only what they see.
struct StreamRig: ~Copyable {
    let rig: ProgramRig
    var family = RequestFrame.Family.ipv4
    var clientStart: UInt32 = 1000
    var serverStart: UInt32 = 5000
    private var ordinal: UInt64 = 0

    init() throws { rig = try ProgramRig() }

    func frame(_ seed: UInt8) -> RequestFrame { RequestFrame(level: 2, family: family, seed: seed) }

    /// A segment of the client's, with telemetry. `seed` distinguishes its records from others'.
    func request(
        _ bytes: Range<UInt32>, acknowledging acknowledged: UInt32 = 0, _ seed: UInt8,
        flags: UInt8 = Segment.push | Segment.ack
    ) throws -> [FrameReason: UInt64] {
        var request = frame(seed)
        request.payload = [UInt8](repeating: seed, count: bytes.count)
        request.segment = Segment(
            sequence: clientStart &+ bytes.lowerBound, acknowledged: serverStart &+ acknowledged, flags: flags)
        let (received, counted) = try rig.receive(request.bytes)
        #expect(received == request.stripped)
        return counted
    }

    /// A segment of the server's. Expects the telemetry of the request of this seed on it, or none.
    mutating func reply(
        _ bytes: Range<UInt32>, acknowledging acknowledged: UInt32, carries seed: UInt8? = nil,
        flags: UInt8 = Segment.push | Segment.ack, packet: PacketContext? = nil
    ) throws -> [FrameReason: UInt64] {
        var reply = frame(seed ?? 0)
        reply.payload = [UInt8](repeating: 0xaa, count: bytes.count)
        reply.segment = Segment(
            sequence: serverStart &+ bytes.lowerBound, acknowledged: clientStart &+ acknowledged, flags: flags)
        let (sent, counted) = try rig.send(reply.reply, packet: packet)
        lateness = nil
        if case .telemetry(let telemetry) = TelemetryFrame.decode(sent.span) {
            lateness = telemetry.host?.details?.late
        }
        if seed == nil {
            #expect(sent == reply.reply)
        } else {
            ordinal += 1
            rig.expectRestored(sent, to: reply, ordinal: ordinal)
        }
        return counted
    }

    /// How much later than the reply's first frame the telemetry of the last reply left.
    private(set) var lateness: Nanoseconds?

    var waiting: Int { get throws { try rig.programs.waiting() } }
}

@Suite(.needsRoot) struct StreamTests {
    @Test(arguments: [RequestFrame.Family.ipv4, .ipv6])
    func firstSegmentWithPayloadThatAcknowledgesTheRequestCarriesItsTelemetry(_ family: RequestFrame.Family) throws {
        var stream = try StreamRig()
        stream.family = family
        #expect(try stream.request(0..<100, 1) == [.xdpSaved: 1])
        let before = stream.lateness
        #expect(before == nil)
        // Of an earlier request, which had no telemetry.
        #expect(try stream.reply(0..<50, acknowledging: 99) == [.tcNotDue: 1])
        #expect(try stream.reply(50..<50, acknowledging: 100, flags: Segment.ack) == [.tcOther: 1])
        #expect(try stream.reply(50..<90, acknowledging: 100, carries: 1) == [.tcRestored: 1])
        #expect(try stream.reply(90..<95, acknowledging: 100) == [.tcUnmatched: 1])
        #expect(try stream.waiting == 0)
    }

    @Test(arguments: [RequestFrame.Family.ipv4, .ipv6])
    func requestsInFlightAreAnsweredInOrder(_ family: RequestFrame.Family) throws {
        var stream = try StreamRig()
        stream.family = family
        for number in 0..<5 as Range<UInt32> {
            #expect(try stream.request(number * 10..<number * 10 + 10, UInt8(number)) == [.xdpSaved: 1])
        }
        for number in 0..<5 as Range<UInt32> {
            let counted = try stream.reply(
                number * 70..<number * 70 + 70, acknowledging: 50, carries: UInt8(number))
            #expect(counted == [.tcRestored: 1])
        }
        #expect(try stream.waiting == 0)
    }

    /// What the application sent at once ends with PSH; the segments before it are one reply.
    @Test func segmentsOfOneReplyAnswerOneRequest() throws {
        var stream = try StreamRig()
        _ = try stream.request(0..<10, 1)
        _ = try stream.request(10..<20, 2)
        _ = try stream.reply(0..<100, acknowledging: 20, carries: 1, flags: Segment.ack)
        #expect(try stream.reply(100..<200, acknowledging: 20, flags: Segment.ack) == [.tcNotDue: 1])
        #expect(try stream.reply(200..<250, acknowledging: 20) == [.tcNotDue: 1])
        _ = try stream.reply(250..<300, acknowledging: 20, carries: 2)
    }

    @Test func requestThatIsSentAgainIsKeptOnce() throws {
        var stream = try StreamRig()
        _ = try stream.request(0..<10, 1)
        #expect(try stream.request(0..<10, 2) == [.xdpRepeated: 1])
        #expect(try stream.request(3..<10, 3) == [.xdpRepeated: 1])
        #expect(try stream.request(0..<5, 4) == [.xdpRepeated: 1])
        _ = try stream.reply(0..<20, acknowledging: 10, carries: 1)
        #expect(try stream.waiting == 0)
    }

    @Test func requestThatIsSentAgainAfterItsReplyIsNotKept() throws {
        var stream = try StreamRig()
        _ = try stream.request(0..<10, 1)
        _ = try stream.reply(0..<20, acknowledging: 10, carries: 1)
        #expect(try stream.request(0..<10, 2) == [.xdpRepeated: 1])
        #expect(try stream.waiting == 0)
        _ = try stream.request(10..<20, acknowledging: 20, 3)
        _ = try stream.reply(20..<40, acknowledging: 20, carries: 3)
    }

    @Test func segmentsThatOvertakeEachOtherAreAnsweredInTheOrderOfTheirBytes() throws {
        var stream = try StreamRig()
        _ = try stream.request(10..<20, 2)
        #expect(try stream.reply(0..<5, acknowledging: 0) == [.tcNotDue: 1])
        _ = try stream.request(0..<10, 1)
        _ = try stream.reply(5..<20, acknowledging: 20, carries: 1)
        _ = try stream.reply(20..<40, acknowledging: 20, carries: 2)
    }

    @Test func replyThatIsSentAgainAnswersNothing() throws {
        var stream = try StreamRig()
        _ = try stream.request(0..<10, 1)
        _ = try stream.request(10..<20, 2)
        _ = try stream.reply(0..<100, acknowledging: 10, carries: 1)
        #expect(try stream.reply(0..<100, acknowledging: 20) == [.tcNotDue: 1])
        #expect(try stream.reply(50..<100, acknowledging: 20) == [.tcNotDue: 1])
        _ = try stream.reply(100..<150, acknowledging: 20, carries: 2)
    }

    /// The client had the bytes before it asked, so they do not answer it.
    @Test func bytesThatTheClientHadAnswerNothing() throws {
        var stream = try StreamRig()
        _ = try stream.request(0..<10, acknowledging: 300, 1)
        #expect(try stream.reply(200..<300, acknowledging: 10) == [.tcNotDue: 1])
        _ = try stream.reply(300..<310, acknowledging: 10, carries: 1)
    }

    @Test func sequenceNumbersWrap() throws {
        var stream = try StreamRig()
        stream.clientStart = .max - 14
        stream.serverStart = .max - 49
        _ = try stream.request(0..<10, 1)
        _ = try stream.request(10..<20, 2)
        _ = try stream.reply(0..<40, acknowledging: 10, carries: 1)
        #expect(try stream.reply(40..<80, acknowledging: 19) == [.tcNotDue: 1])
        _ = try stream.reply(80..<90, acknowledging: 20, carries: 2)
        #expect(try stream.request(10..<20, 3) == [.xdpRepeated: 1])
        _ = try stream.request(20..<30, acknowledging: 90, 4)
        _ = try stream.reply(90..<99, acknowledging: 30, carries: 4)
    }

    /// The client sent them at once: no segment but the last has PSH.
    @Test func lastSegmentStandsForARequestOfSeveral() throws {
        var stream = try StreamRig()
        #expect(try stream.request(0..<100, 1, flags: Segment.ack) == [.xdpSaved: 1])
        #expect(try stream.request(100..<200, 2, flags: Segment.ack) == [.xdpSaved: 1, .xdpSuperseded: 1])
        #expect(try stream.request(200..<250, 3) == [.xdpSaved: 1, .xdpSuperseded: 1])
        #expect(try stream.waiting == 1)
        #expect(try stream.reply(0..<9, acknowledging: 200) == [.tcNotDue: 1])
        _ = try stream.reply(9..<20, acknowledging: 250, carries: 3)
    }

    @Test(arguments: [
        Segment.syn | Segment.ack, Segment.rst, Segment.rst | Segment.ack, Segment.fin | Segment.ack,
    ])
    func endOfAConnectionDropsWhatWaits(_ flags: UInt8) throws {
        var stream = try StreamRig()
        _ = try stream.request(0..<10, 1)
        _ = try stream.request(10..<20, 2)
        #expect(try stream.reply(0..<0, acknowledging: 10, flags: flags) == [.tcOther: 1, .tcClosed: 2])
        #expect(try stream.waiting == 0)
        // The next connection of these ports begins again.
        #expect(try stream.request(5..<10, 3) == [.xdpSaved: 1])
    }

    @Test func lastReplyMayCloseTheConnection() throws {
        var stream = try StreamRig()
        _ = try stream.request(0..<10, 1, flags: Segment.push | Segment.ack | Segment.fin)
        _ = try stream.reply(0..<10, acknowledging: 11, carries: 1, flags: Segment.push | Segment.ack | Segment.fin)
    }

    /// The time is that of the segment that answered, the frame any later one that has room.
    @Test func telemetryWaitsForASegmentWithRoom() throws {
        var stream = try StreamRig()
        _ = try stream.request(0..<10, 1)
        _ = try stream.request(10..<20, 2)
        #expect(try stream.reply(0..<900, acknowledging: 20, packet: .superPacket) == [.tcSegmented: 1])
        // It answers the second request, whose telemetry it has room for; the first's is for what is left.
        usleep(5000)
        _ = try stream.reply(900..<950, acknowledging: 20, carries: 2)
        let second = stream.lateness
        _ = try stream.reply(950..<960, acknowledging: 20, carries: 1)
        let first = stream.lateness ?? 0
        #expect(second == nil && first > 4_500_000)
        #expect(try stream.waiting == 0)
    }

    @Test func telemetryThatWaitsTooLongForRoomIsDropped() throws {
        var stream = try StreamRig()
        _ = try stream.request(0..<10, 1)
        #expect(try stream.reply(0..<900, acknowledging: 10, packet: .superPacket) == [.tcSegmented: 1])
        usleep(1_100_000)
        #expect(try stream.reply(900..<950, acknowledging: 10) == [.tcUnmatched: 1, .tcExpired: 1])
        #expect(try stream.waiting == 0)
    }

    /// As HTTP/2's window updates. What is left over shows that the connection has them; then the newest request is
    /// taken to be the one that is answered.
    @Test func segmentsThatAreNeverAnsweredDoNotShiftTheOthers() throws {
        var stream = try StreamRig()
        _ = try stream.request(0..<10, 1)
        _ = try stream.reply(0..<100, acknowledging: 10, carries: 1)
        #expect(try stream.request(10..<13, acknowledging: 100, 50) == [.xdpSaved: 1])
        usleep(100_000)
        #expect(try stream.request(13..<30, acknowledging: 100, 2) == [.xdpSaved: 1, .xdpSuperseded: 1])
        _ = try stream.reply(100..<200, acknowledging: 30, carries: 2)
        for number in 1..<4 as Range<UInt32> {
            _ = try stream.request(number * 30..<number * 30 + 5, acknowledging: 100 + 100 * number, 50)
            _ = try stream.request(number * 30 + 5..<number * 30 + 30, acknowledging: 100 + 100 * number, UInt8(number))
            let counted = try stream.reply(
                100 + number * 100..<200 + number * 100, acknowledging: number * 30 + 30, carries: UInt8(number))
            #expect(counted == [.tcRestored: 1, .xdpSuperseded: 1])
        }
        #expect(try stream.waiting == 0)
    }

    @Test func datagramsAndSegmentsWithEqualEndsAreTwoThings() throws {
        var stream = try StreamRig()
        let datagram = RequestFrame(requestID: 0, seed: 7)
        _ = try stream.request(0..<10, 1)
        _ = try stream.rig.receive(datagram.bytes)
        #expect(try stream.waiting == 2)
        _ = try stream.reply(0..<10, acknowledging: 10, carries: 1)
        stream.rig.expectRestored(try stream.rig.send(datagram.reply).0, to: datagram, ordinal: 2)
    }

    @Test func tagsAndOptionsMakeNoDifference() throws {
        let rig = try ProgramRig()
        var request = RequestFrame(level: 5, tags: [3, 4], segment: Segment(options: 20), ipOptions: 8)
        _ = try rig.receive(request.bytes)
        request.segment = Segment(sequence: 5000, acknowledged: 1020, options: 0)
        rig.expectRestored(try rig.send(request.reply).0, to: request, ordinal: 1)
    }
}
