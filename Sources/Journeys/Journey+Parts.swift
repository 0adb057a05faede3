// SPDX-License-Identifier: Apache-2.0

extension Journey {
    /// The journey divided into parts, in the order of travel. A part whose duration is unknown has none, and says why.
    ///
    /// The time on a link is a difference between two switches' clocks. Where both directions of a link are known
    /// and one comes out impossible, the clocks are apart; the sum of both is still right, because the distance
    /// between the clocks cancels out in it, so that sum is given instead.
    var computedParts: [JourneyPart] {
        guard let requestHopCount else {
            return hops.indices.map { hopPart($0, .unknown) } + hostParts
        }
        var parts = clientParts(.out)
        let links = LinkTimes(of: self, requestHopCount: requestHopCount)
        for index in hops.indices {
            if index == requestHopCount { parts += atServer(requestHopCount) }
            parts.append(hopPart(index, index < requestHopCount ? .out : .back))
            if let link = links.part(after: index) { parts.append(link) }
        }
        if requestHopCount == hops.count { parts += atServer(requestHopCount) }
        return parts + clientParts(.back)
    }

    /// Nanoseconds from the client's send to its receive if the client's times are known, else from the first
    /// switch's ingress to the last one's egress; nil if there are no times, if these
    /// are two switches whose clocks may differ, or if the direction is unknown.
    public var total: UInt64? {
        if let client {
            guard let start = client.sent ?? source?.sent, let end = client.received ?? client.arrived else {
                return nil
            }
            return end >= start ? end - start : nil
        }
        guard requestHopCount != nil, let first = hops.first, let last = hops.last, first.switchID == last.switchID,
            let start = first.arrival, let end = last.departure
        else { return nil }
        return UInt64(exactly: end.since(start))
    }

    private func hopPart(_ index: Int, _ direction: JourneyPart.Direction) -> JourneyPart {
        let hop = hops[index]
        return JourneyPart(
            .hop(hop.switchID, direction), hop.timeInSwitch.flatMap(Self.plausible),
            absence: hop.arrival == nil ? .notReported : .clocksDisagree, hopIndex: index)
    }

    /// Nanoseconds. No part of one request takes an hour; what says so is damaged or another clock.
    static let longestPlausible: UInt64 = 3_600_000_000_000

    /// A duration in nanoseconds; nil if it is too long to be believed.
    static func plausible(_ duration: UInt64) -> UInt64? { duration < longestPlausible ? duration : nil }

    /// A difference in nanoseconds as a duration; nil if it is negative or too long to be believed.
    static func plausible(_ difference: Int64) -> UInt64? { UInt64(exactly: difference).flatMap(plausible) }
}
