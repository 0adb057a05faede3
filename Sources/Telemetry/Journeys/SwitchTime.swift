// SPDX-License-Identifier: Apache-2.0

/// A time of a switch's clock in microseconds, of which only the lowest `width` bits are known.
///
/// Such times have no order: only the distance between two that lie less than half the range apart means
/// something. Half of 32 bits is 35 minutes, half of 48 bits 4 years.
struct SwitchTime: Sendable, Hashable {
    var value: UInt64
    /// 32 or 48.
    var width: Int

    init(value: UInt64, width: Int) {
        self.value = value
        self.width = width
    }

    /// A time of the domain's clock, as a switch would tell it.
    init(nanoseconds: UInt64) {
        self.init(value: nanoseconds / 1000 & 0xFFFF_FFFF_FFFF, width: 48)
    }

    /// Microseconds from `earlier` to this time, negative if it lies before; in the narrower range of the two.
    func since(_ earlier: SwitchTime) -> Int64 {
        let unused = Int64(64 - min(width, earlier.width))
        let difference = Int64(truncatingIfNeeded: value &- earlier.value)
        // Shifting up and back extends the sign of the highest known bit.
        return (difference << unused) >> unused
    }
}

extension HopRecord {
    /// When the packet's egress processing began.
    ///
    /// Level 4 leaves it out, but has the two that add up to it: entry into the queue, and time in the queue.
    var egress: SwitchTime? {
        if let egressTime { return SwitchTime(value: egressTime, width: 48) }
        guard let enqueueTime, let queueTime else { return nil }
        return SwitchTime(value: UInt64(enqueueTime &+ queueTime), width: 32)
    }

    /// When the packet's ingress processing began.
    var ingress: SwitchTime? {
        if let ingressTime { return SwitchTime(value: ingressTime, width: 48) }
        guard let egress, let latency else { return nil }
        return SwitchTime(value: UInt64(UInt32(truncatingIfNeeded: egress.value &- latency)), width: 32)
    }

    /// Microseconds from ingress to egress; nil if the level has no such times or they run backwards.
    public var timeInSwitch: UInt64? {
        if let ingressTime, let egressTime {
            let time = SwitchTime(value: egressTime, width: 48).since(SwitchTime(value: ingressTime, width: 48))
            return time >= 0 ? UInt64(time) : nil
        }
        return latency
    }
}
