// SPDX-License-Identifier: Apache-2.0

internal import Addresses
internal import LinuxSystem
internal import SwitchRuntime
internal import Workload

extension PortsBench {
    /// A size of frames through the switch and through the bare forwarder.
    public struct ThroughputRow: Sendable, Hashable, Encodable {
        /// Bytes of a frame that the switch receives.
        public let frameBytes: Int
        /// File name of the P4 program.
        public let program = "INT.p4"
        /// Level of the telemetry on every packet.
        public let level = PortsBench.level
        /// Frames per second that left the switch.
        public let packetsPerSecond: Double
        /// Frames per second that left the bare forwarder.
        public let barePacketsPerSecond: Double
        /// Of what the switch took in, the share that did not come out.
        public let loss: Double
        /// Processor time of the switch per packet, in nanoseconds.
        public let processor: Double
        /// Processor time of the bare forwarder per packet, in nanoseconds.
        public let bareProcessor: Double

        enum CodingKeys: String, CodingKey {
            case program, level, loss
            case frameBytes = "frame_bytes"
            case packetsPerSecond = "pps"
            case barePacketsPerSecond = "bare_pps"
            case processor = "cpu_ns_per_packet"
            case bareProcessor = "bare_cpu_ns_per_packet"
        }
    }

    /// Microseconds of a round that are measured, and those before them in which the flow settles.
    private static let window: UInt32 = 300_000
    private static let settling: UInt32 = 60_000

    private struct Round {
        var rate: Double
        var processor: Double
    }

    /// The medians over alternating rounds of the switch and the forwarder.
    func throughput(_ progress: (String) -> Void) throws -> [ThroughputRow] {
        let lanes = [try network.makeLane("sw"), try network.makeLane("bare")]
        // Live frames are taken by an interface that has an XDP program.
        let receivers = try network.middle.perform { try LiveReceivers(lanes[0].entry, lanes[1].entry) }
        defer { withExtendedLifetime(receivers) {} }
        return try Self.frameSizes.map { try throughput($0, lanes, progress) }
    }

    private func throughput(
        _ size: Int, _ lanes: [BenchNetwork.Lane], _ progress: (String) -> Void
    ) throws -> ThroughputRow {
        let tested = try startSwitch(lanes[0], processors: measuredProcessors)
        let contenders = [tested, try startForwarder(lanes[1], processors: measuredProcessors)]
        for contender in contenders { try contender.waitUntilReady() }
        let before = try InterfaceCount(lanes[0].sink, in: network.far)
        var samples = [[Round]](repeating: [], count: contenders.count)
        for round in 0..<rounds {
            progress("\(size)-byte frames, round \(round + 1) of \(rounds)")
            for index in contenders.indices {
                try checkInterruption()
                samples[index].append(try measure(contenders[index], lanes[index], Self.frame(size)))
            }
        }
        let received = try tested.statistics().ports.first { $0.port == 1 }?.receivedPackets ?? 0
        let delivered = try InterfaceCount(lanes[0].sink, in: network.far).packets - before.packets
        let loss = received == 0 ? 0 : 1 - min(1, Double(delivered) / Double(received))
        return Self.row(size, loss, samples[0], samples[1])
    }

    private static func row(_ size: Int, _ loss: Double, _ tested: [Round], _ bare: [Round]) -> ThroughputRow {
        ThroughputRow(
            frameBytes: size, packetsPerSecond: tested.map(\.rate).median.rounded(),
            barePacketsPerSecond: bare.map(\.rate).median.rounded(), loss: loss.rounded(to: 1e-6),
            processor: tested.map(\.processor).median.rounded(),
            bareProcessor: bare.map(\.processor).median.rounded())
    }

    /// Sends more than can be forwarded, and counts what comes out while that goes on.
    private func measure(_ process: Measured, _ lane: BenchNetwork.Lane, _ frame: LoadFrame) throws -> Round {
        var burst = 1_000_000
        for _ in 0..<5 {
            let load = try Overload(lane.generator, frame, burst, in: network.near, processors: generatorProcessors)
            let round = try measure(process, lane, while: load)
            try load.wait()
            if let round { return round }
            burst *= 2
        }
        throw BenchmarkError(.notMeasured, "the generator is done with \(burst) frames before they can be counted")
    }

    /// Nil if the frames ended before the window did.
    private func measure(_ process: Measured, _ lane: BenchNetwork.Lane, while load: Overload) throws -> Round? {
        let idle = try InterfaceCount(lane.sink, in: network.far)
        while try load.isRunning && InterfaceCount(lane.sink, in: network.far).packets < idle.packets + 1000 {
            Pause.microseconds(2000)
        }
        Pause.microseconds(Self.settling)
        let (first, timeBefore) = (try InterfaceCount(lane.sink, in: network.far), try process.processorTime())
        Pause.microseconds(Self.window)
        let (last, timeAfter) = (try InterfaceCount(lane.sink, in: network.far), try process.processorTime())
        guard load.isRunning, last.packets > first.packets else { return nil }
        return Round(
            rate: last.rate(since: first),
            processor: Double(timeAfter - timeBefore) / Double(last.packets - first.packets))
    }
}
