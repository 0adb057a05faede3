// SPDX-License-Identifier: Apache-2.0

import BPF
import CHostPrograms
import Testing
import ThrowawayPlaces

@testable import HostAgent

/// Requests without telemetry get replies without, whatever others sent under the same key.
@Suite(.needsRoot) struct PlainRequestTests {
    private static let keys: [RequestFrame] = [
        RequestFrame(), RequestFrame(family: .ipv6), RequestFrame(tags: [4, 5], ipOptions: 4),
        RequestFrame(checksumError: 1),
    ]

    /// The plain request's checksum may be left to a card that does not exist, so it is not looked at.
    @Test(arguments: keys) func plainRequestDropsWhatWaitsUnderItsKey(_ plain: RequestFrame) throws {
        let rig = try ProgramRig()
        var request = plain
        request.checksumError = 0
        for seed in 1...3 as ClosedRange<UInt8> {
            request.seed = seed
            #expect(try rig.receive(request.bytes).1 == [.xdpSaved: 1])
        }
        #expect(try rig.receive(plain.stripped) == (plain.stripped, [.xdpPlain: 1, .xdpDiscarded: 3]))
        #expect(try rig.programs.waiting() == 0)
        for _ in 0..<4 { #expect(try rig.send(request.reply) == (request.reply, [.tcUnmatched: 1])) }
    }

    @Test(arguments: 0..<4) func plainRequestWithAnotherKeyDropsNothing(_ part: Int) throws {
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
        #expect(try rig.receive(other.stripped).1 == [.xdpPlain: 1])
        rig.expectRestored(try rig.send(request.reply).0, to: request, ordinal: 1)
    }

    @Test func firstFragmentIsAPlainRequestAndOthersAreNot() throws {
        let rig = try ProgramRig()
        var fragment = RequestFrame()
        _ = try rig.receive(fragment.bytes)
        fragment.fragment = 0x2001
        #expect(try rig.receive(fragment.stripped).1 == [.xdpPlain: 1])
        fragment.fragment = 0x2000
        fragment.udpLengthError = 4000
        #expect(try rig.receive(fragment.stripped).1 == [.xdpPlain: 1, .xdpDiscarded: 1])
    }

    @Test(arguments: ["udp/1234=none", "udp/1234=dns", "udp/1234=offset:2,width:8"])
    func keyIsTheOneOfThePortsRule(_ rule: String) throws {
        let rig = try ProgramRig(rules: [try #require(MatchingRule(rule))])
        let request = RequestFrame()
        _ = try rig.receive(request.bytes)
        var plain = request
        plain.payload[12] ^= 1
        #expect(try rig.receive(plain.stripped).1 == [.xdpPlain: 1, .xdpDiscarded: 1])
        #expect(try rig.send(plain.reply).0 == plain.reply)
    }

    /// A reply does not say whose it is: until the plain request has its own, no telemetry may wait.
    @Test func nothingIsKeptWhileAPlainRequestIsUnanswered() throws {
        let rig = try ProgramRig()
        let request = RequestFrame()
        _ = try rig.receive(request.bytes)
        rig.expectRestored(try rig.send(request.reply).0, to: request, ordinal: 1)
        #expect(try rig.receive(request.stripped).1 == [.xdpPlain: 1])
        for _ in 0..<3 { #expect(try rig.receive(request.bytes) == (request.stripped, [.xdpContested: 1])) }
        for _ in 0..<4 { #expect(try rig.send(request.reply) == (request.reply, [.tcUnmatched: 1])) }
        // All four have their replies.
        #expect(try rig.receive(request.bytes).1 == [.xdpSaved: 1])
        rig.expectRestored(try rig.send(request.reply).0, to: request, ordinal: 2)
    }

    @Test func requestsOfOneKeyWithAndWithoutTelemetryInTurnKeepIt() throws {
        let rig = try ProgramRig()
        let request = RequestFrame()
        for ordinal in 1...20 as ClosedRange<UInt64> {
            #expect(try rig.receive(request.bytes).1 == [.xdpSaved: 1])
            rig.expectRestored(try rig.send(request.reply).0, to: request, ordinal: ordinal)
            for _ in 0..<3 {
                #expect(try rig.receive(request.stripped).1 == [.xdpPlain: 1])
                #expect(try rig.send(request.reply).1 == [.tcUnmatched: 1])
            }
        }
    }

    /// A plain request that is never answered prevents nothing after one period.
    @Test func whatIsNeverAnsweredIsForgotten() throws {
        let rig = try ProgramRig()
        let request = RequestFrame()
        _ = try rig.receive(request.bytes)
        _ = try rig.send(request.reply)
        _ = try rig.receive(request.stripped)
        for _ in 0..<3 {
            _ = try rig.receive(request.stripped)
            _ = try rig.send(request.reply)
        }
        #expect(try rig.receive(request.bytes).1 == [.xdpContested: 1])
        _ = try rig.send(request.reply)
        try endPeriods(of: rig)
        #expect(try rig.receive(request.bytes).1 == [.xdpSaved: 1])
    }

    /// Puts the beginning of every key's period back.
    private func endPeriods(of rig: borrowing ProgramRig) throws {
        let map = try rig.programs.maps.map("p4ni_contests")
        for number in 0..<UInt32(P4NI_CONTESTS) {
            var entry: UInt64 = 0
            try map.value.read(&entry, at: number)
            guard entry & UInt64(P4NI_CONTEST_MOST) > 0 else { continue }
            let since = UInt16(truncatingIfNeeded: entry >> UInt64(P4NI_CONTEST_TIME_SHIFT))
            let earlier = UInt64(since &- UInt16(P4NI_CONTEST_PERIOD) &- 1) << UInt64(P4NI_CONTEST_TIME_SHIFT)
            entry = entry & ~(0xffff << UInt64(P4NI_CONTEST_TIME_SHIFT)) | earlier
            try map.value.write(entry, at: number)
        }
    }

    /// Segments of a connection: only what stands for the same bytes is dropped.
    @Test(arguments: [RequestFrame.Family.ipv4, .ipv6])
    func plainSegmentDropsWhatWaitsForItsBytes(_ family: RequestFrame.Family) throws {
        let stream = try StreamRig()
        var plain = RequestFrame(family: family, payload: [UInt8](repeating: 8, count: 10))
        func segment(_ start: UInt32) -> [UInt8] {
            plain.segment = Segment(sequence: start)
            return plain.stripped
        }
        var request = plain
        request.segment = Segment(sequence: 1000)
        _ = try stream.rig.receive(request.bytes)
        #expect(try stream.rig.receive(segment(990)).1 == [.xdpPlain: 1])
        #expect(try stream.rig.receive(segment(1010)).1 == [.xdpPlain: 1])
        #expect(try stream.rig.receive(segment(1005)).1 == [.xdpPlain: 1, .xdpDiscarded: 1])
        request.segment = Segment(sequence: 5000, acknowledged: 1010)
        #expect(try stream.rig.send(request.reply) == (request.reply, [.tcUnmatched: 1]))
    }
}
