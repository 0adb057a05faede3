// SPDX-License-Identifier: Apache-2.0

internal import Addresses
internal import LinuxSystem
internal import Workload

extension PortsBench {
    /// What a link's bandwidth was set to, and what came out.
    public struct RateRow: Sendable, Hashable, Encodable {
        /// The bandwidth that was set, in Mbit/s.
        public let megabits: Double
        /// The rate at which frames came out, in Mbit/s.
        public let measured: Double

        enum CodingKeys: String, CodingKey {
            case measured
            case megabits = "mbit"
        }
    }

    /// The traffic manager's rates, with more offered than they allow.
    func rates(_ progress: (String) -> Void) throws -> [RateRow] {
        let lane = try network.makeLane("rate")
        return try [1, 1000].map { megabits in
            progress("a link of \(megabits) Mbit/s")
            try checkInterruption()
            let process = try startSwitch(lane, ["--bandwidth", "2=\(megabits)", "--commands", files.deepQueues])
            try process.waitUntilReady()
            defer { process.end() }
            let offered = Double(megabits) * 1e6 / 8 / 1400 * (megabits < 100 ? 5 : 1.25)
            let duration = megabits < 100 ? 2.5 : 1.0
            let measured = try rate(lane, offered: offered, duration: duration)
            return RateRow(megabits: Double(megabits), measured: (measured / 1e6).rounded(to: 1e-4))
        }
    }

    /// Bits per second between the first frame and the last that came out while frames were offered.
    private func rate(_ lane: BenchNetwork.Lane, offered: Double, duration: Double) throws -> Double {
        var sink = try network.far.perform {
            // Room for a tenth of a second of the fastest link.
            try PacketRing(
                interface: lane.sink, options: PacketRingOptions(receiveSlots: 8192, transmission: .messages))
        }
        let frame = Self.frame(1400)
        let load = try BackgroundThread(in: network.near) {
            var blast = try Blast(try SocketSender(interface: lane.generator, frame: frame))
            blast.rate = offered
            blast.duration = duration
            return try blast.run().refused
        }
        let end = DomainClock.monotonicNanoseconds() + UInt64(duration * 1e9)
        var first: UInt64?
        var last: UInt64 = 0
        var bytes = 0
        while DomainClock.monotonicNanoseconds() < end {
            sink.receive { frame, info in
                if first == nil { first = info.timestamp } else { bytes += frame.count }
                last = info.timestamp
            }
            Pause.microseconds(500)
        }
        _ = try load.join()
        guard let first, last > first else {
            throw BenchmarkError(.notMeasured, "nothing came out of a link with a bandwidth")
        }
        return Double(bytes) * 8e9 / Double(last - first)
    }
}
