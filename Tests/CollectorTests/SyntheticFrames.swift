// SPDX-License-Identifier: Apache-2.0

import Addresses
import Collector
import Journeys
import TelemetryFormats
import Wire

/// Frames as the sink of a two-switch path sends them.
enum SyntheticFrames {
    static func hop(_ id: SwitchID, _ ingress: UInt64, _ egress: UInt64, depth: UInt64 = 0) -> HopMeasurement {
        var record = HopMeasurement(switchID: id, enqueueDepth: .exact(depth))
        record.ingressPort = 1
        record.egressPort = 2
        record.enqueueTime = .microseconds(egress - 1, width: 32)
        record.queueTime = .exact(1000)
        record.dequeueDepth = .exact(0)
        record.ingressTime = .microseconds(ingress)
        record.egressTime = .microseconds(egress)
        return record
    }

    /// A complete journey: s1 20 us, link 5, s2 10, server's link 20, host `host` us, s2 10, link 5, s1 20.
    static func roundTrip(_ id: UInt32, host: UInt64 = 100, start: UInt64 = 1_000_000) -> TelemetryFrame {
        let travelled = [
            hop(1, start, start + 20, depth: 3), hop(2, start + 25, start + 35),
            hop(2, start + 55 + host, start + 65 + host), hop(1, start + 70 + host, start + 90 + host),
        ]
        return frame(
            id, .standard, forward: 2, travelled,
            HostMeasurement(ordinal: UInt64(id), duration: Nanoseconds(measured: host * 1000)))
    }

    /// A complete journey with a latency breakdown: 1 us in the kernel, 9 in the socket, the rest known only as a sum.
    static func split(_ id: UInt32) -> TelemetryFrame {
        var frame = roundTrip(id)
        var details = HostDetails(hostID: 9, processor: 1, arrival: 1_000_045_000)
        details.stages.kernelIn = 1000
        details.stages.socketWait = 9000
        details.runQueue = 700
        details.queueDepth = 4
        frame.host?.details = details
        return frame
    }

    /// The copy of a request that no host answered.
    static func oneWay(_ id: UInt32, start: UInt64 = 1_000_000) -> TelemetryFrame {
        frame(id, .standard, forward: 0, [hop(1, start, start + 20), hop(2, start + 25, start + 35)], nil)
    }

    /// Level 1.
    static func minimal(_ id: UInt32, host: HostMeasurement?) -> TelemetryFrame {
        let hop = HopMeasurement(switchID: 1, enqueueDepth: .exact(7))
        return frame(id, .minimal, forward: host == nil ? 0 : 1, host == nil ? [hop] : [hop, hop], host)
    }

    private static func frame(
        _ id: UInt32, _ level: Level, forward: UInt8, _ travelled: [HopMeasurement], _ host: HostMeasurement?
    ) -> TelemetryFrame {
        let request = Flow(
            source: .v4(IPv4Address(rawValue: 0x0A00_0101)), destination: .v4(IPv4Address(rawValue: 0x0A00_0202)),
            ports: Flow.Ports(source: 50000, destination: 1234))
        return TelemetryFrame(
            destination: MACAddress(rawValue: 0x0200_0000_0002), source: MACAddress(rawValue: 0x0200_0000_0001),
            level: level, forward: forward, hops: travelled.reversed(), host: host,
            inner: InnerPacket(flow: host == nil ? request : request.reversed, requestID: id))
    }
}

func journey(_ frame: TelemetryFrame, at time: UInt64 = 0) -> Journey { Journey(frame.report, seenAt: time) }

extension JourneyPipeline {
    /// - Parameter time: when the frame arrived, nanoseconds of the domain's clock.
    mutating func ingest(_ bytes: [UInt8], at time: UInt64) {
        ingest(bytes.span, FrameInfo(time: time, originalLength: bytes.count))
    }

    mutating func run(readingPcap path: String) throws {
        var source = PcapSource(path: path)
        try run(&source, until: -1)
    }
}
