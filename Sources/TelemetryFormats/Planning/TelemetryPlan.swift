// SPDX-License-Identifier: Apache-2.0

internal import Journeys

/// What a level costs on a path, and how exact measurements can be within a budget of bytes.
public struct TelemetryPlan: Sendable, Hashable {
    /// The level.
    public let level: Level
    /// Insert telemetry into one request in this many; 1: into every one.
    public let sampling: Int
    /// Bytes of telemetry over bytes of those packets alone that carry it: what the monitor, which sees no others,
    /// reports.
    public let tracedOverhead: Double
    /// Bytes of telemetry in the longest frame.
    public let mostTelemetry: Int
    /// Bytes of telemetry that a packet carries on average, over all packets and links.
    public let bytesPerPacket: Double
    /// The same as a share of the packets' own bytes.
    public let overhead: Double
    /// Bytes left below the MTU in the longest frame; negative: hops will find no room.
    public let headRoom: Int
    /// Measurements per second of one hop.
    public let samplesPerSecond: Double
    /// Half of the 95 % confidence interval of the 99th percentile's rank after one second, in percentiles: 0.2 means
    /// that what is called p99 lies between p98.8 and p99.2.
    public let rankError: Double
    /// The largest relative error of one latency or depth; nil if the records have only classes.
    public let valueError: Double?

    /// What `level` costs on `path`.
    /// - Parameters:
    ///   - rate: requests per second.
    ///   - budget: the most bytes of telemetry over bytes of packets.
    ///   - mtu: of the links, without the Ethernet header.
    public init(_ level: Level, on path: Path, rate: Double, budget: Double, mtu: Int) {
        let full = path.overhead(level)
        let sampling = max(1, (full / budget).rounded(.up))
        self.level = level
        tracedOverhead = full
        self.sampling = Int(sampling)
        mostTelemetry = path.mostTelemetry(level)
        overhead = full / sampling
        bytesPerPacket = overhead * Double(path.packetBytes)
        headRoom = mtu + Self.ethernetHeader - path.packetBytes - mostTelemetry
        samplesPerSecond = rate / sampling * level.hopShare(of: path)
        rankError = Self.rankError(of: 0.99, samples: samplesPerSecond) * 100
        valueError = level.valueError
    }

    private static let ethernetHeader = 14

    /// The plans of all levels, the one with most content first.
    public static func all(on path: Path, rate: Double, budget: Double, mtu: Int) -> [TelemetryPlan] {
        Level.byContent.map { TelemetryPlan($0, on: path, rate: rate, budget: budget, mtu: mtu) }
    }

    /// The level with most content that fits the MTU, reports times, and whose percentiles are as exact as asked for; else
    /// of those that fit the one with the most exact percentiles. Nil if no level fits.
    /// - Parameter rankError: in percentiles, as `rankError`.
    public static func best(of plans: [TelemetryPlan], rankError: Double) -> TelemetryPlan? {
        let fitting = plans.filter { $0.headRoom >= 0 }
        return fitting.first { $0.rankError <= rankError && $0.level.reportsTimes }
            ?? fitting.min { $0.rankError < $1.rankError }
    }

    /// The rank of the sample that is used as a quantile varies binomially (like the normal distribution: 95 % lie
    /// within 1.96 standard deviations).
    static func rankError(of quantile: Double, samples: Double) -> Double {
        guard samples > 0 else { return 1 }
        return min(1, 1.96 * (quantile * (1 - quantile) / samples).squareRoot())
    }
}

extension Level {
    /// From the level with most content to the one with least.
    static let byContent: [Level] = LevelLayout.all.sorted { $0.rank < $1.rank }.map(\.level)

    /// Which share of a packet's hops its telemetry reports.
    func hopShare(of path: Path) -> Double { layout.coverage == .oneHop ? 1 / Double(path.mostRecords) : 1 }

    /// Whether a hop's time in the switch is known.
    var reportsTimes: Bool { layout.field(.latency) != nil || layout.field(.egressTime) != nil }

    /// Timestamps are whole microseconds, so a latency is exact except for those; depths are exact or quantized. Nil if there
    /// are classes.
    var valueError: Double? {
        var error = 0.0
        for field in layout.fields {
            switch field.content {
            case .value(_, .loadClass): return nil
            case .value(_, .logarithm), .value(_, .logarithmOfMicroseconds): error = LogarithmicCode.relativeError
            default: break
            }
        }
        return error
    }
}
