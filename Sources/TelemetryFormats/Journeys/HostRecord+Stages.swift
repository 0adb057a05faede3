// SPDX-License-Identifier: Apache-2.0

internal import Journeys

extension HostRecord {
    /// The host's time cut into what was measured, empty if nothing was. Together it is `duration`: stages in a row
    /// that were not measured share what the others leave. Where such stages lie apart, each has no duration.
    var spans: [(span: HostSpan, duration: UInt64?)] {
        guard let details else { return [] }
        let stages = [details.toQueue, details.toReceive, details.application, details.toEgress]
        let known = stages.reduce(UInt64(0)) { $0 + UInt64($1 ?? 0) }
        guard known <= duration, stages.contains(where: { $0 != nil }) else { return [] }
        var spans: [(span: HostSpan, duration: UInt64?)] = []
        var open: Int?
        for (stage, measured) in zip(HostStage.allCases, stages) {
            if let measured {
                spans.append((HostSpan(stage), UInt64(measured)))
                open = nil
            } else if let open {
                spans[open].span.last = stage
            } else {
                open = spans.count
                spans.append((HostSpan(stage), nil))
            }
        }
        let unknown = spans.indices.filter { spans[$0].duration == nil }
        if unknown.count == 1 { spans[unknown[0]].duration = duration - known }
        return spans
    }
}
