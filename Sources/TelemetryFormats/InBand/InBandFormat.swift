// SPDX-License-Identifier: Apache-2.0

internal import Addresses
public import Journeys
internal import Wire

/// This project's format: a shim with level, flags and counts after EtherType 0x1212.
public enum InBandFormat: FrameFormat {
    /// As output names it.
    public static let name = TelemetryEncoding.Format(rawValue: "p4netintel")

    static func decode(_ frame: borrowing LinkFrame, _ options: TelemetryDecoder) -> DecodedFrame? {
        guard frame.type == .telemetryShim else { return nil }
        // This format has no level 0.
        if (try? frame.payload.peek()) == 0 { return nil }
        do throws(Malformed) {
            let read = try TelemetryFrame(frame)
            return .journey(
                read.report(packetLength: frame.packetLength(after: read.telemetrySize, isIPv6: read.isIPv6)))
        } catch {
            return .malformed(error)
        }
    }
}

extension TelemetryFrame {
    /// The frame as measurements.
    public var report: JourneyReport { report(packetLength: nil) }

    func report(packetLength: Int?) -> JourneyReport {
        // A host answers with its record, so a frame that has one, or has a forward count, is a reply.
        let isReply = host != nil || shim.forward > 0
        let layout = level.layout
        var report = JourneyReport(
            flow: isReply ? inner.flow.reversed : inner.flow, hops: hops.reversed(),
            requestHopCount: isReply ? Int(shim.forward) : hops.count,
            encoding: TelemetryEncoding(format: InBandFormat.name, variant: level.rawValue), telemetry: sizes)
        if layout.coverage == .oneHop {
            report.coverage = .oneHop
            report.hopsMet = Int(shim.count)
            report.requestHopsMet = isReply ? Int(shim.forward) : Int(shim.count)
            if isReply { report.requestHopCount = hops.count { ($0.position ?? 0) <= shim.forward } }
        }
        report.requestID = inner.requestID
        report.segment = inner.segment
        report.host = host
        report.source = sourceRecord
        if shim.flags.contains(.hopLimit) { report.missing.insert(.hopLimitReached) }
        if shim.flags.contains(.noRoom) { report.missing.insert(.noRoomAtSomeHop) }
        report.packetLength = packetLength
        report.identifiesPacket = layout.field(.enqueueTime) != nil || host != nil
        return report
    }

    var isIPv6: Bool { inner.etherType == .ipv6 }

    private var sizes: TelemetrySize {
        TelemetrySize(
            header: Shim.size + (sourceRecord == nil ? 0 : SourceRecord.size), record: level.recordSize,
            records: hops.count, recordLimit: level.layout.coverage == .oneHop ? 1 : .max,
            host: host.map(HostRecord.size) ?? 0)
    }
}
