// SPDX-License-Identifier: Apache-2.0

import SwitchIR

extension Engine {
    /// Runs egress for a packet just taken from its queue and sends it: clone, drop, checksums, deparser, and out.
    mutating func runEgress<Output: PacketOutput & ~Copyable>(
        _ index: UInt32, port: Int, left: UInt32, now: PacketTimes, into output: inout Output
    ) {
        let context = pool.context(index)
        startEgress(context, port: port, left: left, now: now)
        if !interpreter.depart(context, now: now.nanoseconds) {
            if context.state.assertionFailed { return end(index, port, .assertion) }
            if context.state.cloneSession >= 0 { cloneEgress(context, now: now) }
            if context[slot: StandardMetadata.egressSpec.slot] == UInt64(Self.dropPort) {
                return end(index, port, .egress)
            }
            interpreter.rewrite(context)
        }
        let byteCount = interpreter.finishDeparsing(context)
        if context.state.repeatList >= 0 { return recirculate(index, context) }
        let frame = unsafe OutgoingFrame(
            memory: context.memory, segments: interpreter.segments.base, segmentCount: interpreter.segmentCount,
            byteCount: byteCount)
        queues.occupy(port, bytes: byteCount, departure: context.state.departure)
        if let reason = output.transmit(frame, port: port) {
            // What goes back to the packet generator has done what it was made for.
            if port != generator?.port { counters.drop(port, reason) }
        } else {
            counters.send(port, bytes: byteCount)
        }
        pool.release(index)
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
