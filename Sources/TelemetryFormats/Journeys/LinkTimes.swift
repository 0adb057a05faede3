// SPDX-License-Identifier: Apache-2.0

/// The links between a journey's switches, and what can be said of the time on each.
struct LinkTimes {
    /// By the index of the hop in front of the link.
    private var parts: [Int: JourneyPart] = [:]

    init(of journey: Journey, forward: Int) {
        let hops = journey.hops
        for index in hops.indices.dropLast() where index + 1 != forward {
            let kind = JourneyPart.Kind.link(
                hops[index].switchID, hops[index + 1].switchID, index < forward ? .out : .back)
            guard let leaving = hops[index].egress, let arriving = hops[index + 1].ingress else {
                parts[index] = JourneyPart(kind, nil)
                continue
            }
            let time = arriving.since(leaving)
            parts[index] = Self.part(kind, time, within: journey.total)
            guard index >= forward, let mirror = Self.mirror(of: index, hops, forward) else { continue }
            reconcile(mirror, index, hops, within: journey.total)
        }
    }

    func part(behind hop: Int) -> JourneyPart? { parts[hop] }

    private static func part(_ kind: JourneyPart.Kind, _ microseconds: Int64, within total: UInt64?) -> JourneyPart {
        let duration = UInt64(exactly: microseconds).flatMap(Journey.nanoseconds(ofMicroseconds:))
            .flatMap { $0 <= total ?? .max ? $0 : nil }
        return JourneyPart(kind, duration, absence: .clocksDisagree)
    }

    /// The link on the way out between the same two switches as the one behind hop `index` on the way back.
    private static func mirror(of index: Int, _ hops: [HopRecord], _ forward: Int) -> Int? {
        (0..<max(forward - 1, 0)).first {
            hops[$0].switchID == hops[index + 1].switchID && hops[$0 + 1].switchID == hops[index].switchID
        }
    }

    /// Where the clocks of the two ends disagree, neither direction counts alone, but their sum does.
    private mutating func reconcile(_ out: Int, _ back: Int, _ hops: [HopRecord], within total: UInt64?) {
        guard parts[out]?.absence == .clocksDisagree || parts[back]?.absence == .clocksDisagree,
            let away = hops[out].egress, let arrived = hops[out + 1].ingress,
            let returned = hops[back].egress, let home = hops[back + 1].ingress
        else { return }
        let kind = JourneyPart.Kind.link(hops[out].switchID, hops[out + 1].switchID, .both)
        parts[out] = Self.part(kind, arrived.since(away) &+ home.since(returned), within: total)
        parts[back] = JourneyPart(
            .link(hops[back].switchID, hops[back + 1].switchID, .back), nil, absence: .clocksDisagree)
    }
}
