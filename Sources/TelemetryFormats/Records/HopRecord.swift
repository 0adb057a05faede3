// SPDX-License-Identifier: Apache-2.0

/// What one switch says of one packet's stay in it.
///
/// One type for all levels: what a level does not carry is nil, never zero. Times are microseconds of the domain's
/// clock (48 bits, or its low 32 where said) and wrap; see `SwitchTime` for differences.
///
///     level 1, 9 bytes:   swid:32 enq_qdepth:19 padding:5 next_proto:16
///     level 2, 36 bytes:  swid:32 ingress_port:9 egress_port:9 enq_timestamp:32 enq_qdepth:19 deq_timedelta:32
///                         deq_qdepth:19 ingress_timestamp:48 egress_timestamp:48 reserved:24 next_proto:16
///     level 3, 72 bytes:  level 2 to egress_timestamp, packet_length:64 hop_latency:64 reserved:64
///                         packets_since_last:64 last_telemetry_timestamp:48 reserved:8 next_proto:16
///     level 4, 43 bytes:  swid:8 ingress_port:9 egress_port:9 enq_timestamp:32 enq_qdepth:2 deq_timedelta:32
///                         deq_qdepth:2 packet_length:2 hop_latency:48 reserved:128
///                         last_telemetry_timestamp:48 reserved:8 next_proto:16
///     levels 5 and 6,     swid:16 egress_port:9 hop:5 reserved:2 queue_depth:8 hop_latency:8
///     6 bytes:
public struct HopRecord: Sendable, Hashable {
    public var switchID: SwitchID
    /// Level 2 and up; 9 bits.
    public var ingressPort: UInt16?
    public var egressPort: UInt16?
    /// When the packet entered the egress queue: the clock's low 32 bits.
    public var enqueueTime: UInt32?
    /// Packets in the egress queue as this one entered it. Every level.
    public var enqueueDepth: Measurement
    /// Microseconds in the egress queue.
    public var queueTime: UInt32?
    /// Packets in the egress queue as this one left it.
    public var dequeueDepth: Measurement?
    /// Levels 2 and 3; 48 bits.
    public var ingressTime: UInt64?
    public var egressTime: UInt64?
    /// Levels 3 and 4; bytes.
    public var packetLength: Measurement?
    /// Levels 3 to 6; microseconds from ingress to egress. At levels 5 and 6 within 1/16: see `LogarithmicCode`.
    public var latency: UInt64?
    /// Level 3: packets out of this port since the one that last carried telemetry.
    public var packetsSinceLast: UInt64?
    /// Levels 3 and 4: when a packet with telemetry last left by this port; 48 bits.
    public var lastTelemetryTime: UInt64?
    /// Levels 5 and 6: which hop of the frame's way out and back this is, counted from 1.
    public var position: UInt8?

    public init(switchID: SwitchID, enqueueDepth: Measurement) {
        self.switchID = switchID
        self.enqueueDepth = enqueueDepth
    }
}
