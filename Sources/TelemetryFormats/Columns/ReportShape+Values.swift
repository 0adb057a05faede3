// SPDX-License-Identifier: Apache-2.0

public import Journeys

extension ReportShape {
    /// Appends the values of a report of this shape; 64 bits without a sign are kept as they are.
    /// - Parameter columns: those of this shape, computed before.
    public func append(_ report: JourneyReport, _ columns: [ReportColumn], to values: inout [Int64]) {
        for column in columns { values.append(value(column.content, of: report)) }
    }

    private func value(_ content: ReportColumn.Content, of report: JourneyReport) -> Int64 {
        switch content {
        case .hop(let hop, let value): field(value, of: report.hops[hop])
        case .packetLength: Int64(report.packetLength ?? 0)
        case .requestID: Int64(report.requestID ?? 0)
        case .sequence: Int64(report.segment?.sequence ?? 0)
        case .acknowledgement: Int64(report.segment?.acknowledgement ?? 0)
        case .segmentLength: Int64(report.segment?.length ?? 0)
        case .hopsMet: Int64(report.hopsMet)
        case .requestHopsMet: Int64(report.requestHopsMet ?? -1)
        case .missing: Int64(report.missing.rawValue)
        default: value(content, of: report.source) ?? value(content, of: report.host) ?? 0
        }
    }

    private func field(_ value: HopValue, of hop: HopMeasurement) -> Int64 {
        guard case .value(_, let coding)? = layout?.field(value)?.content else { return 0 }
        return Int64(bitPattern: hop.field(value, coding))
    }

    private func value(_ content: ReportColumn.Content, of source: SourceMeasurement?) -> Int64? {
        guard let source else { return nil }
        return switch content {
        case .sourceHost: Int64(source.host.rawValue)
        case .sourceSequence: Int64(source.sequence)
        case .sourceSent: Int64(bitPattern: source.sent)
        case .sourceReceived: Int64(source.received)
        default: nil
        }
    }

    private func value(_ content: ReportColumn.Content, of host: HostMeasurement?) -> Int64? {
        guard let host else { return nil }
        switch content {
        case .hostOrdinal: return Int64(bitPattern: host.ordinal)
        case .hostTime: return Int64(bitPattern: host.duration?.count ?? .max)
        default: break
        }
        guard let details = host.details else { return nil }
        return switch content {
        case .hostID: Int64(details.hostID.rawValue)
        case .hostFlags: Int64(HostRecord.flags(of: details))
        case .processor: Int64(details.processor)
        case .hostArrival: Int64(bitPattern: details.arrival)
        case .kernelIn: Int64(details.stages.kernelIn ?? 0)
        case .socketWait: Int64(details.stages.socketWait ?? 0)
        case .application: Int64(details.stages.application ?? 0)
        case .kernelOut: Int64(details.stages.kernelOut ?? 0)
        case .runQueue: Int64(details.runQueue ?? 0)
        case .queueDepth: Int64(details.queueDepth ?? 0)
        case .retransmits: Int64(details.retransmits ?? 0)
        default: nil
        }
    }
}
