// SPDX-License-Identifier: Apache-2.0

internal import Journeys

/// One integer of the reports of a shape.
public struct ReportColumn: Sendable, Hashable {
    /// What it is. Hops are numbered from 0 in the order of travel.
    public enum Content: Sendable, Hashable {
        /// Bytes of the packet without its telemetry.
        case packetLength
        /// The first 4 bytes of the payload.
        case requestID
        /// Of the TCP segment.
        case sequence, acknowledgement, segmentLength
        /// Hops that the packet met, and how many of them on the request path, -1 if that is unknown.
        case hopsMet, requestHopsMet
        /// The bits of `MissingData` that the report itself says.
        case missing
        /// A field of a hop record, as on the wire.
        case hop(Int, HopValue)
        /// Fields of the source record.
        case sourceHost, sourceSequence, sourceSent, sourceReceived
        /// Fields of both host records.
        case hostOrdinal, hostTime
        /// Fields of the extended host record.
        case hostID, hostFlags, processor, hostArrival, kernelIn, socketWait, application, kernelOut, runQueue
        case queueDepth, retransmits
    }

    /// What it is.
    public let content: Content
    /// Bits of the value; arithmetic on it is modulo 2 to this power.
    public let bits: Int
}

extension ReportShape {
    /// The columns in their order; empty for a shape that this version does not know.
    ///
    /// The fields of a hop are ordered so that each can be predicted from those before it: its times first.
    public var columns: [ReportColumn] {
        guard let layout else { return [] }
        return packetColumns + hopColumns(layout) + sourceColumns + hostColumns
    }

    private var packetColumns: [ReportColumn] {
        var columns: [ReportColumn] = [column(.hopsMet, 8), column(.requestHopsMet, 64), column(.missing, 16)]
        if hasPacketLength { columns.append(column(.packetLength, 64)) }
        if hasRequestID { columns.append(column(.requestID, 32)) }
        if hasSegment { columns += [column(.sequence, 32), column(.acknowledgement, 32), column(.segmentLength, 64)] }
        return columns
    }

    private func hopColumns(_ layout: LevelLayout) -> [ReportColumn] {
        let fields = layout.fields.compactMap { field in field.value.map { (value: $0, bits: field.bits) } }
        let timesFirst = HopValue.inPredictableOrder.compactMap { value in fields.first { $0.value == value } }
        return (0..<hops).flatMap { hop in timesFirst.map { column(.hop(hop, $0.value), $0.bits) } }
    }

    private var sourceColumns: [ReportColumn] {
        guard hasSource else { return [] }
        return [
            column(.sourceHost, 32), column(.sourceSequence, 32), column(.sourceSent, 64), column(.sourceReceived, 32),
        ]
    }

    private var hostColumns: [ReportColumn] {
        let both = [column(.hostOrdinal, 64), column(.hostTime, 64)]
        return switch host {
        case .none: []
        case .plain: both
        case .extended:
            both + [
                column(.hostID, 32), column(.hostFlags, 16), column(.processor, 16), column(.hostArrival, 64),
                column(.kernelIn, 32), column(.socketWait, 32), column(.application, 32), column(.kernelOut, 32),
                column(.runQueue, 32), column(.queueDepth, 32), column(.retransmits, 16),
            ]
        }
    }

    private func column(_ content: ReportColumn.Content, _ bits: Int) -> ReportColumn {
        ReportColumn(content: content, bits: bits)
    }
}

extension HopValue {
    fileprivate static let inPredictableOrder: [HopValue] = [
        .ingressTime, .enqueueTime, .queueTime, .egressTime, .latency, .lastTelemetryTime, .switchID, .ingressPort,
        .egressPort, .enqueueDepth, .dequeueDepth, .packetLength, .packetsSinceLast, .position,
    ]
}
