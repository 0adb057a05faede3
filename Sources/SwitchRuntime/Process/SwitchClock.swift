// SPDX-License-Identifier: Apache-2.0

import LinuxSystem
import SwitchEngine

/// The two clocks of `PacketTimes`: one is read at every packet, the other follows from how far it is ahead.
struct SwitchClock {
    /// Two readings further apart in nanoseconds than this had something between them, and say nothing.
    private static let tolerance: UInt64 = 1000

    /// Nanoseconds the domain's clock is ahead of the one that never steps; wraps when it is slower.
    private var ahead: UInt64

    init() {
        var best = Self.compare()
        for _ in 0..<100 where best.spread > Self.tolerance {
            let reading = Self.compare()
            if reading.spread < best.spread { best = reading }
        }
        ahead = best.ahead
    }

    /// Follows a step of the domain's clock. A difference within the readings' own error is ignored: timestamps would
    /// otherwise jump back and forth, and a thread that was interrupted between two readings would be far off.
    mutating func synchronize() {
        let reading = Self.compare()
        let change = Int64(bitPattern: reading.ahead &- ahead)
        if reading.spread <= Self.tolerance, change.magnitude > Self.tolerance { ahead = reading.ahead }
    }

    var times: PacketTimes {
        let now = DomainClock.monotonicNanoseconds()
        return PacketTimes(
            nanoseconds: now, microseconds: DomainClock.microseconds(ofNanoseconds: now &+ ahead))
    }

    private static func compare() -> (ahead: UInt64, spread: UInt64) {
        let before = DomainClock.monotonicNanoseconds()
        let domain = DomainClock.nanoseconds()
        let after = DomainClock.monotonicNanoseconds()
        return (domain &- (before + (after - before) / 2), after - before)
    }
}
