// SPDX-License-Identifier: Apache-2.0

extension Journey {
    /// One way between the client's application and what is nearest to its host: a switch, or the server's host where
    /// there is no switch. In the order of travel; without the parts whose both ends nobody told of.
    func clientParts(_ direction: JourneyPart.Direction) -> [JourneyPart] {
        // The one hop that level 6 tells of need not be the client's neighbour.
        if level == .constant, hopsMet > 0 { return [] }
        return switch direction {
        case .out: stack(.out, client?.sent, source?.sent) + (out.first.map(linkOut) ?? hostLink(.out))
        default: (back.last.map(linkBack) ?? hostLink(.back)) + stack(.back, client?.arrived, client?.received)
        }
    }

    /// Between the application's call and the hook at the interface.
    private func stack(_ direction: JourneyPart.Direction, _ begin: UInt64?, _ end: UInt64?) -> [JourneyPart] {
        guard let begin, let end else { return [] }
        return [JourneyPart(.clientStack(direction), Self.between(begin, end), absence: .clocksDisagree)]
    }

    private func linkOut(_ hop: HopRecord) -> [JourneyPart] {
        guard let begin = source?.sent ?? client?.sent else { return [] }
        return link(hop, .out, hop.ingress?.since(SwitchTime(nanoseconds: begin)))
    }

    private func linkBack(_ hop: HopRecord) -> [JourneyPart] {
        guard let end = client?.arrived ?? client?.received else { return [] }
        return link(hop, .back, hop.egress.map { SwitchTime(nanoseconds: end).since($0) })
    }

    private func link(_ hop: HopRecord, _ direction: JourneyPart.Direction, _ microseconds: Int64?) -> [JourneyPart] {
        let kind = JourneyPart.Kind.clientLink(hop.switchID, direction)
        guard let microseconds else { return [JourneyPart(kind, nil)] }
        let duration = UInt64(exactly: microseconds).flatMap(Self.nanoseconds(ofMicroseconds:))
        return [JourneyPart(kind, duration, absence: .clocksDisagree)]
    }

    /// From hook to hook of the two hosts, each way by itself where the server tells when it saw the request.
    ///
    /// Where one way comes out impossible the hosts' clocks are apart. The sum of both ways needs the client's clock
    /// only, so it is given instead, in the place of the way out. How far two clocks are apart without contradiction
    /// nobody can tell: that sum is what bounds it.
    private func hostLink(_ direction: JourneyPart.Direction) -> [JourneyPart] {
        let kind = JourneyPart.Kind.directLink(direction)
        let ways = (out: way(source?.sent, host?.seen), back: way(host?.left, client?.arrived))
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
        let away = Self.between(sent, arrived)
        let duration = away.flatMap { $0 >= host.duration ? $0 - host.duration : nil }
        return [JourneyPart(.directLink(.both), duration, absence: .clocksDisagree)]
    }

    /// Nil where an end is not known.
    private func way(_ begin: UInt64?, _ end: UInt64?) -> Way? {
        guard let begin, let end else { return nil }
        return Way(duration: Self.between(begin, end))
    }

    /// Nanoseconds of the domain's clock; nil where they run backwards or are too many to be believed.
    static func between(_ begin: UInt64, _ end: UInt64) -> UInt64? {
        end >= begin && (end - begin) / 1000 < longestPlausible ? end - begin : nil
    }
}

private struct Way {
    /// Nanoseconds; nil where its two ends contradict each other.
    var duration: UInt64?
}

extension HostRecord {
    /// When its XDP hook saw the request, by the server's clock; nil where it does not tell.
    var seen: UInt64? { details.flatMap { $0.arrival > 0 ? $0.arrival : nil } }

    /// When the reply left at its TC egress hook.
    var left: UInt64? {
        guard let (left, overflow) = seen?.addingReportingOverflow(duration), !overflow else { return nil }
        return left
    }
}
