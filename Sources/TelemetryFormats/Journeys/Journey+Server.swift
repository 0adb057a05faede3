// SPDX-License-Identifier: Apache-2.0

extension Journey {
    /// The server's time, and behind it what is known of where it went.
    var hostPart: [JourneyPart] {
        guard let host else { return [] }
        return [JourneyPart(.host, host.duration)]
            + host.spans.map { JourneyPart(.hostSpan($0.span), $0.duration) }
    }

    /// What lies between the last hop out and the first hop back: the two ways of the server's link, and its host.
    func turn(_ forward: Int) -> [JourneyPart] {
        guard forward > 0, forward < hops.count else { return hostPart }
        let last = hops[forward - 1]
        let first = hops[forward]
        let kind = JourneyPart.Kind.serverLink(last.switchID, first.switchID)
        guard let host, let leaving = last.egress, let returning = first.ingress else {
            return [JourneyPart(kind, nil)] + hostPart
        }
        guard let away = UInt64(exactly: returning.since(leaving)), away < Self.longestPlausible,
            // The switch's microseconds are cut off, so up to one may be missing.
            host.duration <= away * 1000 + 1000
        else { return [JourneyPart(kind, nil, absence: .clocksDisagree)] + hostPart }
        if let ways = oneWay(from: leaving, last.switchID, to: returning, first.switchID) {
            return [ways.out] + hostPart + [ways.back]
        }
        return [JourneyPart(kind, away * 1000 > host.duration ? away * 1000 - host.duration : 0)] + hostPart
    }

    /// Both ways of the server's link apart, where the server tells when it saw the request and its clock does not
    /// contradict the switches'. How far two clocks are apart without contradiction nobody can tell: the sum of both
    /// ways is what bounds it.
    private func oneWay(
        from leaving: SwitchTime, _ last: SwitchID, to returning: SwitchTime, _ first: SwitchID
    ) -> (out: JourneyPart, back: JourneyPart)? {
        guard let arrival = host?.seen, let departure = host?.left,
            let out = Self.distance(SwitchTime(nanoseconds: arrival).since(leaving), arrival % 1000, added: true),
            let back = Self.distance(
                returning.since(SwitchTime(nanoseconds: departure)), departure % 1000, added: false)
        else { return nil }
        return (
            JourneyPart(.serverLinkOneWay(last, .out), out), JourneyPart(.serverLinkOneWay(first, .back), back)
        )
    }

    /// Nanoseconds of a distance between a switch's time, of which less than a microsecond is cut off, and one of
    /// nanoseconds, whose last three digits are `rest`. Less than nothing by what is cut off counts as nothing.
    private static func distance(_ microseconds: Int64, _ rest: UInt64, added: Bool) -> UInt64? {
        guard microseconds.magnitude < longestPlausible else { return nil }
        let time = microseconds * 1000 + (added ? Int64(rest) : -Int64(rest))
        return time > -1000 ? UInt64(max(time, 0)) : nil
    }
}
