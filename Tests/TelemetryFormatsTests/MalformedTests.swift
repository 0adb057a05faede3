// SPDX-License-Identifier: Apache-2.0

import Addresses
import AnnotatedHex
import Journeys
import TelemetryFormats
import Testing
import Wire

/// One change to a good frame, and what it must be refused for. Offsets are from the shim.
struct Damage: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var golden: [UInt8] = GoldenFrames.minimal
    var shim = 14
    var changes: [Int: UInt8]
    var reason: Malformed

    static let all = [
        Damage(testDescription: "level 7", changes: [0: 7], reason: .unknownLevel),
        Damage(testDescription: "level 255", changes: [0: 255], reason: .unknownLevel),
        Damage(testDescription: "no records", changes: [3: 0], reason: .countOutOfRange),
        Damage(testDescription: "21 records", changes: [3: 21], reason: .countOutOfRange),
        Damage(
            testDescription: "reference count of 257", golden: GoldenFrames.reference, changes: [2: 1],
            reason: .countOutOfRange),
        Damage(
            testDescription: "reference count of 2^31", golden: GoldenFrames.reference, changes: [1: 0x80],
            reason: .countOutOfRange),
        Damage(testDescription: "3 of 2 forward", changes: [2: 3], reason: .forwardBeyondCount),
        Damage(testDescription: "fewer records than the chain", changes: [3: 1], reason: .chainDisagrees),
        Damage(testDescription: "more records than the chain", changes: [3: 3], reason: .chainDisagrees),
        Damage(testDescription: "host record without flag", changes: [1: 0], reason: .chainDisagrees),
        Damage(
            testDescription: "flag without host record", golden: GoldenFrames.discretized, changes: [1: 0x80],
            reason: .chainDisagrees),
        Damage(testDescription: "chain that breaks off", changes: [12: 0x00], reason: .chainDisagrees),
        Damage(testDescription: "second host record", changes: [38: 0x12, 39: 0x14], reason: .chainDisagrees),
        Damage(
            testDescription: "record after the host record", changes: [38: 0x12, 39: 0x13], reason: .chainDisagrees),
        Damage(
            testDescription: "source record without flag", golden: GoldenFrames.begun, changes: [1: 0x80],
            reason: .chainDisagrees),
        Damage(
            testDescription: "flag without source record", golden: GoldenFrames.discretized, changes: [1: 0x08],
            reason: .chainDisagrees),
        Damage(
            testDescription: "no records and no source record", golden: GoldenFrames.fresh, changes: [1: 0],
            reason: .countOutOfRange),
        Damage(
            testDescription: "second source record", golden: GoldenFrames.begun, changes: [33: 0x12, 34: 0x17],
            reason: .chainDisagrees),
        Damage(
            testDescription: "source record in the reference's form", golden: GoldenFrames.reference,
            changes: [74: 0x12, 75: 0x17], reason: .chainDisagrees),
        Damage(testDescription: "second shim", changes: [38: 0x12, 39: 0x12], reason: .nestedShim),
        Damage(
            testDescription: "an extended host record's type before a plain one", changes: [21: 0x16],
            reason: .recordsBeyondFrame),
        Damage(
            testDescription: "second host record after an extended one", golden: GoldenFrames.extended,
            changes: [80: 0x12, 81: 0x16], reason: .chainDisagrees),
        Damage(
            testDescription: "extended host record without flag", golden: GoldenFrames.extended, changes: [1: 0],
            reason: .chainDisagrees),
        Damage(testDescription: "ARP inside", changes: [39: 0x06], reason: .unknownInner),
        Damage(testDescription: "IPv6 in IPv4's place", changes: [40: 0x65], reason: .shortInner),
        Damage(testDescription: "IPv4 header of 16 bytes", changes: [40: 0x44], reason: .shortInner),
        Damage(testDescription: "IPv4 shorter than its header", changes: [43: 19], reason: .shortInner),
        Damage(testDescription: "UDP shorter than its header", changes: [65: 7], reason: .shortInner),
        Damage(testDescription: "UDP longer than IPv4", changes: [65: 13], reason: .shortInner),
    ]
}

@Suite struct MalformedTests {
    @Test(arguments: Damage.all)
    func `damage is refused for its reason`(damage: Damage) {
        var bytes = damage.golden
        for (offset, value) in damage.changes { bytes[damage.shim + offset] = value }
        #expect(decoded(bytes, referenceLevel: .full) == .malformed(damage.reason))
    }

    @Test func `a reference frame without a configured level is refused`() {
        #expect(decoded(GoldenFrames.reference, referenceLevel: nil) == .malformed(.unknownLevel))
    }

    @Test func `a truncation is refused for the part that it hits`() {
        let golden = GoldenFrames.minimal
        for length in 0..<golden.count {
            let cut = Array(golden.prefix(length))
            let expected: FrameReading =
                switch length {
                case ..<14: .plain
                case ..<18: .malformed(.shortShim)
                case ..<54: .malformed(.recordsBeyondFrame)
                case ..<82: .malformed(.shortInner)
                default: .telemetry(withoutID(GoldenFrames.minimalFrame))
                }
            #expect(decoded(cut) == expected, "\(length) bytes")
        }
    }

    @Test(arguments: GoldenFrames.all.indices)
    func `every truncation of every golden frame is read within its bounds`(index: Int) {
        for golden in [GoldenFrames.all[index].bytes, GoldenFrames.reference] {
            for length in 0..<golden.count - 4 {
                if case .journey = decoded(Array(golden.prefix(length)), referenceLevel: .full) {
                    Issue.record("\(length) bytes were read as a complete frame")
                }
            }
        }
    }

    /// Anything at all may come in. What is accepted must also survive being written and read again.
    @Test(arguments: [UInt64(1), 2, 3, 4])
    func `random mutations never trap, and what is read is consistent`(seed: UInt64) {
        var random = SplitMix(state: seed)
        var accepted = 0
        for round in 0..<5000 {
            var bytes = GoldenFrames.all[round % GoldenFrames.all.count].bytes
            for _ in 0..<Int.random(in: 0...4, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = .random(in: 0...255, using: &random)
            }
            if round.isMultiple(of: 3) { bytes.removeLast(Int.random(in: 0..<bytes.count, using: &random)) }
            let decodedFrame = decoded(bytes, referenceLevel: .full)
            guard case .telemetry(let frame) = decoded(bytes) else {
                // All but reference frames are refused for the same reason.
                if case .malformed(let reason) = decoded(bytes), reason != .unknownLevel {
                    #expect(decodedFrame == .malformed(reason))
                }
                continue
            }
            accepted += 1
            guard case .journey(let report) = decodedFrame else {
                Issue.record("no journey: \(hex(bytes))")
                continue
            }
            #expect(report.telemetry.total == frame.telemetrySize && report.hops.count == frame.hops.count)
            // Whatever the values are, the parts can be computed.
            #expect(Journey(report, seenAt: 0).parts.count >= report.hops.count)
            #expect((frame.sourceRecord == nil ? 1...20 : 0...20).contains(frame.hops.count))
            #expect(frame.level.records(ofHops: Int(frame.shim.count)) == frame.hops.count)
            #expect(frame.telemetrySize < bytes.count)
            if frame.inner.requestID != nil, frame.inner.flow.ipProtocol == .udp {
                #expect(decoded(frame.encoded()) == .telemetry(frame))
            }
        }
        // If nearly all were refused, this would test nothing.
        #expect(accepted > 500)
    }

    @Test(arguments: [UInt64(11), 12])
    func `random bytes after a shim's EtherType never trap`(seed: UInt64) {
        var random = SplitMix(state: seed)
        for _ in 0..<5000 {
            var bytes = (0..<Int.random(in: 0...200, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            bytes =
                Array(GoldenFrames.standard.prefix(12)) + [0x12, 0x12, UInt8.random(in: 0...4, using: &random)] + bytes
            _ = decoded(bytes, referenceLevel: .minimal)
        }
    }

    @Test func `numbers of reasons do not move`() {
        #expect(Malformed.allCases.map(\.rawValue) == [5, 6, 7, 8, 9, 10, 11, 12, 13])
    }

    /// As above, for the reference format.
    @Test(arguments: [UInt64(5), 6])
    func `random mutations of a reference frame never trap`(seed: UInt64) {
        var random = SplitMix(state: seed)
        var accepted = 0
        for _ in 0..<3000 {
            var bytes = GoldenFrames.reference
            for _ in 0..<Int.random(in: 0...4, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = .random(in: 0...255, using: &random)
            }
            guard case .journey(let report) = decoded(bytes, referenceLevel: .full) else { continue }
            accepted += 1
            #expect((1...20).contains(report.hops.count))
            #expect(Journey(report, seenAt: 0).parts.count >= report.hops.count)
        }
        #expect(accepted > 500)
    }

    private func withoutID(_ frame: TelemetryFrame) -> TelemetryFrame {
        var frame = frame
        frame.inner.requestID = nil
        return frame
    }
}

/// A small generator with a seed, so that a failure can be repeated.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
