// SPDX-License-Identifier: Apache-2.0

import LinuxSystem
import Testing
import ThrowawayPlaces

@testable import HostAgent

extension LiveTests {
    /// A detach that waits until no switch sends telemetry any more.
    @Suite(.serialized) struct DetachTests {
        private static let probe: [UInt8] =
            [1, 0x80, 0xc2, 0, 0, 0x0e, 2, 0, 0, 0, 0, 0, 0x12, 0x18, 1] + [UInt8](repeating: 0, count: 45)

        /// The switch has asked, and never asks again: the longest wait there is.
        private func answerOnce(_ lab: HostLab) throws {
            var wire = try Cable(lab)
            wire.send(Self.probe)
            try wait { try lab.host { try $0.status() }.probes?.answered == 1 }
        }

        private func wait(_ condition: () throws -> Bool) throws {
            for _ in 0..<1000 {
                if try condition() { return }
                Pause.microseconds(5000)
            }
            Issue.record("waited in vain")
        }

        private func seconds(_ body: () throws -> Void) rethrows -> Double {
            let start = DomainClock.monotonicNanoseconds()
            try body()
            return Double(DomainClock.monotonicNanoseconds() - start) / 1e9
        }

        @Test func answersComeFromTheInterfacesAddress() throws {
            try HostLab.with { lab in
                _ = try lab.host { try $0.attach() }
                var wire = try Cable(lab)
                wire.send(Self.probe)
                var answer: [UInt8]?
                for _ in 0..<40 where answer == nil {
                    wire.receive(milliseconds: 50) { frame in
                        if frame.count >= 22, frame[12] == 0x12, frame[13] == 0x18 { answer = frame.bytes }
                    }
                }
                #expect(answer?[0..<16] == [1, 0x80, 0xc2, 0, 0, 0x0e, 2, 0, 0, 0, 0, 2, 0x12, 0x18, 2, 1])
                try lab.host { try $0.detach(waits: false) }
            }
        }

        @Test func nobodyElseWaitsForIt() throws {
            try HostLab.with { lab in
                try HostLab.with { other in
                    _ = try lab.host { try $0.attach() }
                    try answerOnce(lab)
                    let detaching = try BackgroundThread {
                        try lab.host { host in try self.seconds { try host.detach() } }
                    }
                    try wait { try lab.attachmentPins()?.isDetaching == true }
                    let others = try seconds {
                        #expect(try lab.host { try $0.status() }.probes?.answered == 1, "it still strips")
                        #expect(throws: HostAgentError.self) { try lab.host { try $0.attach() } }
                        _ = try other.host { try $0.attach() }
                        #expect(try other.server.perform { try TelemetryHost.attachments() }.statuses.count == 1)
                        try other.host { try $0.detach() }
                    }
                    #expect(try detaching.join() > others, "took \(others) s")
                    #expect(try lab.pins() == nil)
                }
            }
        }

        @Test func aSecondDetachWaitsWithTheFirstAndOneThatDoesNotWaitEndsIt() throws {
            try HostLab.with { lab in
                for waits in [true, false] {
                    _ = try lab.host { try $0.attach() }
                    try answerOnce(lab)
                    let first = try BackgroundThread { try lab.host { host in try self.seconds { try host.detach() } } }
                    try wait { try lab.attachmentPins()?.isDetaching == true }
                    let second = try seconds { try lab.host { try $0.detach(waits: waits) } }
                    #expect(try lab.pins() == nil)
                    #expect(waits ? second > 2 : second < 2, "took \(second) s")
                    if !waits { _ = try lab.host { try $0.attach() } }
                    _ = try first.join()
                    // What was attached in the meantime is not the first one's to remove.
                    #expect(try (lab.pins() == nil) == waits)
                    if !waits { try lab.host { try $0.detach() } }
                }
            }
        }

        @Test func oneThatIsKilledWhileItWaitsIsCompletedByTheNextCommand() throws {
            try HostLab.with { lab in
                _ = try lab.host { try $0.attach() }
                try answerOnce(lab)
                var request = SpawnRequest(
                    [try binaryBesideTests(), "host", "detach", "--interface", "eth0"], in: lab.server)
                request.output = .discard
                request.errors = .discard
                let command = try ChildProcess.spawn(request)
                try wait { try lab.attachmentPins()?.isDetaching == true }
                command.send(.kill)
                _ = try command.wait()
                #expect(try lab.pins() != nil)
                #expect(throws: HostAgentError.self) { try lab.host { try $0.status() } }
                #expect(try lab.pins() == nil)
            }
        }
    }
}
