// SPDX-License-Identifier: Apache-2.0

import Testing
import ThrowawayPlaces

@testable import HostAgent

@Suite(.needsRoot) struct RequestStoreTests {
    private func request(_ number: Int) -> RequestFrame {
        var request = RequestFrame(level: 1, records: 1)
        request.requestID = UInt32(number)
        request.seed = UInt8(truncatingIfNeeded: number)
        return request
    }

    /// All except a few in a thousand, whose sets happen to be full.
    @Test func asManyRequestsAsAskedForWaitAtOnce() throws {
        let rig = try ProgramRig(maximumRequests: 512)
        for number in 0..<512 { _ = try rig.receive(request(number).bytes) }
        let evicted = Int(try rig.programs.counts()[.xdpEvicted])
        #expect(evicted <= 5)
        try #require(try rig.programs.waiting() == 512 - evicted)
        var ordinal: UInt64 = 0
        for number in 0..<512 {
            let (sent, counted) = try rig.send(request(number).reply)
            guard counted[.tcRestored] == 1 else { continue }
            ordinal += 1
            rig.expectRestored(sent, to: request(number), ordinal: ordinal)
        }
        #expect(ordinal == UInt64(512 - evicted))
    }

    /// Far more requests than there is room for: memory stays, the newest are kept, each eviction is counted, and
    /// what comes back is always the right one.
    @Test func oldestGiveWayToAFlood() throws {
        let rig = try ProgramRig(maximumRequests: 64)
        let flood = 1000
        for number in 0..<flood { _ = try rig.receive(request(number).bytes) }
        let counts = try rig.programs.counts()
        let waiting = try rig.programs.waiting()
        #expect(counts[.xdpSaved] == UInt64(flood))
        #expect(counts[.xdpEvicted] == UInt64(flood - waiting))
        #expect(waiting > 64 && waiting <= StoreLayout(maximumRequests: 64).slots)
        var newestHalfKept = 0
        var ordinal: UInt64 = 0
        for number in 0..<flood {
            let (sent, counted) = try rig.send(request(number).reply)
            guard counted[.tcRestored] == 1 else { continue }
            ordinal += 1
            rig.expectRestored(sent, to: request(number), ordinal: ordinal)
            if number >= flood - 32 { newestHalfKept += 1 }
            // A set keeps its 8 newest: with 2 sets a key, nothing old survives ten times the room.
            #expect(number > flood - 10 * waiting)
        }
        #expect(ordinal == UInt64(waiting))
        #expect(newestHalfKept >= 28)
    }

    /// Requests that are never answered leave the front for the overflow sets, and can still be answered from there.
    @Test func telemetryThatWaitsForLongIsMovedAndNotLost() throws {
        let rig = try ProgramRig(maximumRequests: 512)
        for number in 0..<200 { _ = try rig.receive(request(number).bytes) }
        try sleepMilliseconds(150)
        for number in 200..<400 { _ = try rig.receive(request(number).bytes) }
        #expect(try rig.programs.waiting() == 400)
        #expect(try rig.programs.counts()[.xdpEvicted] == 0)
        for number in 0..<400 {
            rig.expectRestored(try rig.send(request(number).reply).0, to: request(number), ordinal: UInt64(number + 1))
        }
    }

    private func sleepMilliseconds(_ milliseconds: Int) throws {
        let clock = ContinuousClock()
        let end = clock.now + .milliseconds(milliseconds)
        while clock.now < end {}
    }
}
