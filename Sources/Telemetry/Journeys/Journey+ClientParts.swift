// SPDX-License-Identifier: Apache-2.0

extension Journey {
    /// One way between the client's application and what is nearest to its host: a switch, or the server's host where there is
    /// no switch. In the order of travel; without the parts whose both ends nobody told of.
    func clientParts(_ direction: JourneyPart.Direction) -> [JourneyPart] {
        // The one hop that level 6 tells of need not be the client's neighbour.
        if level == .constant, hopsMet > 0 { return [] }
        return switch direction {
        case .out: stack(.out, client?.sent, source?.sent) + (hops.first.map(linkOut) ?? directLink(.out))
        default: (hops.last.map(linkBack) ?? directLink(.back)) + stack(.back, client?.arrived, client?.received)
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

    /// From hook to hook of the two hosts; both ways together, named as the way out.
    private func directLink(_ direction: JourneyPart.Direction) -> [JourneyPart] {
        guard direction == .out, let sent = source?.sent, let arrived = client?.arrived, let host else { return [] }
        let away = Self.between(sent, arrived)
        let duration = away.flatMap { $0 >= host.duration ? $0 - host.duration : nil }
        return [JourneyPart(.directLink(.both), duration, absence: .clocksDisagree)]
    }

    /// Nanoseconds of the domain's clock; nil where they run backwards or are too many to be believed.
    static func between(_ begin: UInt64, _ end: UInt64) -> UInt64? {
        end >= begin && (end - begin) / 1000 < longestPlausible ? end - begin : nil
    }
}
