// SPDX-License-Identifier: Apache-2.0

/// The way of packets that each tell of one of its hops only (level 6), put together from many of them.
public struct RebuiltPath: Sendable, Hashable {
    public let hopsOut: Int
    public let hopsBack: Int
    public private(set) var packets: UInt64 = 0
    /// By position, the first hop's first: which switches were there, and how often. More than one where packets of
    /// the same ends and length take different ways.
    public private(set) var seen: [[SwitchID: UInt64]]

    public init(hopsOut: Int, hopsBack: Int) {
        self.hopsOut = hopsOut
        self.hopsBack = hopsBack
        seen = Array(repeating: [:], count: hopsOut + hopsBack)
    }

    public var hops: Int { seen.count }

    /// Takes what a journey of this length tells; others, and positions that cannot be, are passed over.
    public mutating func take(_ journey: Journey) {
        guard journey.level == .constant, journey.hopsOut == hopsOut, journey.hopsMet == hops,
            let hop = journey.hops.first, let position = hop.position, seen.indices.contains(Int(position) - 1)
        else { return }
        packets += 1
        seen[Int(position) - 1][hop.switchID, default: 0] += 1
    }

    /// The switch most often seen at each position; nil where none was yet.
    public var switches: [SwitchID?] {
        seen.map { $0.max { ($0.value, $1.key.rawValue) < ($1.value, $0.key.rawValue) }?.key }
    }

    /// Every position was told of.
    public var isWhole: Bool { seen.allSatisfy { !$0.isEmpty } }

    /// How many packets it takes on average until each of `hops` hops was told of once, where each packet tells of one,
    /// all with equal chance: the coupon collector's n (1 + 1/2 + … + 1/n).
    public static func meanPackets(toSee hops: Int) -> Double {
        (0..<hops).reduce(0) { $0 + Double(hops) / Double($1 + 1) }
    }

    /// The fewest packets after which all of `hops` hops (at most 20) were told of with at least this probability.
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
    /// One of which a journey does not tell, though it is known to lie on its way.
    public init(untold kind: Kind) { self.init(kind, nil) }
}
