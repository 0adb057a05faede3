// SPDX-License-Identifier: Apache-2.0

internal import Addresses
internal import LinuxSystem
internal import Workload

extension PortsBench {
    /// Time from one port to the other at one rate, in microseconds.
    public struct LatencyRow: Sendable, Hashable, Encodable {
        /// The offered rate.
        public let packetsPerSecond: Double
        /// Median of the switch, in microseconds.
        public let median: Double
        /// 99th percentile of the switch, in microseconds.
        public let p99: Double
        /// Median of the bare forwarder, in microseconds: mostly the time that the kernel needs to wake a process.
        public let bareMedian: Double
        /// 99th percentile of the bare forwarder, in microseconds.
        public let bareP99: Double

        enum CodingKeys: String, CodingKey {
            case p99
            case packetsPerSecond = "rate"
            case median = "p50"
            case bareMedian = "bare_p50"
            case bareP99 = "bare_p99"
        }

        init(rate: Double, _ sample: [Double], bare: [Double]) {
            packetsPerSecond = rate
            median = Self.percentile(sample, 0.5)
            p99 = Self.percentile(sample, 0.99)
            bareMedian = Self.percentile(bare, 0.5)
            bareP99 = Self.percentile(bare, 0.99)
        }

        private static func percentile(_ samples: [Double], _ share: Double) -> Double {
            let sorted = samples.sorted()
            return sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))].rounded(to: 0.1)
        }
    }

    private static let latencyRounds = 4
    private static let framesARound = 400

    /// Microseconds from the kernel's timestamp of a frame at one port's interface to its timestamp at the other's:
    /// waking the process, its work, and the way out. The first row is of the low rate.
    func latency(_ progress: (String) -> Void) throws -> [LatencyRow] {
        let lanes = [try network.makeLane("lat"), try network.makeLane("latbare")]
        let processes = [try startSwitch(lanes[0]), try startForwarder(lanes[1])]
        defer { for process in processes { process.end() } }
        for process in processes { try process.waitUntilReady() }
        return try [1000.0, 20_000].map { rate in
            var samples: [[Double]] = [[], []]
            for _ in 0..<Self.latencyRounds {
                progress("latency at \(Int(rate)) packets per second")
                for index in lanes.indices {
                    try checkInterruption()
                    samples[index] += try latency(lanes[index], rate: rate)
                }
            }
            return LatencyRow(rate: rate, samples[0], bare: samples[1])
        }
    }

    private func latency(_ lane: BenchNetwork.Lane, rate: Double) throws -> [Double] {
        let options = PacketRingOptions(transmission: .messages)
        var sender = try network.near.perform { try PacketRing(interface: lane.generator, options: options) }
        // Beside the switch's own ring: the kernel gives a frame's time to both alike.
        var entry = try network.middle.perform { try PacketRing(interface: lane.entry, options: options) }
        var sink = try network.far.perform { try PacketRing(interface: lane.sink, options: options) }
        var frame = Self.frame(64).bytes
        let interval = UInt64(1e9 / rate)
        var samples: [Double] = []
        var next = DomainClock.monotonicNanoseconds() + interval
        for number in 0..<Self.framesARound {
            Self.wait(until: next)
            next = max(next + interval, DomainClock.monotonicNanoseconds())
            // One that comes after it was given up must not be taken for its successor.
            frame[frame.count - 1] = UInt8(truncatingIfNeeded: number)
            _ = sender.stage(frame.span)
            sender.flush()
            let arrived = Self.time(of: frame[frame.count - 1], &entry)
            guard let left = Self.time(of: frame[frame.count - 1], &sink), let arrived else { continue }
            samples.append(Double(left &- arrived) / 1000)
        }
        guard samples.count > Self.framesARound / 2 else {
            throw BenchmarkError(.notMeasured, "of \(Self.framesARound) frames \(samples.count) came out")
        }
        // The first ones find caches cold, and a switch that does not yet know the rate.
        return Array(samples.dropFirst(Self.framesARound / 8))
    }

    /// The last of the way is waited for awake, so that frames leave when they should.
    private static func wait(until time: UInt64) {
        let now = DomainClock.monotonicNanoseconds()
        if time > now + 100_000 { Pause.microseconds(UInt32((time - now - 60_000) / 1000)) }
        while DomainClock.monotonicNanoseconds() < time { Processor.relax() }
    }

    /// When the frame with this last byte came, waiting for it up to 20 ms. Others are passed over.
    private static func time(of last: UInt8, _ ring: inout PacketRing) -> UInt64? {
        let end = DomainClock.monotonicNanoseconds() + 20_000_000
        var time: UInt64?
        while time == nil, DomainClock.monotonicNanoseconds() < end {
            ring.receive(limit: 1) { frame, info in
                if frame[frame.count - 1] == last { time = info.timestamp }
            }
            Processor.relax()
        }
        return time
    }
}
