// SPDX-License-Identifier: Apache-2.0

import Addresses
import Journeys
import TelemetryFormats

/// Journeys as a lab of three switches makes them, the same for the same seed.
struct SampleJourneys {
    /// 2026-12-01 14:00:00 TAI, as nanoseconds.
    static let start: UInt64 = 498_926 * 3_600_000_000_000

    private var random: SeededGenerator
    private var ordinal: UInt64 = 0

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    /// A round trip over three switches.
    /// - Parameters:
    ///   - time: when the collector sees it, nanoseconds.
    ///   - flows: how many flows there are.
    mutating func next(
        at time: UInt64, level: Level = .full, flows: UInt16 = 20, isComplete: Bool = true, hasClient: Bool = false
    ) -> Journey {
        ordinal += 1
        var clock = time / 1000 - 2000
        let out = (1...3).map { hop(SwitchID(rawValue: $0), &clock) }
        let hostTime = tail(40_000)
        clock += hostTime / 1000 + 10
        let back = (1...3).reversed().map { hop(SwitchID(rawValue: $0), &clock) }
        var details = HostDetails(hostID: 7, processor: UInt16(random.next() % 4), arrival: time - 1_500_000)
        details.stages.kernelIn = UInt32(tail(9000))
        details.stages.application = UInt32(tail(7000))
        details.queueDepth = 2
        let host = HostMeasurement(
            ordinal: ordinal, duration: Nanoseconds(measured: hostTime), details: details)
        let flow = Flow(
            source: .v4(IPv4Address(rawValue: 0x0A00_0101)), destination: .v4(IPv4Address(rawValue: 0x0A00_0202)),
            ports: Flow.Ports(source: Port(rawValue: 50_000 + UInt16(random.next() % UInt64(flows))), destination: 1234)
        )
        let frame = TelemetryFrame(
            destination: MACAddress(rawValue: 2), source: MACAddress(rawValue: 1), level: level,
            forward: isComplete ? 3 : 0, hops: (isComplete ? out + back : out).reversed(),
            host: isComplete ? host : nil,
            inner: InnerPacket(flow: isComplete ? flow.reversed : flow, requestID: UInt32(truncatingIfNeeded: ordinal)))
        var report = decoded(frame)
        report.packetLength = 78
        let client = hasClient ? ClientTimes(sent: time - 2_000_000, received: time + tail(30_000)) : nil
        return Journey(report, seenAt: time, client: client)
    }

    /// As a collector reads it, with what the level keeps of it.
    private func decoded(_ frame: TelemetryFrame) -> JourneyReport {
        guard case .journey(let report) = TelemetryDecoder().decode(frame.encoded().span) else {
            fatalError("a frame that was made is not read")
        }
        return report
    }

    private mutating func hop(_ id: SwitchID, _ clock: inout UInt64) -> HopMeasurement {
        var hop = HopMeasurement(switchID: id, enqueueDepth: .exact(random.next() % 4))
        let (queue, latency) = (tail(12), tail(4))
        hop.ingressPort = 1
        hop.egressPort = 2
        hop.ingressTime = .microseconds(clock)
        hop.enqueueTime = .microseconds(clock + latency, width: 32)
        hop.queueTime = .exact(queue * 1000)
        hop.dequeueDepth = .exact(random.next() % 3)
        hop.egressTime = .microseconds(clock + latency + queue)
        hop.latency = .exact((latency + queue) * 1000)
        hop.packetLength = .exact(78)
        hop.packetsSinceLast = 1 + random.next() % 3
        hop.lastTelemetryTime = .microseconds(clock - 2000 - random.next() % 1000)
        clock += latency + queue + tail(8)
        return hop
    }

    /// About the typical value, with rare ones far above.
    private mutating func tail(_ typical: UInt64) -> UInt64 {
        let value = typical / 2 + random.next() % (typical + 1)
        return random.next() % 200 == 0 ? value * 20 : value
    }
}

/// A generator whose numbers are those of its seed.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// SplitMix64.
    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
        return value ^ value >> 31
    }
}
