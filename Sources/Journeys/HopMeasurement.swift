// SPDX-License-Identifier: Apache-2.0

/// What one switch reports of one packet's stay in it. What was not reported is nil, never 0.
public struct HopMeasurement: Sendable, Hashable {
    /// The switch.
    public var switchID: SwitchID
    /// The port by which the packet came.
    public var ingressPort: UInt32?
    /// The port by which it left.
    public var egressPort: UInt32?
    /// When the packet entered the egress queue.
    public var enqueueTime: ClockTime?
    /// Packets in the egress queue when this one entered it.
    public var enqueueDepth: Measurement?
    /// Nanoseconds in the egress queue.
    public var queueTime: Measurement?
    /// Packets in the egress queue when this one left it.
    public var dequeueDepth: Measurement?
    /// When ingress processing began.
    public var ingressTime: ClockTime?
    /// When egress processing began.
    public var egressTime: ClockTime?
    /// Bytes of the packet as the switch received it.
    public var packetLength: Measurement?
    /// Nanoseconds from ingress to egress, as the switch itself reports them.
    public var latency: Measurement?
    /// Packets that left by the egress port since the last one with telemetry.
    public var packetsSinceLast: UInt64?
    /// When a packet with telemetry last left by the egress port.
    public var lastTelemetryTime: ClockTime?
    /// Which hop of the request and return path this is, counted from 1.
    public var position: UInt8?

    /// A hop that reports nothing but its number and, if given, its queue's depth in packets.
    public init(switchID: SwitchID, enqueueDepth: Measurement? = nil) {
        self.switchID = switchID
        self.enqueueDepth = enqueueDepth
    }
}

extension HopMeasurement {
    /// When egress processing began: reported, or the sum of the entry into the queue and the time in it.
    public var departure: ClockTime? {
        if let egressTime { return egressTime }
        guard let enqueueTime, let queueTime = queueTime?.value else { return nil }
        return enqueueTime.advanced(by: queueTime)
    }

    /// When ingress processing began: reported, or the departure less the latency.
    public var arrival: ClockTime? {
        if let ingressTime { return ingressTime }
        guard let departure, let latency = latency?.value else { return nil }
        return departure.moved(backBy: latency)
    }

    /// From ingress to egress; nil if it was not reported, or is impossible.
    public var timeInSwitch: Nanoseconds? {
        guard let ingressTime, let egressTime else { return latency?.duration }
        return Nanoseconds(difference: egressTime.since(ingressTime))
    }
}
