// SPDX-License-Identifier: Apache-2.0

/// The path of packets that each report one of its hops only, put together from many of them.
public struct RebuiltPath: Sendable, Hashable {
    /// Hops of the request path.
    public let hopsOut: Int
    /// Hops of the return path.
    public let hopsBack: Int
    /// How many packets reported a hop of it.
    public private(set) var packets: UInt64 = 0
    /// By position, the first hop's first: which switches were there, and how often. More than one where packets of
    /// the same ends and length take different paths.
    public private(set) var seen: [[SwitchID: UInt64]]

    /// A path of these lengths; nothing else is known yet.
    public init(hopsOut: Int, hopsBack: Int) {
        self.hopsOut = hopsOut
        self.hopsBack = hopsBack
        seen = Array(repeating: [:], count: hopsOut + hopsBack)
    }

    /// Hops of both paths.
    public var hops: Int { seen.count }

    /// Records the hop that a journey of this length reports; journeys of other lengths, and positions that cannot be, are
    /// ignored.
    public mutating func record(_ journey: Journey) {
        guard journey.coverage == .oneHop, journey.requestHopsMet == hopsOut, journey.hopsMet == hops,
            let hop = journey.hops.first, let position = hop.position, seen.indices.contains(Int(position) - 1)
        else { return }
        packets += 1
        seen[Int(position) - 1][hop.switchID, default: 0] += 1
    }

    /// The switch most often seen at each position; nil if none was yet.
    public var switches: [SwitchID?] {
        seen.map { $0.max { ($0.value, $1.key.rawValue) < ($1.value, $0.key.rawValue) }?.key }
    }

    /// Every position was reported.
    public var isComplete: Bool { seen.allSatisfy { !$0.isEmpty } }

    /// How many packets it takes on average until each of `hops` hops was reported once, where each packet reports one,
    /// all with equal chance: the coupon collector's n (1 + 1/2 + … + 1/n).
    public static func meanPackets(toSee hops: Int) -> Double {
        (0..<hops).reduce(0) { $0 + Double(hops) / Double($1 + 1) }
    }

    /// The fewest packets after which all of `hops` hops (at most 20) were reported with at least this probability.
    public static func packets(toSee hops: Int, with probability: Double) -> Int {
        guard hops > 1, probability > 0 else { return max(hops, 0) }
        var packets = hops
        while packets < 100_000, Self.probability(ofSeeing: hops, in: packets) < probability { packets += 1 }
        return packets
    }

    /// By inclusion and exclusion over the hops that are missing: the sum over k of (-1)^k C(n, k) (1 - k/n)^packets.
    public static func probability(ofSeeing hops: Int, in packets: Int) -> Double {
        guard hops > 0, packets >= hops else { return hops == 0 ? 1 : 0 }
        var sum = 0.0
        var ways = 1.0
        for missing in 0..<hops {
            let share = 1 - Double(missing) / Double(hops)
            sum += (missing.isMultiple(of: 2) ? ways : -ways) * power(share, packets)
            ways = ways * Double(hops - missing) / Double(missing + 1)
        }
        return min(max(sum, 0), 1)
    }

    private static func power(_ base: Double, _ exponent: Int) -> Double {
        var (result, square, left) = (1.0, base, exponent)
        while left > 0 {
            if left & 1 == 1 { result *= square }
            square *= square
            left >>= 1
        }
        return result
    }
}

extension JourneyPart {
    /// One that a journey does not report, though it is known to be on its path.
    public init(unreported kind: Kind) { self.init(kind, nil) }
}
