// SPDX-License-Identifier: Apache-2.0

public import Addresses
public import Journeys

extension ReportShape {
    /// The report that has these values, which may be any: they come from a file.
    /// - Parameters:
    ///   - values: one for each of `columns`.
    ///   - columns: those of this shape, computed before.
    ///   - flow: in the request's direction.
    /// - Returns: nil if there are fewer or more values than columns, or the shape is not known.
    public func report(_ values: [Int64], _ columns: [ReportColumn], flow: Flow) -> JourneyReport? {
        guard let layout, let telemetrySize, values.count == columns.count, (0...Int(Shim.maximumCount)).contains(hops),
            (0...hops).contains(requestHops ?? 0)
        else { return nil }
        var report = JourneyReport(
            flow: flow, hops: Array(repeating: HopMeasurement(switchID: 0), count: hops), requestHopCount: requestHops,
            encoding: TelemetryEncoding(format: TelemetryEncoding.Format(rawValue: format), variant: level),
            telemetry: telemetrySize)
        report.coverage = Self.coverage(layout, report.encoding.format)
        if hasSegment { report.segment = TCPSegment(sequence: 0, acknowledgement: 0, length: 0) }
        if hasSource { report.source = SourceMeasurement(host: 0, sequence: 0, sent: 0) }
        for (column, value) in zip(columns, values) { set(column.content, to: value, in: &report, layout) }
        report.host = measuredHost(values, columns)
        report.identifiesPacket = layout.field(.enqueueTime) != nil || report.host != nil
        return report
    }

    private func set(
        _ content: ReportColumn.Content, to value: Int64, in report: inout JourneyReport, _ layout: LevelLayout
    ) {
        let word = UInt32(truncatingIfNeeded: value)
        switch content {
        case .hop(let hop, let item):
            guard let field = layout.field(item), case .value(_, let coding) = field.content else { return }
            report.hops[hop].set(item, coding, to: UInt64(bitPattern: value), field.bits)
        case .packetLength: report.packetLength = Int(value)
        case .requestID: report.requestID = word
        case .sequence: report.segment?.sequence = word
        case .acknowledgement: report.segment?.acknowledgement = word
        case .segmentLength: report.segment?.length = Int(value)
        case .hopsMet: report.hopsMet = Int(value)
        case .requestHopsMet: report.requestHopsMet = value < 0 ? nil : Int(value)
        case .missing: report.missing = MissingData(rawValue: UInt16(truncatingIfNeeded: value))
        case .sourceHost: report.source?.host = HostID(rawValue: word)
        case .sourceSequence: report.source?.sequence = word
        case .sourceSent: report.source?.sent = UInt64(bitPattern: value)
        case .sourceReceived: report.source?.received = word
        default: break
        }
    }

    private func measuredHost(_ values: [Int64], _ columns: [ReportColumn]) -> HostMeasurement? {
        guard host != .none else { return nil }
        var fields: [ReportColumn.Content: UInt64] = [:]
        for (column, value) in zip(columns, values) where column.content.isOfHost {
            fields[column.content] = UInt64(bitPattern: value)
        }
        func field(_ content: ReportColumn.Content) -> UInt64 { fields[content] ?? 0 }
        var measured = HostMeasurement(
            ordinal: field(.hostOrdinal), duration: Nanoseconds(measured: field(.hostTime)))
        guard host == .extended else { return measured }
        var details = HostDetails(
            hostID: HostID(rawValue: UInt32(truncatingIfNeeded: field(.hostID))),
            processor: UInt16(truncatingIfNeeded: field(.processor)), arrival: field(.hostArrival))
        let counts: [ReportColumn.Content] = [
            .kernelIn, .socketWait, .application, .kernelOut, .runQueue, .queueDepth,
        ]
        HostRecord.set(
            &details, flags: UInt16(truncatingIfNeeded: field(.hostFlags)),
            counts: counts.map { UInt32(truncatingIfNeeded: field($0)) },
            retransmits: UInt16(truncatingIfNeeded: field(.retransmits)))
        measured.details = details
        return measured
    }
}

extension ReportColumn.Content {
    fileprivate var isOfHost: Bool {
        switch self {
        case .hostOrdinal, .hostTime, .hostID, .hostFlags, .processor, .hostArrival, .kernelIn, .socketWait,
            .application, .kernelOut, .runQueue, .queueDepth, .retransmits:
            true
        default: false
        }
    }
}
