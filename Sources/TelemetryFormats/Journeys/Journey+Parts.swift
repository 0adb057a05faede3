// SPDX-License-Identifier: Apache-2.0

extension Journey {
    /// The journey cut into parts, in the order of travel. A part whose duration cannot be told has none, and says why.
    ///
    /// The time on a link is a difference between two switches' clocks. Where both directions of a link are known
    /// and one comes out impossible, the clocks are apart; the sum of both still holds, because the distance
    /// between the clocks falls out of it, so that sum is given instead.
    public var parts: [JourneyPart] {
        guard let forward else {
            return hops.indices.map { hopPart($0, .unknown) } + hostPart
        }
        var parts = clientParts(.out)
        let links = LinkTimes(of: self, forward: forward)
        for index in hops.indices {
            if index == forward { parts += turn(forward) }
            parts.append(hopPart(index, index < forward ? .out : .back))
            if let link = links.part(behind: index) { parts.append(link) }
        }
        if forward == hops.count { parts += turn(forward) }
        return parts + clientParts(.back)
    }

    /// Nanoseconds from the client's send to its receive where the client's times are known, else from the first
    /// switch's ingress to the last one's egress; nil if the level has no times, if these
    /// are two switches whose clocks may differ, or if the direction is unknown.
    public var total: UInt64? {
        if let client {
            guard let start = client.sent ?? source?.sent, let end = client.received ?? client.arrived else {
                return nil
            }
            return end >= start ? end - start : nil
        }
        guard forward != nil, let first = hops.first, let last = hops.last, first.switchID == last.switchID,
            let start = first.ingress, let end = last.egress
        else { return nil }
        return UInt64(exactly: end.since(start)).map { $0 * 1000 }
    }

    private func hopPart(_ index: Int, _ direction: JourneyPart.Direction) -> JourneyPart {
        let hop = hops[index]
        return JourneyPart(
            .hop(hop.switchID, direction), hop.timeInSwitch.flatMap(Self.nanoseconds(ofMicroseconds:)),
            absence: hop.ingress == nil ? .notTold : .clocksDisagree, hopIndex: index)
    }

    /// Microseconds. Nothing on the way of one request takes an hour; what says so is damaged or another clock.
    static let longestPlausible: UInt64 = 3_600_000_000

    static func nanoseconds(ofMicroseconds time: UInt64) -> UInt64? { time < longestPlausible ? time * 1000 : nil }
}
