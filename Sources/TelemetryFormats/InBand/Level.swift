// SPDX-License-Identifier: Apache-2.0

internal import Journeys

/// The layout of the hop records in a frame, by its number in the shim. `LevelLayout.all` has the table.
public enum Level: UInt8, Sendable, Hashable, CaseIterable {
    /// Switch and queue depth.
    case minimal = 1
    /// Ports, times and queue depths.
    case standard = 2
    /// `standard` with lengths, counts and the time of the last telemetry.
    case full = 3
    /// As much as `full`, with depths and lengths as one of four classes.
    case discretized = 4
    /// Switch, egress port, depth and latency, the last two as logarithms.
    case compact = 5
    /// One `compact` record, of a hop chosen by chance, however many hops the packet meets.
    case constant = 6
}

extension LevelLayout {
    /// The one table of levels, in the order of their numbers. Parser, writer, sizes, options and documentation follow
    /// from it; tests compare the P4 headers and the C constants with it, field by field.
    public static let all: [LevelLayout] = [
        LevelLayout(.minimal, rank: 60, [.switchID(32), .enqueueDepth(19), .reserved(5), .next]),
        LevelLayout(.standard, rank: 20, timed + [.reserved(24), .next]),
        LevelLayout(
            .full, rank: 10,
            timed + [
                .value("packet_length", 64, .packetLength), .value("hop_latency", 64, .latency, .microseconds),
                .reserved(64), .value("packets_since_last", 64, .packetsSinceLast), .lastTelemetry, .reserved(8), .next,
            ]),
        LevelLayout(
            .discretized, rank: 30,
            [
                .switchID(8), .ingressPort, .egressPort, .enqueueTime,
                .value("enq_qdepth", 2, .enqueueDepth, .loadClass),
                .queueTime, .value("deq_qdepth", 2, .dequeueDepth, .loadClass),
                .value("packet_length", 2, .packetLength, .loadClass),
                .value("hop_latency", 48, .latency, .microseconds), .reserved(64), .reserved(64), .lastTelemetry,
                .reserved(8), .next,
            ]),
        LevelLayout(.compact, rank: 40, quantized),
        LevelLayout(.constant, rank: 50, coverage: .oneHop, quantized),
    ]

    /// Levels 2 and 3 begin alike.
    private static let timed: [LevelField] = [
        .switchID(32), .ingressPort, .egressPort, .enqueueTime, .enqueueDepth(19), .queueTime,
        .value("deq_qdepth", 19, .dequeueDepth), .value("ingress_timestamp", 48, .ingressTime, .microseconds),
        .value("egress_timestamp", 48, .egressTime, .microseconds),
    ]

    private static let quantized: [LevelField] = [
        .switchID(16), .egressPort, .value("hop", 5, .position), .reserved(2),
        .value("queue_depth", 8, .enqueueDepth, .logarithm),
        .value("hop_latency", 8, .latency, .logarithmOfMicroseconds),
    ]
}

extension LevelField {
    fileprivate static func switchID(_ bits: Int) -> LevelField { .value("switch_id", bits, .switchID) }
    fileprivate static func enqueueDepth(_ bits: Int) -> LevelField { .value("enq_qdepth", bits, .enqueueDepth) }
    fileprivate static let ingressPort = value("ingress_port", 9, .ingressPort)
    fileprivate static let egressPort = value("egress_port", 9, .egressPort)
    fileprivate static let enqueueTime = value("enq_timestamp", 32, .enqueueTime, .microseconds)
    fileprivate static let queueTime = value("deq_timedelta", 32, .queueTime, .microseconds)
    fileprivate static let lastTelemetry = value("last_telemetry_timestamp", 48, .lastTelemetryTime, .microseconds)
}
