// SPDX-License-Identifier: Apache-2.0

import SwitchIR

/// Instance types of v1model packets.
enum InstanceType {
    static let normal: UInt64 = 0
    static let ingressClone: UInt64 = 1
    static let egressClone: UInt64 = 2
    static let recirculated: UInt64 = 4
    static let replicated: UInt64 = 5
    static let resubmitted: UInt64 = 6
}

extension Engine {
    /// Parses a packet, runs ingress and decides what becomes of it.
    ///
    /// The order of the decisions is v1model's: clone, resubmit, multicast, drop, unicast.
    @inline(__always)
    mutating func runIngress(_ index: UInt32, _ context: Context, now: PacketTimes) {
        context.state.lengthRegister = context.state.byteCount
        context[slot: StandardMetadata.packetLength.slot] = UInt64(context.state.byteCount)
        interpreter.arrive(context, now: now.nanoseconds)
        if context.state.assertionFailed { return end(index, Int(context.state.port), .assertion) }
        if context.state.cloneSession >= 0 { cloneIngress(context, now: now) }
        if context.state.repeatList >= 0 { return resubmit(index, context) }
        let group = context[slot: StandardMetadata.mcastGrp.slot]
        let port = Int(context[slot: StandardMetadata.egressSpec.slot] & 511)
        if group != 0 {
            context[slot: StandardMetadata.instanceType.slot] = InstanceType.replicated
            replicate(index, context, group: Int(group), now: now)
        } else if port == Self.dropPort {
            end(index, Int(context.state.port), .ingress)
        } else {
            context[slot: StandardMetadata.instanceType.slot] = InstanceType.normal
            enqueue(index, context, port: port, now: now)
        }
    }

    /// Gives a packet's buffer back and counts why.
    mutating func end(_ index: UInt32, _ port: Int, _ reason: DropReason) {
        counters.drop(port, reason)
        pool.release(index)
    }

    // MARK: Queues

    mutating func enqueue(_ index: UInt32, _ context: Context, port: Int, now: PacketTimes) {
        let priority = Int(truncatingIfNeeded: context[slot: StandardMetadata.priority.slot] & 7)
        guard priority < queues.priorities else { return end(index, port, .badPriority) }
        guard !queues.isFull(port, priority) else { return end(index, port, .queueFull) }
        context[slot: StandardMetadata.enqQdepth.slot] = UInt64(queues.depth(port, priority)) & 0x7FFFF
        context[slot: StandardMetadata.enqTimestamp.slot] = now.microseconds & 0xFFFF_FFFF
        context.state.enqueued = now.microseconds
        queues.append(index, port: port, priority: priority, now: now.nanoseconds, pool)
    }

    /// One copy of the packet for each replica of a group; the packet itself becomes the last one.
    mutating func replicate(_ index: UInt32, _ context: Context, group: Int, now: PacketTimes) {
        let replicas = multicast.copies[group]
        guard replicas.count > 0 else { return end(index, Int(context.state.port), .emptyGroup) }
        for place in 0..<replicas.count &- 1 {
            let copy = duplicate(context)
            guard copy != ContextPool.none else {
                counters.drop(replicas[place].port, .noBuffer)
                continue
            }
            send(copy, pool.context(copy), as: replicas[place], now: now)
        }
        // `truncate` is not carried over to copies, and every one of these is a copy.
        context.state.truncateTo = .max
        send(index, context, as: replicas[replicas.count &- 1], now: now)
    }

    private mutating func send(_ index: UInt32, _ context: Context, as replica: Replica, now: PacketTimes) {
        context[slot: StandardMetadata.egressRid.slot] = UInt64(replica.rid)
        context[slot: StandardMetadata.egressPort.slot] = UInt64(replica.port)
        enqueue(index, context, port: replica.port, now: now)
    }

    // MARK: Clones

    /// Sends a clone, whose metadata is ready, to what its session names.
    mutating func mirror(_ index: UInt32, _ context: Context, _ session: ReplicaTable.List, now: PacketTimes) {
        let group = multicast.copies[session.group]
        let count = group.count &+ session.count
        guard count > 0 else { return end(index, Int(context.state.port), .emptyGroup) }
        for place in 0..<count {
            let replica = place < group.count ? group[place] : session[place &- group.count]
            let copy = place == count &- 1 ? index : duplicate(context, payload: session.truncateTo)
            guard copy != ContextPool.none else {
                counters.drop(replica.port, .noBuffer)
                continue
            }
            let target = pool.context(copy)
            target.state.truncateTo = session.truncateTo
            send(copy, target, as: replica, now: now)
        }
    }

    /// A clone of the received frame, parsed again; its metadata is zero except for the listed fields.
    private mutating func cloneIngress(_ context: Context, now: PacketTimes) {
        let session = sessionCopies[Int(context.state.cloneSession)]
        guard session.exists else { return }
        let index = pool.acquire()
        guard index != ContextPool.none else { return counters.drop(Int(context.state.port), .noBuffer) }
        let clone = pool.context(index)
        let list = Int(context.state.cloneList)
        copyOriginal(context, to: clone)
        clearMetadata(clone)
        clone[slot: StandardMetadata.ingressPort.slot] = context[slot: StandardMetadata.ingressPort.slot]
        interpreter.parse(clone)
        resetMetadata(clone, keeping: list, from: context)
        clone[slot: StandardMetadata.instanceType.slot] = InstanceType.ingressClone
        mirror(index, clone, session, now: now)
    }

    /// Copies the received frame into `clone`: the parsed bytes from where they were saved, the others from the packet.
    private func copyOriginal(_ context: Context, to clone: Context) {
        let (byteCount, cursor) = (Int(context.state.byteCount), Int(context.state.cursor))
        let layout = interpreter.layout
        clone.copy(layout.packet, from: context, at: layout.saved, count: cursor)
        clone.copy(layout.packet + cursor, from: context, at: layout.packet + cursor, count: byteCount - cursor)
        var state = ContextState()
        state.byteCount = context.state.byteCount
        state.lengthRegister = state.byteCount
        state.receivedBytes = context.state.receivedBytes
        state.port = context.state.port
        clone.state = state
    }

    /// A copy of a packet with its headers, payload and metadata; `none` when there is no buffer.
    /// - Parameter payload: bytes of the payload that may leave; the others are not copied.
    mutating func duplicate(_ context: Context, payload: UInt32 = .max) -> UInt32 {
        let index = pool.acquire()
        guard index != ContextPool.none else { return index }
        let copy = pool.context(index)
        copyPacket(context, to: copy, payload: payload)
        unsafe copy.slots.update(from: context.slots, count: kept.count)
        return index
    }

    /// Copies what egress and deparser see of a packet, except its metadata.
    mutating func copyPacket(_ context: Context, to copy: Context, payload: UInt32) {
        let layout = interpreter.layout
        let headerCount = interpreter.headerShapes.count
        unsafe copy.headers.update(from: context.headers, count: headerCount)
        // Only stacks exchange their elements' storage.
        if interpreter.stacks.count > 0 {
            unsafe copy.homes(layout).update(from: context.homes(layout), count: headerCount)
            unsafe copy.nexts(layout).update(from: context.nexts(layout), count: interpreter.stacks.count)
        }
        let (cursor, byteCount) = (context.state.cursor, context.state.byteCount)
        // A packet that is recirculated is not truncated.
        let leaving = recirculates ? byteCount &- cursor : min(byteCount &- cursor, payload)
        copy.copy(layout.packet, from: context, at: layout.packet, count: Int(cursor &+ leaving))
        for header in 0..<headerCount {
            let base = Int(context.header(header).base)
            if base >= layout.storage, base < layout.saved {
                copy.copy(base, from: context, at: base, count: interpreter.byteCount(header, context))
            }
        }
        copy.state = context.state
        // The rest was not copied, and a clone of this copy must not send what lies there.
        copy.state.byteCount = cursor &+ leaving
        copy.state.truncateTo = .max
        copy.state.cloneSession = -1
        copy.state.repeatList = -1
    }

    // MARK: Further passes

    private mutating func resubmit(_ index: UInt32, _ context: Context) {
        let layout = interpreter.layout
        context.move(layout.packet, from: layout.saved, count: Int(context.state.cursor))
        let list = Int(context.state.repeatList)
        resetMetadata(context, keeping: list, from: context)
        context[slot: StandardMetadata.instanceType.slot] = InstanceType.resubmitted
        passAgain(index, context)
    }

    /// Queues a packet for another pass through the parser.
    mutating func passAgain(_ index: UInt32, _ context: Context) {
        let port = Int(context.state.port)
        guard Int(context.state.passes) < configuration.maxPasses else { return end(index, port, .passLimit) }
        guard repeats.count < configuration.recirculationDepth else { return end(index, port, .recirculationFull) }
        context.state.passes &+= 1
        context.state.cloneSession = -1
        context.state.repeatList = -1
        context.state.truncateTo = .max
        repeats.append(index, pool)
    }

    mutating func runRepeats(limit: Int, now: PacketTimes) {
        for _ in 0..<min(limit, repeats.count) {
            let index = repeats.removeFirst(pool)
            runIngress(index, pool.context(index), now: now)
        }
    }
}
