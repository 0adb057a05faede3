// SPDX-License-Identifier: Apache-2.0

import Glibc
import HostAgent
import LinuxSystem

/// Microseconds from the kernel's having a frame of the switch's one port to its having it of the port's peer behind:
/// waking the switch, its work, and the way out. By the kernel's own times of both.
struct LatencySample {
    let rate: Double
    /// In order of their sizes.
    let microseconds: [Double]

    func percentile(_ share: Double) -> Double {
        microseconds[min(microseconds.count - 1, Int(Double(microseconds.count) * share))].rounded(places: 1)
    }
}

extension PortsBench {
    struct LatencyRow: Encodable {
        let requestsPerSecond: Double
        let median: Double
        let p99: Double

        enum CodingKeys: String, CodingKey {
            case p99
            case requestsPerSecond = "rate"
            case median = "p50"
        }

        init(_ sample: LatencySample) {
            requestsPerSecond = sample.rate
            median = sample.percentile(0.5)
            p99 = sample.percentile(0.99)
        }

        var text: String {
            "latency at \(Int(requestsPerSecond)) packets a second: median \(median) us, 99 % within \(p99) us"
        }
    }

    /// The first is the low rate.
    func latency(_ progress: (String) -> Void) throws -> [LatencyRow] {
        let lane = try network.makeLane("lat")
        let process = try startSwitch(lane)
        try process.waitUntilReady()
        defer { process.end() }
        return try [1000, 20_000].map { rate in
            progress("latency at \(rate) packets a second")
            try checkInterruption()
            return LatencyRow(try latency(lane, rate: Double(rate)))
        }
    }

    private func latency(_ lane: BenchNetwork.Lane, rate: Double) throws -> LatencySample {
        let options = PacketRingOptions(transmission: .messages)
        var sender = try network.near.perform { try PacketRing(interface: lane.generator, options: options) }
        // Beside the switch's own ring: the kernel gives a frame's time to both alike.
        var entry = try network.middle.perform { try PacketRing(interface: lane.entry, options: options) }
        var sink = try network.far.perform { try PacketRing(interface: lane.sink, options: options) }
        let frame = Self.frame(64).bytes
        let interval = UInt64(1e9 / rate)
        var samples: [Double] = []
        var next = DomainClock.monotonicNanoseconds() + interval
        for _ in 0..<1500 {
            let now = DomainClock.monotonicNanoseconds()
            // The last of the way is waited for awake: a late frame would be answered by a switch that is awake longer.
            if next > now + 100_000 { usleep(UInt32((next - now - 60_000) / 1000)) }
            while DomainClock.monotonicNanoseconds() < next { Processor.relax() }
            next = max(next + interval, DomainClock.monotonicNanoseconds())
            _ = sender.stage(frame.span)
            sender.flush()
            guard let arrived = Self.time(&entry), let left = Self.time(&sink) else { continue }
            samples.append(Double(left &- arrived) / 1000)
        }
        guard samples.count > 1000 else { throw CommandError("of 1500 frames \(samples.count) came out of the switch") }
        // The first ones find caches cold and a switch that does not yet know the rate.
        return LatencySample(rate: rate, microseconds: samples.dropFirst(100).sorted())
    }

    /// When the next frame came, waiting for it up to 20 ms.
    private static func time(_ ring: inout PacketRing) -> UInt64? {
        let end = DomainClock.monotonicNanoseconds() + 20_000_000
        var time: UInt64?
        while time == nil, DomainClock.monotonicNanoseconds() < end {
            ring.receive(limit: 1) { _, info in time = info.timestamp }
            Processor.relax()
        }
        return time
    }
}
