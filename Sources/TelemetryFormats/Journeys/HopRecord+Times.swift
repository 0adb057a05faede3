// SPDX-License-Identifier: Apache-2.0

internal import Journeys

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
