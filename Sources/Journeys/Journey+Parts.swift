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

    /// From the client's send to its receive if the client's times are known, else from the first
    /// switch's ingress to the last one's egress; nil if there are no times, if they are impossible, if these
    /// are two switches whose clocks may differ, or if the direction is unknown. Where the rest of the reply is known, it
    /// is in it.
    public var total: Nanoseconds? {
        guard let reply else { return firstFrameTotal }
        return firstFrameTotal.map { ($0.without(lateness ?? 0) ?? $0) + reply.rest }
    }

    /// Of the frame that brought the telemetry.
    private var firstFrameTotal: Nanoseconds? {
        if let client {
            guard let start = client.sent ?? source?.sent, let end = client.received ?? client.arrived else {
                return nil
            }
            return Nanoseconds(from: start, to: end)
        }
        guard hasReturned, requestHopCount != nil, let first = hops.first, let last = hops.last,
            first.switchID == last.switchID,
            let start = first.arrival, let end = last.departure
        else { return nil }
        return Nanoseconds(difference: end.since(start))
    }

    /// How long it took: the total, or where that is unknown the sum of its parts; at least 1 ns.
    public var duration: Nanoseconds { total ?? parts.scale }

    private func hopPart(_ index: Int, _ direction: JourneyPart.Direction) -> JourneyPart {
        let hop = hops[index]
        return JourneyPart(
            .hop(hop.switchID, direction), hop.timeInSwitch,
            absence: hop.arrival == nil && hop.latency?.value == nil ? .notReported : .clocksDisagree, hopIndex: index)
    }
}
