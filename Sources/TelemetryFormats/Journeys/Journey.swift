// SPDX-License-Identifier: Apache-2.0

public import Addresses

/// One request's way through the switches to the server and its reply's way back, as far as telemetry tells of it.
public struct Journey: Sendable, Hashable {
    /// The first 4 bytes of the UDP or TCP payload; nil if the frame was cut before them.
    public var requestID: UInt32?
    /// Of TCP: where the segment that was captured, usually the reply's, stands in its connection.
    public var segment: InnerPacket.Segment?
    /// In the request's direction, client first.
    public var flow: Flow
    public var level: Level
    /// The frame's shim had the reference form: no flags, no `forward`.
    public var isReference: Bool
    /// In the order of travel: the request's hops, then the reply's. At level 6 one of them.
    public var hops: [HopRecord]
    /// Hops that the packet met and that took part, as many as `hops` but at level 6.
    public var hopsMet: Int
    /// How many of `hops` lie on the way out; nil if that cannot be told.
    public var forward: Int?
    /// How many of `hopsMet` lie on the way out; nil if that cannot be told.
    public var hopsOut: Int?
    public var host: HostRecord?
    /// What the client's host wrote into the request, where it was it that began the telemetry.
    public var source: SourceRecord?
    /// What the client knows of its request, for whoever has both.
    public var client: ClientTimes?
    /// When the collector saw the frame: nanoseconds of the domain's clock.
    public var time: UInt64
    /// Bytes that the telemetry added to the packet.
    public var telemetrySize: Int
    /// What is missing; empty for a complete journey.
    public var gaps: MissingData

    /// Hops of the request, in the order of travel; empty if the direction is unknown.
    public var out: ArraySlice<HopRecord> { hops.prefix(forward ?? 0) }
    /// Hops of the reply, in the order of travel; empty if the direction is unknown.
    public var back: ArraySlice<HopRecord> { forward.map { hops.dropFirst($0) } ?? [] }

    public var isComplete: Bool { gaps.isEmpty }

    public init(of frame: TelemetryFrame, seenAt time: UInt64) {
        // A host turns packets round, so a frame that tells of one holds a reply.
        let isReply = frame.host != nil || frame.shim.forward > 0
        requestID = frame.inner.requestID
        segment = frame.inner.segment
        flow = isReply ? frame.inner.flow.reversed : frame.inner.flow
        level = frame.level
        isReference = frame.shim.isReference
        hops = frame.hops.reversed()
        hopsMet = frame.level == .constant ? Int(frame.shim.count) : frame.hops.count
        host = frame.host
        source = frame.sourceRecord
        self.time = time
        telemetrySize = frame.telemetrySize
        forward = Self.forward(frame, isReply: isReply)
        hopsOut = forward
        if frame.level == .constant { hopsOut = isReply ? Int(frame.shim.forward) : hopsMet }
        gaps = []
        gaps = MissingData(of: self, flags: frame.shim.flags)
    }

    private static func forward(_ frame: TelemetryFrame, isReply: Bool) -> Int? {
        guard isReply else { return frame.hops.count }
        if frame.level == .constant { return frame.hops.count { ($0.position ?? 0) <= frame.shim.forward } }
        guard frame.shim.isReference else { return Int(frame.shim.forward) }
        // Reference frames do not tell. A reply that came back through the same switches reads the same both ways.
        let ids = frame.hops.map(\.switchID)
        return ids.count.isMultiple(of: 2) && ids.elementsEqual(ids.reversed()) ? ids.count / 2 : nil
    }
}
