// SPDX-License-Identifier: Apache-2.0

import BPF
import Testing
import ThrowawayPlaces

@testable import HostAgent

/// One well-formed request of the tables.
struct WellFormed: Sendable, CustomTestStringConvertible {
    let level: Int
    let isReference: Bool
    let records: Int
    let tags: [UInt16]
    let family: RequestFrame.Family
    var ipOptions = 0
    var hasSource = false

    var frame: RequestFrame {
        var frame = RequestFrame()
        frame.hasSource = hasSource
        frame.flags = (hasSource ? 0x08 : 0) | (family == .ipv6 ? 0x20 : 0)
        if isReference { frame.flags = 0 }
        frame.level = level
        frame.shimLevel = isReference ? 0 : nil
        frame.records = records
        frame.tags = tags
        frame.family = family
        frame.ipOptions = ipOptions
        return frame
    }

    var testDescription: String {
        "level \(isReference ? "0 as " : "")\(level), \(records) records, \(tags.count) tags, \(family), options \(ipOptions)"
            + (hasSource ? ", source record" : "")
    }

    static let table: [WellFormed] = {
        var rows: [WellFormed] = []
        for (level, isReference) in [(1, true), (2, true), (3, true), (4, true)] + (1...6).map({ ($0, false) }) {
            for records in [1, 3, 9, 18, 20] {
                rows.append(
                    WellFormed(level: level, isReference: isReference, records: records, tags: [], family: .ipv4))
            }
        }
        for tags: [UInt16] in [[], [7], [7, 9]] {
            for family in [RequestFrame.Family.ipv4, .ipv6] {
                rows.append(WellFormed(level: 2, isReference: false, records: 6, tags: tags, family: family))
                rows.append(WellFormed(level: 3, isReference: true, records: 20, tags: tags, family: family))
            }
        }
        for level in 1...6 {
            for records in [0, 1, 20] {
                for family in [RequestFrame.Family.ipv4, .ipv6] {
                    rows.append(
                        WellFormed(
                            level: level, isReference: false, records: records, tags: [], family: family,
                            hasSource: true))
                }
            }
            rows.append(WellFormed(level: level, isReference: false, records: 3, tags: [5], family: .ipv6))
        }
        for options in [4, 40] {
            rows.append(
                WellFormed(level: 1, isReference: false, records: 1, tags: [], family: .ipv4, ipOptions: options))
        }
        return rows
    }()
}

@Suite(.needsRoot) struct SaveAndRestoreTests {
    @Test(arguments: WellFormed.table)
    func telemetryIsStrippedFromTheRequestAndEveryByteOfItComesBackWithTheReply(_ row: WellFormed) throws {
        let rig = try ProgramRig(referenceLevel: row.isReference ? row.level : 2)
        for ordinal in 1...3 as ClosedRange<UInt64> {
            var request = row.frame
            request.requestID = UInt32(ordinal) << 20
            request.seed = UInt8(ordinal)
            let (received, counted) = try rig.receive(request.bytes)
            #expect(received == request.stripped)
            #expect(counted == [.xdpSaved: 1])
            #expect(try rig.programs.waiting() == 1)
            let (sent, sentCounted) = try rig.send(request.reply)
            rig.expectRestored(sent, to: request, ordinal: ordinal)
            #expect(sentCounted == [.tcRestored: 1])
            #expect(try rig.programs.waiting() == 0)
        }
    }

    @Test(arguments: 1...6) func legacyHostKeepsToTheReferencesRecordWhereItCanBeAnnounced(_ level: Int) throws {
        let rig = try ProgramRig(isLegacy: true)
        for hasSource in [false, true] {
            var request = RequestFrame()
            request.level = level
            request.hasSource = hasSource
            request.flags = hasSource ? 0x08 : 0
            request.isLegacy = true
            _ = try rig.receive(request.bytes)
            let (sent, _) = try rig.send(request.reply)
            rig.expectRestored(sent, to: request, ordinal: hasSource ? 2 : 1)
        }
    }

    @Test func telemetryGoesOutOnce() throws {
        let rig = try ProgramRig()
        let request = RequestFrame()
        _ = try rig.receive(request.bytes)
        _ = try rig.send(request.reply)
        let (second, counted) = try rig.send(request.reply)
        #expect(second == request.reply)
        #expect(counted == [.tcUnmatched: 1])
    }

    /// Each row differs from the request that is saved in one part of the key.
    @Test(arguments: 0..<4)
    func replyToAnotherRequestGoesOutPlain(_ part: Int) throws {
        let rig = try ProgramRig()
        let request = RequestFrame()
        _ = try rig.receive(request.bytes)
        var other = request
        switch part {
        case 0: other.requestID += 1
        case 1: other.sourcePort += 1
        case 2: other.destinationPort += 1
        default: other.family = .ipv6
        }
        let (sent, counted) = try rig.send(other.reply)
        #expect(sent == other.reply)
        #expect(counted == [.tcUnmatched: 1])
        // Not reversed either: a frame with the request's own direction is not a reply.
        #expect(try rig.send(request.stripped).0 == request.stripped)
        rig.expectRestored(try rig.send(request.reply).0, to: request, ordinal: 1)
    }

    @Test func requestsWithOneKeyAreAnsweredInOrder() throws {
        let rig = try ProgramRig()
        var requests: [RequestFrame] = []
        for seed in 1...5 as ClosedRange<UInt8> {
            var request = RequestFrame()
            request.seed = seed
            request.records = Int(seed)
            requests.append(request)
            #expect(try rig.receive(request.bytes).1 == [.xdpSaved: 1])
        }
        for (index, request) in requests.enumerated() {
            rig.expectRestored(try rig.send(request.reply).0, to: request, ordinal: UInt64(index + 1))
        }
        #expect(try rig.send(requests[0].reply).1 == [.tcUnmatched: 1])
    }

    @Test func levelsMixInOneStore() throws {
        let rig = try ProgramRig(referenceLevel: 4)
        var requests: [RequestFrame] = []
        for index in 0..<24 {
            var request = RequestFrame()
            request.level = index % 7 == 0 ? 4 : index % 7
            request.shimLevel = index % 7 == 0 ? 0 : nil
            request.records = index % 20 + 1
            request.requestID = UInt32(index)
            request.seed = UInt8(index)
            requests.append(request)
            #expect(try rig.receive(request.bytes).1 == [.xdpSaved: 1])
        }
        for (index, request) in requests.reversed().enumerated() {
            rig.expectRestored(try rig.send(request.reply).0, to: request, ordinal: UInt64(index + 1))
        }
    }

    @Test(arguments: [1, 2, 3, 4, 5, 6], [false, true])
    func replyThatAHostHasAnsweredAlreadyIsOnlyStripped(_ level: Int, _ isExtended: Bool) throws {
        let rig = try ProgramRig()
        // Without a next_proto there is no telling a short host record.
        guard isExtended || level < 5 else { return }
        for hasSource in [false, true] {
            var request = RequestFrame(level: level, hasSource: hasSource, hostRecord: 0x0800)
            request.hostRecordIsExtended = isExtended
            request.flags = hasSource ? 0x88 : 0x80
            request.forward = 2
            let (received, counted) = try rig.receive(request.bytes)
            #expect(received == request.stripped)
            #expect(counted == [.xdpReturned: 1])
            #expect(try rig.programs.waiting() == 0)
        }
    }

    @Test func segmentedReplyGoesOutPlainAndTheTelemetryWaits() throws {
        let rig = try ProgramRig()
        let request = RequestFrame()
        _ = try rig.receive(request.bytes)
        var packet = PacketContext()
        packet.segmentSize = 10
        packet.segments = 3
        let (sent, counted) = try rig.send(request.reply, packet: packet)
        #expect(sent == request.reply)
        #expect(counted == [.tcSegmented: 1])
        rig.expectRestored(try rig.send(request.reply).0, to: request, ordinal: 1)
    }

    @Test func framesWithoutTelemetryAreLeftAlone() throws {
        let rig = try ProgramRig()
        let request = RequestFrame()
        let arp = request.link(0x0806) + [UInt8](repeating: 1, count: 46)
        for frame in [request.stripped, arp] {
            let (received, counted) = try rig.receive(frame)
            #expect(received == frame)
            #expect(counted == [.xdpPlain: 1])
        }
        var acknowledgement = request
        acknowledgement.segment = Segment(flags: Segment.ack)
        acknowledgement.payload = []
        let answers: [([UInt8], FrameReason)] = [
            (arp, .tcOther), (request.bytes, .tcOther), (acknowledgement.reply, .tcUnmatched),
            (request.reply, .tcUnmatched),
        ]
        for (frame, reason) in answers {
            let (sent, counted) = try rig.send(frame)
            #expect(sent == frame)
            #expect(counted == [reason: 1])
        }
    }
}
