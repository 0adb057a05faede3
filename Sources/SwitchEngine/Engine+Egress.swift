// SPDX-License-Identifier: Apache-2.0

import SwitchIR

/// A call of `Engine.poll`: how far it has come, and the frame that it is about to send.
@safe
@usableFromInline
struct PollTurn {
    let now: PacketTimes
    let limit: Int
    /// Packets taken from their queues, and how many of them when the round of all ports began.
    @usableFromInline var count = 0
    var countBefore = 0
    /// The port whose turn it is; -1 before the first.
    @usableFromInline var port = -1
    /// Why the frame was dropped by the output; nil if it was sent.
    @usableFromInline var reason: DropReason?
    fileprivate var index = ContextPool.none
    private var memory: UnsafeMutableRawPointer?
    private var segments: UnsafePointer<Segment>?
    private var segmentCount = 0
    fileprivate var byteCount = 0

    init(now: PacketTimes, limit: Int) {
        self.now = now
        self.limit = limit
        unsafe memory = nil
        unsafe segments = nil
    }

    fileprivate mutating func setFrame(
        _ index: UInt32, _ context: Context, _ interpreter: borrowing Interpreter, byteCount: Int
    ) {
        self.index = index
        unsafe memory = context.memory
        unsafe segments = UnsafePointer(interpreter.segments.base)
        segmentCount = interpreter.segmentCount
        self.byteCount = byteCount
    }

    /// The frame, until the turn goes on.
    @usableFromInline var frame: OutgoingFrame {
        @_lifetime(immortal)
        get {
            unsafe OutgoingFrame(
                memory: memory.unsafelyUnwrapped, segments: segments.unsafelyUnwrapped, segmentCount: segmentCount,
                byteCount: byteCount)
        }
    }
}

extension Engine {
    /// Runs what waits for another pass, and begins to take packets from their queues.
    @usableFromInline
    mutating func beginPoll(limit: Int, now: PacketTimes) -> PollTurn {
        if repeats.count > 0 { runRepeats(limit: limit, now: now) }
        return PollTurn(now: now, limit: limit)
    }

    /// Counts the frame sent last and readies the next one; false when nothing more is due, or the limit is reached.
    ///
    /// One packet per port in turn, so that no port waits for another's burst.
    @usableFromInline
    mutating func goOn(_ turn: inout PollTurn) -> Bool {
        if turn.index != ContextPool.none { finishSending(&turn) }
        while turn.count < turn.limit, queues.isBusy {
            guard let port = queues.nextBusyPort(after: turn.port) else {
                // A round in which nothing was due: nothing is.
                guard turn.count != turn.countBefore else { return false }
                turn.countBefore = turn.count
                turn.port = -1
                continue
            }
            turn.port = port
            guard let (index, left) = queues.removeDue(port, now: turn.now.nanoseconds, pool) else { continue }
            turn.count &+= 1
            if runEgress(index, port: port, left: left, &turn) { return true }
        }
        return false
    }

    private mutating func finishSending(_ turn: inout PollTurn) {
        if let reason = turn.reason {
            counters.drop(turn.port, reason)
        } else {
            counters.send(turn.port, bytes: turn.byteCount)
        }
        pool.release(turn.index)
        turn.index = ContextPool.none
    }

    /// Runs egress for a packet just taken from its queue: clone, drop, checksums, deparser. False if no frame is left to
    /// be sent.
    @inline(__always)
    private mutating func runEgress(_ index: UInt32, port: Int, left: UInt32, _ turn: inout PollTurn) -> Bool {
        let context = pool.context(index)
        startEgress(context, port: port, left: left, now: turn.now)
        if !interpreter.depart(context, now: turn.now.nanoseconds) {
            if context.state.assertionFailed { return drop(index, port, .assertion) }
            if context.state.cloneSession >= 0 { cloneEgress(context, now: turn.now) }
            if context[slot: StandardMetadata.egressSpec.slot] == UInt64(Self.dropPort) {
                return drop(index, port, .egress)
            }
            interpreter.rewrite(context)
        }
        let byteCount = interpreter.finishDeparsing(context)
        if context.state.repeatList >= 0 {
            recirculate(index, context)
            return false
        }
        queues.occupy(port, bytes: byteCount, departure: context.state.departure)
        turn.setFrame(index, context, interpreter, byteCount: byteCount)
        return true
    }

    private mutating func drop(_ index: UInt32, _ port: Int, _ reason: DropReason) -> Bool {
        end(index, port, reason)
        return false
    }

    private func startEgress(_ context: Context, port: Int, left: UInt32, now: PacketTimes) {
        context[slot: StandardMetadata.egressPort.slot] = UInt64(port)
        // simple_switch starts egress with the drop port plus one, which 9 bits cut to 0.
        context[slot: StandardMetadata.egressSpec.slot] = 0
        context[slot: StandardMetadata.packetLength.slot] = UInt64(context.state.lengthRegister)
        context[slot: StandardMetadata.egressGlobalTimestamp.slot] = now.microseconds & 0xFFFF_FFFF_FFFF
        context[slot: StandardMetadata.deqTimedelta.slot] = (now.microseconds &- context.state.enqueued) & 0xFFFF_FFFF
        context[slot: StandardMetadata.deqQdepth.slot] = UInt64(left) & 0x7FFFF
        context.state.cloneSession = -1
        context.state.repeatList = -1
    }

    /// A clone of the packet as egress leaves it, before checksums and deparser, to run egress of its own.
    private mutating func cloneEgress(_ context: Context, now: PacketTimes) {
        let session = sessionCopies[Int(context.state.cloneSession)]
        guard session.exists else { return }
        let list = Int(context.state.cloneList)
        let index = pool.acquire()
        guard index != ContextPool.none else { return counters.drop(Int(context.state.port), .noBuffer) }
        let clone = pool.context(index)
        copyPacket(context, to: clone, payload: session.truncateTo)
        resetMetadata(clone, keeping: list, from: context)
        clone[slot: StandardMetadata.instanceType.slot] = InstanceType.egressClone
        mirror(index, clone, session, now: now)
    }

    /// Sends the deparsed bytes back to the parser; `truncate` does not apply to them.
    private mutating func recirculate(_ index: UInt32, _ context: Context) {
        let port = Int(context.state.port)
        let total = interpreter.deparsedBytes
        guard total <= interpreter.layout.packetCapacity else { return end(index, port, .frameTooLong) }
        let again = pool.acquire()
        guard again != ContextPool.none else { return end(index, port, .noBuffer) }
        let target = pool.context(again)
        var place = interpreter.layout.packet
        for number in 0..<interpreter.segmentCount {
            let segment = interpreter.segment(number)
            target.copy(place, from: context, at: Int(segment.start), count: Int(segment.count))
            place += Int(segment.count)
        }
        var state = ContextState()
        state.byteCount = UInt32(total)
        state.receivedBytes = state.byteCount
        state.port = context.state.port
        state.passes = context.state.passes
        target.state = state
        resetMetadata(target, keeping: Int(context.state.repeatList), from: context)
        target[slot: StandardMetadata.instanceType.slot] = InstanceType.recirculated
        pool.release(index)
        passAgain(again, target)
    }
}
