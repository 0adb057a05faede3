// SPDX-License-Identifier: Apache-2.0

public import Addresses
public import Journeys

/// Which journeys a sink gets. Every condition that is set must hold; of several hosts, ports or switches one suffices.
public struct JourneyFilter: Sendable, Hashable {
    /// Addresses of the client or the server.
    public var hosts: [IPPrefix] = []
    /// Ports of the client or the server.
    public var ports: [Port] = []
    /// Switches on the path.
    public var switches: [SwitchID] = []
    /// The journey took longer: its total, or where that is unknown the sum of its parts.
    public var slowerThan: Nanoseconds?
    /// Something is missing.
    public var isIncomplete = false
    /// Some node in it is not expected.
    public var isUnexpected = false

    /// A filter that every journey passes.
    public init() {}

    /// Whether a sink gets this journey.
    public func admits(_ journey: Journey) -> Bool {
        if isIncomplete, journey.isComplete { return false }
        if isUnexpected, journey.unexpectedNodes.isEmpty { return false }
        if let slowerThan, journey.duration <= slowerThan { return false }
        let flow = journey.flow
        let ends = [IPPrefix(only: flow.source), IPPrefix(only: flow.destination)]
        if !hosts.isEmpty, !hosts.contains(where: { ends.contains(where: $0.contains) }) { return false }
        if !ports.isEmpty {
            guard let own = flow.ports, ports.contains(where: { $0 == own.source || $0 == own.destination }) else {
                return false
            }
        }
        return switches.isEmpty || journey.hops.contains { switches.contains($0.switchID) }
    }
}

/// Passes on the journeys that a filter admits. Frames and the summary are not filtered.
public final class FilteringSink: JourneySink {
    private let filter: JourneyFilter
    private let inner: any JourneySink

    /// A sink in front of `inner`.
    public init(_ filter: JourneyFilter, _ inner: any JourneySink) {
        self.filter = filter
        self.inner = inner
    }

    /// The inner sink's failure.
    public var failure: CollectorError? { inner.failure }

    /// Passes the frame on.
    public func accept(frame bytes: Span<UInt8>, _ info: FrameInfo) { inner.accept(frame: bytes, info) }

    /// Passes the journey on if the filter admits it.
    public func accept(_ journey: Journey) { if filter.admits(journey) { inner.accept(journey) } }

    /// Passes the end of a second on.
    public func flush(_ view: JourneyView) { inner.flush(view) }

    /// Passes the summary on.
    public func finish(_ summary: Summary) { inner.finish(summary) }
}
