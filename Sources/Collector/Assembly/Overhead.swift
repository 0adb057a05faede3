// SPDX-License-Identifier: Apache-2.0

internal import TelemetryFormats

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

    /// - Parameter packetLength: of the packet without its telemetry.
    mutating func take(_ journey: Journey, packetLength: Int) {
        guard let out = journey.hopsOut, packetLength > 0 else { return }
        let records = journey.level.records(ofHops: journey.hopsMet) * journey.level.recordSize
        let behindServer = journey.hopsMet > out || journey.host != nil
        // What is neither shim nor hop records: the sending host's record on the whole way, the server's on the way
        // back.
        let others = journey.telemetrySize - Shim.size - records
        let source = journey.source == nil ? 0 : min(SourceRecord.size, others)
        let host = others - source
        for hops in 1...max(journey.hopsMet, 1) where hops <= out {
            add(Shim.size + journey.level.records(ofHops: hops) * journey.level.recordSize + source, packetLength)
        }
        // Behind the last hop, the sink, the packet is plain again.
        guard behindServer, out < journey.hopsMet else { return }
        for hops in out..<journey.hopsMet {
            add(
                Shim.size + journey.level.records(ofHops: hops) * journey.level.recordSize + source + host,
                packetLength)
        }
    }

    private mutating func add(_ telemetry: Int, _ packet: Int) {
        telemetryBytes += UInt64(telemetry)
        packetBytes += UInt64(packet)
        passages += 1
    }
}
