// SPDX-License-Identifier: Apache-2.0

public import Journeys
internal import Synchronization

/// A pipeline that several threads feed, such as a capture's and a client's.
public final class SharedPipeline: Sendable, JourneyInput {
    private let pipeline: Mutex<JourneyPipeline>

    /// Hands the pipeline over; it is used through this object from now on.
    public init(_ pipeline: consuming sending JourneyPipeline) { self.pipeline = Mutex(pipeline) }

    /// Accepts one frame, as `JourneyPipeline` does.
    public func ingest(_ bytes: Span<UInt8>, _ info: FrameInfo) {
        pipeline.withLock { $0.ingest(bytes, info) }
    }

    /// Accepts times of the client, as `JourneyPipeline` does.
    public func ingest(_ times: ClientTimes, of request: RequestKey) {
        pipeline.withLock { $0.ingest(times, of: request) }
    }

    /// Accepts that time has passed, as `JourneyPipeline` does.
    public func tick() { pipeline.withLock { $0.tick() } }

    /// The frames and journeys so far.
    public var counts: CaptureCounts { pipeline.withLock { $0.view.counts } }

    /// The end of the run.
    /// - Parameter lostFrames: frames that were lost before the source could read them.
    /// - Returns: what is known then.
    public func finish(lostFrames: UInt64 = 0) -> JourneyView {
        pipeline.withLock { pipeline in
            pipeline.finish(lostFrames: lostFrames)
            return pipeline.view
        }
    }
}
