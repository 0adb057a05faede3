// SPDX-License-Identifier: Apache-2.0

import BPF
import LinuxSystem
import Testing
import ThrowawayPlaces

@testable import HostAgent

/// A veth's single queue runs XDP on one processor at a time; here both programs run on both at once.
@Suite(.needsRoot) struct ConcurrencyTests {
    /// Two threads, 8 requests outstanding each, in a store so small that all meet in the same slots.
    @Test func programsOnTwoProcessorsNeverMixTheirBytes() throws {
        var options = AttachOptions()
        options.maximumRequests = 16
        let shared = SharedPrograms(try HostPrograms(options))
        let threads = try (0..<2).map { number in
            try BackgroundThread { try StoreHammer(shared, port: UInt16(40000 + number)).run(20_000) }
        }
        var outcome = CheckOutcome()
        for thread in threads { outcome.add(try thread.join()) }
        #expect(outcome.corrupt == 0, "\(outcome)")
        // A slot that the other processor holds for a moment is passed over, and after some tries given up.
        #expect(outcome.plain < 400 && outcome.correct > 39_000, "\(outcome)")
        let counts = try shared.programs.counts()
        #expect(counts[.xdpSaved] + counts[.xdpNotKept] == 40_000)
        #expect(counts[.tcRestored] == UInt64(outcome.correct))
        #expect(counts[.xdpEvicted] + counts[.xdpNotKept] + UInt64(outcome.correct) <= 40_000)
        // Nothing stays claimed: what is not waiting is free.
        #expect(
            try shared.programs.waiting() == 40_000 - Int(counts[.xdpNotKept] + counts[.xdpEvicted]) - outcome.correct)
    }
}

/// Programs that several threads run.
final class SharedPrograms: Sendable {
    let programs: HostPrograms
    init(_ programs: consuming HostPrograms) { self.programs = programs }
}

/// Has requests saved and replies restored, a few requests apart, and compares every byte.
struct StoreHammer: ~Copyable {
    static let outstanding = 8
    static let templates = 61

    private let shared: SharedPrograms
    private let requests: [[UInt8]]
    private let plain: [[UInt8]]
    private let restored: [[UInt8]]
    private let telemetry: Int
    private var outcome = CheckOutcome()

    init(_ shared: SharedPrograms, port: UInt16) {
        self.shared = shared
        let frames = (0..<Self.templates).map { seed in
            RequestFrame(level: 3, records: 18, sourcePort: port, seed: UInt8(seed) &+ UInt8(truncatingIfNeeded: port))
        }
        requests = frames.map(\.bytes)
        plain = frames.map(\.reply)
        telemetry = frames[0].telemetry.count
        restored = frames.map { frame in
            return frame.link(0x1212) + frame.returned + [UInt8](repeating: 0, count: 58) + big(UInt16(0x0800))
                + frame.reply.dropFirst(14)
        }
    }

    consuming func run(_ total: Int) throws -> CheckOutcome {
        for number in 0..<total + Self.outstanding {
            if number < total { try receive(UInt32(number)) }
            if number >= Self.outstanding { try send(UInt32(number - Self.outstanding)) }
        }
        return outcome
    }

    private func withID(_ id: UInt32, _ frame: [UInt8], at offset: Int) -> [UInt8] {
        var frame = frame
        frame.replaceSubrange(offset..<offset + 4, with: big(id))
        return frame
    }

    private mutating func receive(_ id: UInt32) throws {
        let frame = withID(id, requests[Int(id) % Self.templates], at: 14 + telemetry + 28)
        let run = try shared.programs.strip.testRun(frame)
        if run.frame.count != frame.count - telemetry { outcome.lost += 1 }
    }

    private mutating func send(_ id: UInt32) throws {
        let template = Int(id) % Self.templates
        let frame = withID(id, plain[template], at: 42)
        let sent = try shared.programs.restore.testRun(frame).frame
        if sent == frame {
            outcome.plain += 1
            return
        }
        let host = 14 + telemetry
        guard sent.count == restored[template].count else {
            outcome.corrupt += 1
            return
        }
        var expected = withID(id, restored[template], at: host + 60 + 28)
        expected.replaceSubrange(host..<host + 58, with: sent[host..<host + 58])
        if sent == expected { outcome.correct += 1 } else { outcome.corrupt += 1 }
    }
}
