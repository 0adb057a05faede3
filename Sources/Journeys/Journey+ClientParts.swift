// SPDX-License-Identifier: Apache-2.0

extension Journey {
    /// One direction between the client's application and what is nearest to its host: a switch, or the server's host if
    /// there is no switch. In the order of travel; without the parts both of whose ends are unknown.
    func clientParts(_ direction: JourneyPart.Direction) -> [JourneyPart] {
        // The one hop that is reported need not be the client's neighbour.
        if coverage == .oneHop, hopsMet > 0 { return [] }
        return switch direction {
        case .out: stack(.out, client?.sent, source?.sent) + (requestPath.first.map(linkOut) ?? hostLink(.out))
        default: (returnPath.last.map(linkBack) ?? hostLink(.back)) + stack(.back, client?.arrived, client?.received)
        }
    }

    /// Between the application's call and the hook at the interface.
    private func stack(_ direction: JourneyPart.Direction, _ begin: UInt64?, _ end: UInt64?) -> [JourneyPart] {
        guard let begin, let end else { return [] }
        return [JourneyPart(.clientStack(direction), Nanoseconds(from: begin, to: end), absence: .clocksDisagree)]
    }

    private func linkOut(_ hop: HopMeasurement) -> [JourneyPart] {
        guard let begin = source?.sent ?? client?.sent else { return [] }
        return link(hop, .out, hop.arrival?.since(.nanoseconds(begin)))
    }

    private func linkBack(_ hop: HopMeasurement) -> [JourneyPart] {
        guard let end = client?.arrived ?? client?.received else { return [] }
        return link(hop, .back, hop.departure.map { ClockTime.nanoseconds(end).since($0) })
    }

    private func link(_ hop: HopMeasurement, _ direction: JourneyPart.Direction, _ time: Int64?) -> [JourneyPart] {
        let kind = JourneyPart.Kind.clientLink(hop.switchID, direction)
        guard let time else { return [JourneyPart(kind, nil)] }
        return [JourneyPart(kind, Nanoseconds(difference: time), absence: .clocksDisagree)]
    }

    /// From hook to hook of the two hosts, each direction by itself if the server reports when it saw the request.
    ///
    /// Where one direction comes out impossible the hosts' clocks are apart. The sum of both needs the client's clock
    /// only, so it is given instead, in the place of the request's direction. How far two clocks are apart without
    /// contradiction is unknown: that sum is the bound.
    private func hostLink(_ direction: JourneyPart.Direction) -> [JourneyPart] {
        let kind = isLate && direction == .back ? JourneyPart.Kind.lateLink(nil) : .directLink(direction)
        let ways = (out: oneWay(source?.sent, host?.seen), back: oneWay(host?.left, client?.arrived, less: lateness))
        guard hops.isEmpty, let sent = source?.sent, let arrived = client?.arrived, let host else {
            guard let way = direction == .out ? ways.out : ways.back else { return [] }
            return [JourneyPart(kind, way.duration, absence: .clocksDisagree)]
        }
        if let out = ways.out?.duration, let back = ways.back?.duration {
            return [JourneyPart(kind, direction == .out ? out : back)]
        }
        guard direction == .out else {
            return ways.back == nil ? [] : [JourneyPart(kind, nil, absence: .clocksDisagree)]
        }
        let away = Nanoseconds(from: sent, to: arrived)
        let duration = host.duration.flatMap { away?.without($0 + (lateness ?? 0)) }
        return [
            JourneyPart(.directLink(.both), isLate ? nil : duration, absence: isLate ? .notReported : .clocksDisagree)
        ]
    }

    /// Nil if an end is unknown.
    private func oneWay(_ begin: UInt64?, _ end: UInt64?, less late: Nanoseconds? = nil) -> OneWay? {
        guard let begin, let end else { return nil }
        return OneWay(duration: Nanoseconds(from: begin, to: end)?.without(late ?? 0))
    }
}

private struct OneWay {
    /// Nil if its two ends contradict each other.
    var duration: Nanoseconds?
}
