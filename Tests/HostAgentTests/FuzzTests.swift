// SPDX-License-Identifier: Apache-2.0

import Addresses
import Journeys
import LinuxSystem
import TelemetryFormats
import Testing
import ThrowawayPlaces
import Wire

@testable import HostAgent

/// Frames as nobody should send them, through both programs by BPF_PROG_TEST_RUN, judged by the collector's decoder.
///
/// P4NI_FUZZ_FRAMES is how many, 6,000 by default; P4NI_FUZZ_SEED which. A failure prints the frame.
@Suite(.needsRoot) struct FuzzTests {
    private static let environment = SpawnRequest.environmentOfCaller()
    private let frames = environment["P4NI_FUZZ_FRAMES"].flatMap { Int($0) } ?? 6000
    private let seed = environment["P4NI_FUZZ_SEED"].flatMap { UInt64($0) } ?? 20_261_123

    @Test func requestLosesExactlyItsTelemetryOrNothingAndGetsBackWhatItLost() throws {
        let rig = try ProgramRig(maximumRequests: 64, referenceLevel: 2)
        var random = SeededGenerator(seed: seed)
        var tally: [FrameReason: Int] = [:]
        for number in 0..<frames {
            let frame = FuzzedFrame(using: &random).bytes
            let (received, counted) = try rig.receive(frame)
            let reason = try #require(Self.reason(counted), "frame \(number): \(counted) \(hex(frame))")
            tally[reason, default: 0] += 1
            #expect(
                isRight(frame, received, reason),
                "frame \(number): \(reason.name) \(hex(frame)) became \(hex(received))")
            // A reply to a TCP segment takes more than its bytes: see StreamTests.
            if reason == .xdpSaved, let reply = ReplyFrame(to: received) {
                try expectTelemetry(of: frame, received, with: reply, rig)
            }
        }
        // What the run is for was there.
        for reason in [
            FrameReason.xdpSaved, .xdpReturned, .xdpShort, .xdpChain, .xdpCount, .xdpLevel, .xdpInnerShort, .xdpDamaged,
        ] {
            #expect(tally[reason, default: 0] > frames / 200, "\(reason.name) of \(tally)")
        }
        // Nothing is left behind that no reply can fetch: every slot can still be used.
        #expect(try rig.programs.waiting() <= StoreLayout(maximumRequests: 64).slots)
    }

    /// What is sent has the same parser to pass, and nothing of it is ever taken away.
    @Test func sentFrameIsNeverChanged() throws {
        let rig = try ProgramRig()
        var random = SeededGenerator(seed: seed ^ 1)
        for number in 0..<frames / 3 {
            var frame = FuzzedFrame(using: &random).bytes
            // Without the shim's type two thirds get as far as the inner packet.
            if random.happens(in: 66) { frame = RequestFrame().link(0x0800) + frame.suffix(max(20, frame.count - 130)) }
            // The kernel runs none for TC that ends within the IP header its EtherType announces.
            frame += [UInt8](repeating: 0, count: max(0, 54 - frame.count))
            let (sent, counted) = try rig.send(frame)
            #expect(sent == frame, "frame \(number): \(hex(frame))")
            #expect(counted == [.tcOther: 1] || counted == [.tcUnmatched: 1], "\(counted)")
        }
    }

    /// The one reason under which the frame was counted.
    private static func reason(_ counted: [FrameReason: UInt64]) -> FrameReason? {
        let reasons = counted.filter { !$0.key.isOnTop }
        return reasons.count == 1 && reasons.values.first == 1 ? reasons.keys.first : nil
    }

    private func isRight(_ frame: [UInt8], _ received: [UInt8], _ reason: FrameReason) -> Bool {
        let reading = TelemetryDecoder(referenceLevel: .standard).decode(frame.span)
        switch reason {
        case .xdpSaved, .xdpReturned, .xdpProtocol, .xdpNoID, .xdpNoRequest, .xdpUnclear, .xdpRepeated,
            .xdpDamaged:
            guard case .journey(let read) = reading else { return false }
            return received == stripped(frame, read) && (read.host == nil) == (reason != .xdpReturned)
        case .xdpPlain:
            return received == frame && reading == .plain
        case .xdpFragment, .xdpInnerShort:
            // The decoder takes fragments and packets that are cut, the host does not.
            guard received == frame else { return false }
            if case .journey = reading { return true }
            return reading == .malformed(.shortInner)
        default:
            guard received == frame, case .malformed(let why) = reading else { return false }
            return Int(why.rawValue) == reason.rawValue
        }
    }

    /// The frame without what the decoder takes for telemetry.
    private func stripped(_ frame: [UInt8], _ read: JourneyReport) -> [UInt8] {
        var link = 14
        while frame[link - 2] != 0x12 || frame[link - 1] != 0x12 { link += 4 }
        let inner = link + read.telemetry.total
        let etherType: UInt16 = if case .v6(_) = read.flow.source { 0x86DD } else { 0x0800 }
        return frame[..<(link - 2)] + big(etherType) + frame[inner...]
    }

    /// The telemetry comes back with the reply: every byte that is not the host's own.
    private func expectTelemetry(
        of frame: [UInt8], _ received: [UInt8], with reply: ReplyFrame, _ rig: borrowing ProgramRig
    ) throws {
        let kept = frame.count - received.count
        let (sent, counted) = try rig.send(reply.bytes)
        #expect(counted == [.tcRestored: 1], "\(hex(frame))")
        let link = reply.link
        let added = sent.count - reply.bytes.count
        let level = frame[link]
        guard added == kept + 18 || added == kept + 60 else {
            Issue.record("\(added) bytes came back of \(hex(frame))")
            return
        }
        #expect(sent[..<(link - 2)] == reply.bytes[..<(link - 2)] && sent[(link - 2)..<link] == [0x12, 0x12])
        #expect(sent[link] == level && sent[link + 3] == frame[link + 3])
        // After the shim all is unchanged, except the type that announces the host's record, and for a source record's
        // count of the requests that have arrived.
        let hasSource = level != 0 && frame[link + 1] & 0x08 != 0
        let same = kept - (hasSource ? 6 : 2)
        #expect(Array(sent[link + 4..<link + same]) == Array(frame[link + 4..<link + same]), "\(hex(frame))")
        if hasSource { #expect(sent[link + same..<link + same + 4].contains { $0 != 0 }, "\(hex(frame))") }
        #expect(Array(sent[(link + added)...]) == Array(reply.bytes[link...]), "\(hex(frame))")
    }

    private func hex(_ bytes: [UInt8]) -> String {
        bytes.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    }
}

/// The answer to a UDP request, its ends exchanged and all else as it was; nil for other packets.
private struct ReplyFrame {
    let bytes: [UInt8]
    /// Bytes in front of the IP header.
    let link: Int

    init?(to request: [UInt8]) {
        var reply = request
        var link = 14
        while link < 22, request.count > link + 1, [0x81, 0x88].contains(request[link - 2]) { link += 4 }
        guard request.count >= link + 28 else { return nil }
        let isIPv4 = request[link] >> 4 == 4
        let addresses = isIPv4 ? (link + 12, 4) : (link + 8, 16)
        let ports = link + (isIPv4 ? Int(request[link] & 15) * 4 : 40)
        guard request.count >= ports + 8, request[link + (isIPv4 ? 9 : 6)] == 17 else { return nil }
        for (first, size) in [addresses, (ports, 2)] {
            reply.replaceSubrange(first..<first + size, with: request[first + size..<first + 2 * size])
            reply.replaceSubrange(first + size..<first + 2 * size, with: request[first..<first + size])
        }
        bytes = reply
        self.link = link
    }
}
