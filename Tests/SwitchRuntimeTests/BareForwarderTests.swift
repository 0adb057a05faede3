// SPDX-License-Identifier: Apache-2.0

import Glibc
import LinuxSystem
import SwitchRuntime
import Synchronization
import Testing
import ThrowawayPlaces

@Suite(.needsRoot) struct BareForwarderTests {
    private final class Runner: Sendable {
        let thread = Mutex<pthread_t?>(nil)
    }

    @Test func framesCrossBothWaysUnchanged() throws {
        try LiveSwitch.with { lab in
            let runner = Runner()
            let work = try BackgroundThread(in: lab.middle) {
                var forwarder = try BareForwarder("sw1", "sw2")
                try forwarder.run { runner.thread.withLock { $0 = pthread_self() } }
            }
            try waitUntil { runner.thread.withLock { $0 != nil } }
            var left = try TestHost(lab.left, "left")
            var right = try TestHost(lab.right, "right")
            let frames: [[UInt8]] = (0..<100).map { [UInt8](repeating: UInt8($0), count: 60 + $0 * 14) }
            left.send(frames)
            #expect(try right.receive(100) == frames)
            right.send(frames)
            #expect(try left.receive(100) == frames)
            runner.thread.withLock { thread in if let thread { pthread_kill(thread, SIGTERM) } }
            try work.join()
        }
    }
}
