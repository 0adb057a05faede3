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
        interpreter.now = now.nanoseconds
        context.state.lengthRegister = context.state.byteCount
        context[slot: StandardMetadata.packetLength.slot] = UInt64(context.state.byteCount)
        interpreter.startParsing(context)
        interpreter.run(from: interpreter.entries.arrival, context)
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
        guard let replicas = multicast.replicas[group], !replicas.isEmpty else {
            return end(index, Int(context.state.port), .emptyGroup)
        }
        replicate(index, context, to: replicas, now: now)
    }

    private mutating func replicate(_ index: UInt32, _ context: Context, to replicas: [Replica], now: PacketTimes) {
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
    mutating func mirror(_ index: UInt32, _ context: Context, _ session: CloneSession, now: PacketTimes) {
        let group = session.group.flatMap { multicast.replicas[$0] } ?? []
        let limit = UInt32(clamping: session.truncateTo ?? Int(UInt32.max))
        guard !group.isEmpty || !session.replicas.isEmpty else {
            return end(index, Int(context.state.port), .emptyGroup)
        }
        for place in 0..<group.count &+ session.replicas.count {
            let isLast = place == group.count &+ session.replicas.count &- 1
            let replica = place < group.count ? group[place] : session.replicas[place &- group.count]
            let copy = isLast ? index : duplicate(context)
            guard copy != ContextPool.none else {
                counters.drop(replica.port, .noBuffer)
                continue
            }
            let target = pool.context(copy)
            target.state.truncateTo = limit
            send(copy, target, as: replica, now: now)
        }
    }

    /// A clone of the packet as it came in, parsed again; its metadata begins anew but for the listed fields.
    private mutating func cloneIngress(_ context: Context, now: PacketTimes) {
        guard let session = sessions[Int(context.state.cloneSession)] else { return }
        let index = pool.take()
        guard index != ContextPool.none else { return counters.drop(Int(context.state.port), .noBuffer) }
        let clone = pool.context(index)
        let list = Int(context.state.cloneList)
        copyOriginal(context, to: clone)
        clearMetadata(clone)
        clone[slot: StandardMetadata.ingressPort.slot] = context[slot: StandardMetadata.ingressPort.slot]
        interpreter.startParsing(clone)
        interpreter.run(from: interpreter.entries.parser, clone)
        resetMetadata(clone, keeping: list, from: context)
        clone[slot: StandardMetadata.instanceType.slot] = InstanceType.ingressClone
        mirror(index, clone, session, now: now)
    }

    /// Puts the frame as it came in into `clone`: what was parsed from where it was saved, the rest as it is.
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
    mutating func duplicate(_ context: Context) -> UInt32 {
        let index = pool.take()
        guard index != ContextPool.none else { return index }
        let copy = pool.context(index)
        let layout = interpreter.layout
        let headerCount = interpreter.headerShapes.count
        unsafe copy.slots.update(from: context.slots, count: kept.count)
        unsafe copy.headers.update(from: context.headers, count: headerCount)
        unsafe copy.homes(layout).update(from: context.homes(layout), count: headerCount)
        unsafe copy.nexts(layout).update(from: context.nexts(layout), count: interpreter.stacks.count)
        copy.copy(layout.packet, from: context, at: layout.packet, count: Int(context.state.byteCount))
        for header in 0..<headerCount {
            let base = Int(context.header(header).base)
            if base >= layout.storage, base < layout.saved {
                copy.copy(base, from: context, at: base, count: interpreter.headerShapes[header].maxBytes)
            }
        }
        copy.state = context.state
        copy.state.truncateTo = .max
        copy.state.cloneSession = -1
        copy.state.repeatList = -1
        return index
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
