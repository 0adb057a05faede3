// SPDX-License-Identifier: Apache-2.0

import Benchmarks
import Glibc
import LinuxSystem
import Synchronization
import Testing
import ThrowawayPlaces

@Suite(.needsRoot) struct BareForwarderTests {
    private final class Runner: Sendable {
        let thread = Mutex<pthread_t?>(nil)
    }

    @Test func framesCrossBothWaysUnchanged() throws {
        try withNamespaces(3) { namespaces in
            let (left, right, middle) = (namespaces[0], namespaces[1], namespaces[2])
            try connect(VethEnd("left", in: left), VethEnd("sw1", in: middle))
            try connect(VethEnd("right", in: right), VethEnd("sw2", in: middle))
            let runner = Runner()
            let work = try BackgroundThread(in: middle) {
                var forwarder = try BareForwarder("sw1", "sw2")
                try forwarder.run { runner.thread.withLock { $0 = pthread_self() } }
            }
            try Self.waitUntil { runner.thread.withLock { $0 != nil } }
            var leftRing = try left.perform { try PacketRing(interface: "left") }
            var rightRing = try right.perform { try PacketRing(interface: "right") }
            let frames: [[UInt8]] = (0..<100).map { [UInt8](repeating: UInt8($0), count: 60 + $0 * 14) }
            try Self.expect(frames, from: &leftRing, to: &rightRing)
            try Self.expect(frames, from: &rightRing, to: &leftRing)
            runner.thread.withLock { thread in if let thread { pthread_kill(thread, SIGTERM) } }
            try work.join()
        }
    }

    /// Sends `frames` by one ring and expects them at the other.
    private static func expect(_ frames: [[UInt8]], from source: inout PacketRing, to target: inout PacketRing) throws {
        for frame in frames { _ = source.stage(frame.span) }
        source.flush()
        var arrived: [[UInt8]] = []
        try waitUntil {
            target.receive { frame, _ in arrived.append(frame.indices.map { frame[$0] }) }
            return arrived.count >= frames.count
        }
        #expect(arrived == frames)
    }

    /// Waits for up to ten seconds.
    private static func waitUntil(_ condition: () throws -> Bool) throws {
        for _ in 0..<2000 {
            if try condition() { return }
            usleep(5000)
        }
        Issue.record("waited for ten seconds in vain")
    }
}
