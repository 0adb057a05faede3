// SPDX-License-Identifier: Apache-2.0

/// What a server's host reports of a request that it has answered.
public struct HostMeasurement: Sendable, Hashable {
    /// The request's ordinal, from 1, among those that this host answered with telemetry.
    public var ordinal: UInt64
    /// From the XDP hook seeing the request to the TC egress hook seeing the reply; nil if what was reported is impossible.
    public var duration: Nanoseconds?
    /// Who answered and where the time went; nil if the host did not report it.
    public var details: HostDetails?

    /// A host's time; nil for one that is impossible.
    public init(ordinal: UInt64, duration: Nanoseconds?, details: HostDetails? = nil) {
        self.ordinal = ordinal
        self.duration = duration
        self.details = details
    }
}

/// Who answered, when, and where the time went. What the host did not measure is nil.
public struct HostDetails: Sendable, Hashable {
    /// The host.
    public var hostID: HostID
    /// The processor that received the request.
    public var processor: UInt16
    /// When the XDP hook saw the request: nanoseconds of the host's clock; 0 if the host does not report it.
    public var arrival: UInt64
    /// The latency breakdown.
    public var stages = HostStages()
    /// Nanoseconds within the socket wait in which the application's thread could have run and did not.
    public var runQueue: UInt32?
    /// What waited in the socket's receive queue before this request: datagrams (UDP), unread bytes (TCP).
    public var queueDepth: UInt32?
    /// Segments that the connection sent again between request and reply.
    public var retransmits: UInt16?

    /// How much later the telemetry left than the reply's first frame, which had no room for it, within 1/16; nil if it
    /// left with that.
    public var late: Nanoseconds?

    /// Details without any measurement but the arrival, in nanoseconds.
    public init(hostID: HostID, processor: UInt16 = 0, arrival: UInt64) {
        self.hostID = hostID
        self.processor = processor
        self.arrival = arrival
    }
}

/// A host's time by stage, in nanoseconds; nil for a stage that was not measured.
public struct HostStages: Sendable, Hashable {
    /// From the XDP hook to the socket's receive queue.
    public var kernelIn: UInt32?
    /// From there to the return of the application's receive call.
    public var socketWait: UInt32?
    /// From there to its send call.
    public var application: UInt32?
    /// From there to the TC egress hook.
    public var kernelOut: UInt32?

    /// No stage measured.
    public init() {}

    /// The four durations in the order of `HostStage.allCases`.
    public var inOrder: [UInt32?] { [kernelIn, socketWait, application, kernelOut] }
}

extension HostMeasurement {
    /// The host's time divided into what was measured, empty if nothing was. The sum is `duration`: adjacent stages that
    /// were not measured share what the others leave. Where such stages are not adjacent, each has no duration.
    var spans: [(span: HostSpan, duration: Nanoseconds?)] {
        guard let stages = details?.stages.inOrder, stages.contains(where: { $0 != nil }) else { return [] }
        let known = stages.reduce(Nanoseconds.zero) { $0 + Nanoseconds($1 ?? 0) }
        guard let rest = duration?.without(known) else { return [] }
        var spans: [(span: HostSpan, duration: Nanoseconds?)] = []
        var open: Int?
        for (stage, measured) in zip(HostStage.allCases, stages) {
            if let measured {
                spans.append((HostSpan(stage), Nanoseconds(measured)))
                open = nil
            } else if let open {
                spans[open].span.last = stage
            } else {
                open = spans.count
                spans.append((HostSpan(stage), nil))
            }
        }
        let unknown = spans.indices.filter { spans[$0].duration == nil }
        if unknown.count == 1 { spans[unknown[0]].duration = rest }
        return spans
    }

    /// When its XDP hook saw the request, by the host's clock; nil if the host does not report it.
    var seen: UInt64? { details.flatMap { $0.arrival > 0 ? $0.arrival : nil } }

    /// When the reply left at its TC egress hook, by the host's clock.
    var left: UInt64? {
        guard let seen, let duration else { return nil }
        let (left, overflow) = seen.addingReportingOverflow(duration.count)
        return overflow ? nil : left
    }
}
