// SPDX-License-Identifier: Apache-2.0

/// What runs a program's code over one packet: the boundary behind which another executor, such as native code, can take
/// the interpreter's place.
///
/// *It receives* a packet as a `Context`, whose memory `ContextLayout` describes: state, slots, header states, storage,
/// frame. Tables and externs (registers, counters, meters, hashes) belong to the executor; the control plane changes them
/// between packets. *It returns* its decisions in the packet: the engine reads `egress_spec`, `mcast_grp` and `priority`
/// in the metadata's slots, and the clone, resubmission, recirculation, truncation and failed assertion in
/// `ContextState`. What leaves is a list of `Segment`s of the packet's block.
///
/// Queues, clones, multicast, further passes and all counting of packets are the engine's. The engine is compiled for one
/// executor, so a call through this interface is a direct call.
protocol Executor: ~Copyable {
    /// Runs parser, checksum verification and ingress.
    /// - Parameter now: nanoseconds of the clock that never steps, for meters.
    mutating func arrive(_ context: Context, now: UInt64)

    /// Runs the parser alone, for a clone of a received frame.
    mutating func parse(_ context: Context)

    /// Runs egress, checksum update and deparser. False if it stopped after egress, because the packet is to be cloned or
    /// dropped; `rewrite` then goes on.
    mutating func depart(_ context: Context, now: UInt64) -> Bool

    /// Runs checksum update and deparser.
    mutating func rewrite(_ context: Context)

    /// Adds the payload to the segments that the deparser has listed; gives the bytes that leave, truncated.
    mutating func finishDeparsing(_ context: Context) -> Int

    /// The number of pieces that leave.
    var segmentCount: Int { get }
    /// Bytes of all segments, not truncated.
    var deparsedBytes: Int { get }
    /// A piece of the packet that leaves, in order; valid until the next packet departs.
    func segment(_ place: Int) -> Segment
}

extension Interpreter: Executor {
    @inline(__always)
    mutating func arrive(_ context: Context, now: UInt64) {
        self.now = now
        startParsing(context)
        run(from: entries.arrival, context)
    }

    mutating func parse(_ context: Context) {
        startParsing(context)
        run(from: entries.parser, context)
    }

    @inline(__always)
    mutating func depart(_ context: Context, now: UInt64) -> Bool {
        self.now = now
        startDeparsing()
        return run(from: entries.departure, context)
    }

    mutating func rewrite(_ context: Context) { run(from: entries.rewriting, context) }

    func segment(_ place: Int) -> Segment { segments[place] }
}
