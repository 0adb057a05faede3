// SPDX-License-Identifier: Apache-2.0

public import Addresses
public import Journeys

/// Which journeys are wanted, and in what order.
public struct JourneyQuery: Sendable {
    /// The order of the answer.
    public enum Order: Sendable, Hashable {
        /// As they were stored.
        case stored
        /// The ones that took longest first.
        case slowest
    }

    /// From this time on, nanoseconds of the domain's clock.
    public var since: UInt64 = 0
    /// Until before this time.
    public var until: UInt64 = .max
    /// Flows with an end, or the ends, of these.
    public var flow = FlowFilter()
    /// The path.
    public var path: PathKey?
    /// Those that took at least this long.
    public var slowerThan: Nanoseconds?
    /// Only those to which something is missing.
    public var isIncomplete = false
    /// What else holds for them, asked of the journey itself: costs much more than the others.
    public var condition: (@Sendable (Journey) -> Bool)?
    /// The order of the answer.
    public var order = Order.stored
    /// The most journeys of the answer.
    public var limit = Int.max

    /// Every journey, as they were stored.
    public init() {}
}

/// The ends of flows; nil for what may be anything.
public struct FlowFilter: Sendable, Hashable {
    /// Either end's address.
    public var host: IPAddress?
    /// The server's address.
    public var server: IPAddress?
    /// The server's port.
    public var serverPort: Port?
    /// The flow itself, in the request's direction.
    public var flow: Flow?

    /// Every flow.
    public init() {}

    /// Whether every flow passes.
    public var isEmpty: Bool { self == FlowFilter() }

    /// Whether the flow has these ends.
    public func accepts(_ flow: Flow) -> Bool {
        if let host, flow.source != host, flow.destination != host { return false }
        if let server, flow.destination != server { return false }
        if let serverPort, flow.ports?.destination != serverPort { return false }
        return self.flow.map { $0 == flow } ?? true
    }
}

/// A journey of a store.
public struct StoredJourney: Sendable {
    /// Where it is.
    public let id: JourneyID
    /// The journey.
    public let journey: Journey
}

/// What a store answers.
public struct JourneyAnswer: Sendable {
    /// The journeys, in the order that was asked for.
    public var journeys: [StoredJourney] = []
    /// What could not be read: a file or a segment, and why.
    public var damage: [String] = []
}
