// SPDX-License-Identifier: Apache-2.0

/// The links between a journey's switches, and what is known of the time on each.
struct LinkTimes {
    /// By the index of the hop before the link.
    private var parts: [Int: JourneyPart] = [:]

    init(of journey: Journey, requestHopCount: Int) {
        let hops = journey.hops
        let total = journey.total
        for index in hops.indices.dropLast() where index + 1 != requestHopCount {
            let kind = JourneyPart.Kind.link(
                hops[index].switchID, hops[index + 1].switchID, index < requestHopCount ? .out : .back)
            guard let leaving = hops[index].departure, let arriving = hops[index + 1].arrival else {
                parts[index] = JourneyPart(kind, nil)
                continue
            }
            let time = arriving.since(leaving)
            parts[index] = Self.part(kind, time, within: total)
            guard index >= requestHopCount, let mirror = Self.mirror(of: index, hops, requestHopCount) else { continue }
            reconcile(mirror, index, hops, within: total)
        }
    }

    func part(after hop: Int) -> JourneyPart? { parts[hop] }

    private static func part(_ kind: JourneyPart.Kind, _ time: Int64, within total: Nanoseconds?) -> JourneyPart {
        let duration = Nanoseconds(difference: time).flatMap { $0 <= total ?? $0 ? $0 : nil }
        return JourneyPart(kind, duration, absence: .clocksDisagree)
    }

    /// The link on the request path between the same two switches as the one after hop `index` on the return path.
    private static func mirror(of index: Int, _ hops: [HopMeasurement], _ requestHopCount: Int) -> Int? {
        (0..<max(requestHopCount - 1, 0)).first {
            hops[$0].switchID == hops[index + 1].switchID && hops[$0 + 1].switchID == hops[index].switchID
        }
    }

    /// Where the clocks of the two ends disagree, neither direction counts alone, but their sum does.
    private mutating func reconcile(_ out: Int, _ back: Int, _ hops: [HopMeasurement], within total: Nanoseconds?) {
        guard parts[out]?.absence == .clocksDisagree || parts[back]?.absence == .clocksDisagree,
            let away = hops[out].departure, let arrived = hops[out + 1].arrival,
            let returned = hops[back].departure, let home = hops[back + 1].arrival
        else { return }
        let kind = JourneyPart.Kind.link(hops[out].switchID, hops[out + 1].switchID, .both)
        let (sum, overflow) = arrived.since(away).addingReportingOverflow(home.since(returned))
        parts[out] = Self.part(kind, overflow ? -1 : sum, within: total)
        parts[back] = JourneyPart(
            .link(hops[back].switchID, hops[back + 1].switchID, .back), nil, absence: .clocksDisagree)
    }
}
