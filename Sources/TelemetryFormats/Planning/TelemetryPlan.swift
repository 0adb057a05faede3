// SPDX-License-Identifier: Apache-2.0

/// What a level costs on a path, and what a budget of bytes leaves to be known of it.
public struct TelemetryPlan: Sendable, Hashable {
    public let level: Level
    /// Follow one request in so many; 1: every one.
    public let sampling: Int
    /// Bytes of telemetry over bytes of those packets alone that are followed: what the monitor, which sees no others,
    /// tells of them.
    public let followedOverhead: Double
    /// Bytes of telemetry in the longest frame.
    public let mostTelemetry: Int
    /// Bytes of telemetry that a packet carries on average, over all packets and links.
    public let bytesPerPacket: Double
    /// The same as a share of the packets' own bytes.
    public let overhead: Double
    /// Bytes left below the MTU in the longest frame; negative: hops will find no room.
    public let headRoom: Int
    /// Records a second that tell of one hop.
    public let samplesPerSecond: Double
    /// Half of the 95 % confidence interval of the 99th percentile's rank after one second, in percentiles: 0.2 says
    /// that what is called p99 lies between p98.8 and p99.2.
    public let rankError: Double
    /// The largest relative error of one latency or depth; nil where the records give none, or only classes.
    public let valueError: Double?

    /// - Parameters:
    ///   - rate: requests a second.
    ///   - budget: bytes of telemetry over bytes of packets that may not be passed.
    ///   - mtu: of the links, without the Ethernet header.
    public init(_ level: Level, on path: Path, rate: Double, budget: Double, mtu: Int) {
        let full = path.overhead(level)
        let sampling = max(1, (full / budget).rounded(.up))
        self.level = level
        followedOverhead = full
        self.sampling = Int(sampling)
        mostTelemetry = path.mostTelemetry(level)
        overhead = full / sampling
        bytesPerPacket = overhead * Double(path.packetBytes)
        headRoom = mtu + Self.ethernetHeader - path.packetBytes - mostTelemetry
        samplesPerSecond = rate / sampling * level.hopsTold(of: path)
        rankError = Self.rankError(of: 0.99, samples: samplesPerSecond) * 100
        valueError = level.valueError
    }

    private static let ethernetHeader = 14

    /// The levels' plans, the most telling first.
    public static func all(on path: Path, rate: Double, budget: Double, mtu: Int) -> [TelemetryPlan] {
        Level.byContent.map { TelemetryPlan($0, on: path, rate: rate, budget: budget, mtu: mtu) }
    }

    /// The most telling level that fits the MTU and whose percentiles are as exact as asked for; else of those that fit
    /// the one with the most exact ones. nil if none fits.
    /// - Parameter rankError: in percentiles, as `rankError`.
    public static func best(of plans: [TelemetryPlan], rankError: Double) -> TelemetryPlan? {
        let fitting = plans.filter { $0.headRoom >= 0 }
        return fitting.first { $0.rankError <= rankError && $0.level != .minimal }
            ?? fitting.min { $0.rankError < $1.rankError }
    }

    /// The rank of the sample that is taken for a quantile varies binomially (as the normal distribution, of which 95 %
    /// lie within 1.96 standard deviations).
    static func rankError(of quantile: Double, samples: Double) -> Double {
        guard samples > 0 else { return 1 }
        return min(1, 1.96 * (quantile * (1 - quantile) / samples).squareRoot())
    }
}

extension Level {
    /// From the one that tells most to the one that tells least.
    static let byContent: [Level] = [.full, .standard, .discretized, .compact, .constant, .minimal]

    /// Which share of a followed packet's hops its telemetry tells of.
    func hopsTold(of path: Path) -> Double { self == .constant ? 1 / Double(path.mostRecords) : 1 }

    /// Timestamps are whole microseconds, so a latency is exact but for those; depths are exact.
    var valueError: Double? {
        switch self {
        case .minimal, .standard, .full: 0
        case .discretized: nil
        case .compact, .constant: LogarithmicCode.relativeError
        }
    }
}
