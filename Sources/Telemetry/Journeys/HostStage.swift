// SPDX-License-Identifier: Apache-2.0

/// One stretch of a host's time, in the order in which they follow each other.
public enum HostStage: Int, Sendable, Hashable, CaseIterable {
    /// From the XDP hook to the socket's receive queue.
    case kernelIn
    /// From there to the application's receive call returning.
    case socketWait
    /// From there to its send call.
    case application
    /// From there to the TC egress hook.
    case kernelOut

    public var name: String {
        switch self {
        case .kernelIn: "kernel in"
        case .socketWait: "socket wait"
        case .application: "application"
        case .kernelOut: "kernel out"
        }
    }
}

/// Stages in a row of which only the sum is known; mostly one.
public struct HostSpan: Sendable, Hashable {
    public var first: HostStage
    public var last: HostStage

    public init(_ first: HostStage, through last: HostStage? = nil) {
        self.first = first
        self.last = last ?? first
    }

    public var name: String {
        HostStage.allCases.filter { (first.rawValue...max(first.rawValue, last.rawValue)).contains($0.rawValue) }
            .map(\.name).joined(separator: "+")
    }
}

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
