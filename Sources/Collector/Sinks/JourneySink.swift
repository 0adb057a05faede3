// SPDX-License-Identifier: Apache-2.0

public import Journeys

/// Where journeys go.
///
/// A new sink is a class of its own, in a file of its own, and one line where the command selects sinks. Nothing here
/// throws: a sink that cannot go on keeps its first failure and ignores the rest, so that the others and the capture
/// go on.
public protocol JourneySink: AnyObject {
    /// Accepts a frame before it is decoded, with or without telemetry. By default it is ignored.
    /// - Parameter bytes: from the Ethernet header on; valid only within the call.
    func accept(frame bytes: Span<UInt8>, _ info: FrameInfo)

    /// Accepts a journey at the end of its assembly, with its parts.
    func accept(_ journey: Journey)

    /// Brings the output up to date. Called about once per second while a source runs.
    /// - Parameter view: what is known so far.
    func flush(_ view: JourneyView)

    /// Completes the output at the end of the run.
    func finish(_ summary: Summary)

    /// The first thing that kept the sink from its work; nil if there was none.
    var failure: CollectorError? { get }
}

extension JourneySink {
    /// A sink of journeys only.
    public func accept(frame bytes: Span<UInt8>, _ info: FrameInfo) {}

    /// A sink that has nothing pending.
    public func flush(_ view: JourneyView) {}
}
