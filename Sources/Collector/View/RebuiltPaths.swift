// SPDX-License-Identifier: Apache-2.0

public import Addresses
public import Journeys

/// The paths of journeys that report one hop each (level 6), by flow and length of the path.
public struct RebuiltPaths: Sendable {
    /// The most paths that are kept; journeys on others are only counted.
    public static let maximum = 256

    /// A client, a server with its port, and the lengths of both paths. The client's ports are left out: all its requests
    /// take the same path, or paths that `RebuiltPath` distinguishes.
    public struct Key: Sendable, Hashable {
        /// In the request's direction; the client's port is 0.
        public let flow: Flow
        /// Hops of the request path.
        public let hopsOut: Int
        /// Hops of the return path.
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

    /// The paths, as far as they are known.
    public private(set) var paths: [Key: RebuiltPath] = [:]
    /// Journeys whose path is not kept.
    public private(set) var leftOut: UInt64 = 0

    init() {}

    /// Adds a journey.
    /// - Returns: the journey's parts among all parts of its path, as far as that is known, in the order of travel; only
    ///   its own have a duration. Parts of a journey that reports every hop are returned as they are.
    mutating func record(_ journey: Journey) -> [JourneyPart] {
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

    /// For people: each path, and how many packets it takes until all of it is reported.
    func lines(_ names: PlaceNames) -> [String] {
        var lines = paths.sorted { "\($0.key.flow)" < "\($1.key.flow)" }.map { key, path in
            let hops = path.switches.map { $0.map(names.name(of:)) ?? "?" }
            let places = (hops.prefix(path.hopsOut) + [names.server] + hops.dropFirst(path.hopsOut)).joined(
                separator: " > ")
            let mean = (RebuiltPath.meanPackets(toSee: path.hops) * 10).rounded() / 10
            return
                "\(key.flow.source) to \(key.flow.destination): \(places); \(path.packets) packets, each reported 1 of "
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
