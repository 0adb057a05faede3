// SPDX-License-Identifier: Apache-2.0

public import Addresses
public import Journeys
internal import Wire

/// The ways of level 6's journeys, whose packets tell of one hop each: by who talks to whom and how long the way is.
public struct RebuiltPaths: Sendable {
    /// The most ways that are kept; journeys of others are counted only.
    public static let maximum = 256

    /// A client, a server with its port, and the hops out and back. The client's ports are left out: its requests take
    /// the same way, or ways of which `RebuiltPath` tells.
    public struct Key: Sendable, Hashable {
        public let flow: Flow
        public let hopsOut: Int
        public let hopsBack: Int

        init?(_ journey: Journey) {
            guard journey.coverage == .oneHop, let out = journey.requestHopsMet, journey.hopsMet >= out else {
                return nil
            }
            var flow = journey.flow
            flow.ports?.source = 0
            self.flow = flow
            hopsOut = out
            hopsBack = journey.hopsMet - out
        }
    }

    public private(set) var paths: [Key: RebuiltPath] = [:]
    /// Journeys whose way is not kept.
    public private(set) var leftOut: UInt64 = 0

    public init() {}

    /// - Returns: the journey's parts among those of its whole way, as far as that is known: in the order of travel, without
    ///   a duration but for its own. Parts of other levels come back as they are.
    public mutating func take(_ journey: Journey) -> [JourneyPart] {
        let parts = journey.parts
        guard let key = Key(journey) else { return parts }
        var path = paths[key] ?? RebuiltPath(hopsOut: key.hopsOut, hopsBack: key.hopsBack)
        guard paths[key] != nil || paths.count < Self.maximum else {
            leftOut += 1
            return parts
        }
        path.record(journey)
        paths[key] = path
        return Self.parts(parts, along: path)
    }

    private static func parts(_ own: [JourneyPart], along path: RebuiltPath) -> [JourneyPart] {
        var parts: [JourneyPart] = []
        for (index, id) in path.switches.enumerated() {
            if index == path.hopsOut { parts += own.filter { !$0.isHop } }
            guard let id else { continue }
            let kind = JourneyPart.Kind.hop(id, index < path.hopsOut ? .out : .back)
            parts.append(own.first { $0.kind == kind } ?? JourneyPart(unreported: kind))
        }
        if path.hopsBack == 0 { parts += own.filter { !$0.isHop } }
        // A switch that is not the most frequent at its place.
        return parts + own.filter { part in part.isHop && !parts.contains { $0.kind == part.kind } }
    }

    /// For people: each way, and how many packets tell all of it.
    func lines(_ names: PlaceNames) -> [String] {
        var lines = paths.sorted { "\($0.key.flow)" < "\($1.key.flow)" }.map { key, path in
            let hops = path.switches.map { $0.map(names.name(of:)) ?? "?" }
            let way = (hops.prefix(path.hopsOut) + [names.server] + hops.dropFirst(path.hopsOut)).joined(
                separator: " > ")
            let mean = (RebuiltPath.meanPackets(toSee: path.hops) * 10).rounded() / 10
            return "\(key.flow.source) to \(key.flow.destination): \(way); \(path.packets) packets, each told of 1 of "
                + "\(path.hops) hops: all are seen after \(mean) on average, after "
                + "\(RebuiltPath.packets(toSee: path.hops, with: 0.95)) with 95 % certainty"
        }
        if leftOut > 0 {
            lines.append("\(leftOut) journeys of level 6 took ways beyond the \(Self.maximum) that are kept")
        }
        return lines
    }
}

extension JourneyPart {
    fileprivate var isHop: Bool { if case .hop = kind { true } else { false } }
}
