// SPDX-License-Identifier: Apache-2.0

internal import Journeys

/// What telemetry weighed on the links between switches, beside the packets that carried it.
///
/// A journey's frame tells how many records it held on each link: one more behind every hop. Its packet is taken for
/// as long as the one that was captured, and the host's record for present on all of the way back.
public struct Overhead: Sendable, Hashable {
    /// Summed over all links of all journeys.
    public private(set) var telemetryBytes: UInt64 = 0
    public private(set) var packetBytes: UInt64 = 0
    /// Frames on links.
    public private(set) var passages: UInt64 = 0

    public init() {}

    /// Of a packet on a link, on average; nil before the first.
    public var bytesPerPassage: Double? { passages == 0 ? nil : Double(telemetryBytes) / Double(passages) }

    /// Bytes of telemetry over bytes of packets.
    public var share: Double? { packetBytes == 0 ? nil : Double(telemetryBytes) / Double(packetBytes) }

    mutating func record(_ report: JourneyReport) {
        guard let out = report.requestHopsMet, let packet = report.packetLength, packet > 0 else { return }
        for hops in 1...max(report.hopsMet, 1) where hops <= out {
            add(report.telemetry.bytes(afterHops: hops, onReturnPath: false), packet)
        }
        // After the last hop, the sink, the packet is plain again.
        guard out < report.hopsMet else { return }
        for hops in out..<report.hopsMet { add(report.telemetry.bytes(afterHops: hops, onReturnPath: true), packet) }
    }

    private mutating func add(_ telemetry: Int, _ packet: Int) {
        telemetryBytes += UInt64(telemetry)
        packetBytes += UInt64(packet)
        passages += 1
    }
}
