// SPDX-License-Identifier: Apache-2.0

extension Journey {
    /// The server's time, followed by what is known of where it went.
    var hostParts: [JourneyPart] {
        guard let host else { return [] }
        return [JourneyPart(.host, host.duration, absence: hasReturned ? .clocksDisagree : .notReported)]
            + host.spans.map { JourneyPart(.hostSpan($0.span), $0.duration) } + replyParts
    }

    /// What follows the reply's first frame, where there is more of it.
    private var replyParts: [JourneyPart] {
        guard let reply else { return [] }
        var parts: [JourneyPart] = []
        if reply.rest > 0 { parts.append(JourneyPart(.reply, reply.rest)) }
        if let wait = reply.acknowledgementWait, wait > 0, wait <= reply.rest {
            parts.append(JourneyPart(.replyWait, wait))
        }
        if let time = reply.acknowledgement { parts.append(JourneyPart(.acknowledgement, time)) }
        return parts
    }

    /// What is between the last hop of the request path and the first hop of the return path: the server's link in both
    /// directions, and its host.
    func atServer(_ requestHopCount: Int) -> [JourneyPart] {
        if !hasReturned { return linkToServer + hostParts }
        guard requestHopCount > 0, requestHopCount < hops.count else { return hostParts }
        let last = hops[requestHopCount - 1]
        let first = hops[requestHopCount]
        let kind = JourneyPart.Kind.serverLink(last.switchID, first.switchID)
        guard let host, let leaving = last.departure, let returning = first.arrival else {
            return [JourneyPart(kind, nil)] + hostParts
        }
        guard let away = Nanoseconds(difference: returning.since(leaving)), let duration = host.duration,
            // The switch's time is cut to its resolution, so up to one step may be missing.
            duration <= away + Nanoseconds(leaving.resolution)
        else { return [JourneyPart(kind, nil, absence: .clocksDisagree)] + hostParts }
        if let ways = oneWay(from: leaving, last.switchID, to: returning, first.switchID) {
            return [ways.out] + hostParts + [ways.back]
        }
        // Of one that came late, the link's share is not known.
        return [JourneyPart(kind, isLate ? nil : away.without(duration + (lateness ?? 0)) ?? 0)] + hostParts
    }

    /// The way from the last hop of the request path to the server, where nothing of the way back is known.
    private var linkToServer: [JourneyPart] {
        guard coverage == .everyHop, let last = hops.last, let leaving = last.departure, let arrival = host?.seen else {
            return []
        }
        let time = Self.distance(
            ClockTime.nanoseconds(arrival).since(leaving), arrival % UInt64(leaving.resolution), leaving, added: true)
        return [JourneyPart(.serverLinkOneWay(last.switchID, .out), time, absence: .clocksDisagree)]
    }

    /// Whether the telemetry came with a later frame of the reply than its first, and it is not known how much later.
    var isLate: Bool { host?.details?.late != nil && reply == nil }

    /// How much later than the reply's first frame the telemetry left; nil if that is not known exactly.
    var lateness: Nanoseconds? { reply.flatMap { $0.telemetry.without($0.firstByte) } }

    /// Each direction of the server's link, if the server reports when it saw the request and its clock does not
    /// contradict the switches'. How far two clocks are apart without contradiction is unknown: the sum of both
    /// directions is the bound.
    private func oneWay(
        from leaving: ClockTime, _ last: SwitchID, to returning: ClockTime, _ first: SwitchID
    ) -> (out: JourneyPart, back: JourneyPart)? {
        guard let arrival = host?.seen, let departure = host?.left else { return nil }
        let (seen, left) = (ClockTime.nanoseconds(arrival), ClockTime.nanoseconds(departure))
        guard
            let out = Self.distance(seen.since(leaving), arrival % UInt64(leaving.resolution), leaving, added: true),
            let back = Self.distance(
                returning.since(left), departure % UInt64(returning.resolution), returning, added: false)
        else { return nil }
        return (
            JourneyPart(.serverLinkOneWay(last, .out), out),
            JourneyPart(isLate ? .lateLink(first) : .serverLinkOneWay(first, .back), back.without(lateness ?? 0) ?? 0)
        )
    }

    /// Nanoseconds between a switch's time, which is cut to the clock's resolution, and one of nanoseconds, from
    /// which `rest` was cut off. Less than nothing by what is cut off counts as nothing.
    private static func distance(_ difference: Int64, _ rest: UInt64, _ clock: ClockTime, added: Bool)
        -> Nanoseconds?
    {
        guard difference.magnitude < Nanoseconds.longestMeasured else { return nil }
        let time = added ? difference + Int64(rest) : difference - Int64(rest)
        return time > -Int64(clock.resolution) ? Nanoseconds(difference: max(time, 0)) : nil
    }
}
