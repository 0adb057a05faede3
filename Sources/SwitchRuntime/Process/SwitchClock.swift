// SPDX-License-Identifier: Apache-2.0

import LinuxSystem
import SwitchEngine

/// The two clocks of `Moment`, read together now and then and one of them at every packet.
struct SwitchClock {
    /// Nanoseconds the domain's clock is ahead of the one that never steps; wraps when it is behind.
    private var ahead: UInt64

    init() { ahead = DomainClock.nanoseconds() &- DomainClock.monotonicNanoseconds() }

    /// Follows what was done to the domain's clock since.
    mutating func synchronize() { self = SwitchClock() }

    var moment: Moment {
        let now = DomainClock.monotonicNanoseconds()
        return Moment(nanoseconds: now, microseconds: microseconds(atMonotonic: now))
    }

    func microseconds(atMonotonic time: UInt64) -> UInt64 {
        DomainClock.microseconds(ofNanoseconds: time &+ ahead)
    }
}
