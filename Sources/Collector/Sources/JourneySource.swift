// SPDX-License-Identifier: Apache-2.0

public import Journeys

/// What a source feeds: a pipeline, or one that several threads share.
public protocol JourneyInput: ~Copyable {
    /// Accepts one frame.
    /// - Parameter bytes: from the Ethernet header on; valid only within the call.
    mutating func ingest(_ bytes: Span<UInt8>, _ info: FrameInfo)

    /// Accepts times of the client that were not reported together with a frame.
    mutating func ingest(_ times: ClientTimes, of request: RequestKey)

    /// Accepts that time has passed. A source calls it between batches of frames, at least about ten times per second
    /// while it waits for more.
    mutating func tick()
}

/// Where frames with telemetry come from.
///
/// A new source is a type of its own, in a file of its own, and one line where the command selects sources.
public protocol JourneySource: ~Copyable {
    /// Feeds `input` with all that there is, in the order of arrival, until there is no more or `stop` is readable. What
    /// has arrived by then is delivered too.
    /// - Parameter stop: a descriptor such as that of a `SignalDescriptor` or an `EventDescriptor`. It is not read.
    /// - Throws: what ended the source early.
    mutating func run(into input: inout some JourneyInput & ~Copyable, until stop: Int32) throws

    /// Frames so far that were lost before the source could read them.
    mutating func lostFrames() -> UInt64
}

extension JourneySource where Self: ~Copyable {
    /// A source that loses nothing.
    public mutating func lostFrames() -> UInt64 { 0 }
}
