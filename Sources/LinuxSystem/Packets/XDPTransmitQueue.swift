// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc

/// Frames on their way out by AF_XDP: memory that the kernel reads them from, a ring that names them, and a ring that
/// gives them back when they have been sent.
///
/// A frame that was staged is the kernel's from `flush` on; what it does not take then stays in the ring and goes with
/// the next flush.
@safe
struct XDPTransmitQueue: ~Copyable, @unchecked Sendable {
    /// The kernel takes frames of 2,048 or of 4,096 bytes.
    static let largestFrame = 4096
    /// A staged frame can wait while as many are on their way.
    private static let framesPerSlot = 2

    let slots: Int
    let frameSize: Int
    private let descriptor: Descriptor
    private let memory: MemoryMapping
    private let waiting: XDPRing
    private let sent: XDPRing
    /// Where in `memory` the frames begin that are ours, as a stack.
    private let free: UnsafeMutablePointer<UInt64>
    private var freeCount: Int
    private var produced: UInt32 = 0
    /// Entries before this index were taken back by `cancel` and no longer count.
    private var cancelled: UInt32 = 0
    private var reaped: UInt32 = 0

    /// - Parameter slots: frames between flushes; a power of two.
    init(interface: String, index: UInt32, frameCapacity: Int, slots: Int) throws(SystemError) {
        let frameSize = frameCapacity <= 2048 ? 2048 : Self.largestFrame
        let count = slots * Self.framesPerSlot
        let memory = try MemoryMapping(byteCount: count * frameSize, object: interface)
        let socket = try XDPSocket(interface: interface)
        try socket.configure(frames: memory, frameSize: frameSize, entries: count)
        let offsets = try socket.ringOffsets()
        let waiting = try XDPRing(
            of: socket.descriptor, at: Int(XDP_PGOFF_TX_RING), layout: offsets.tx, count: count,
            entrySize: MemoryLayout<xdp_desc>.size, interface: interface)
        let sent = try XDPRing(
            of: socket.descriptor, at: Int(XDP_UMEM_PGOFF_COMPLETION_RING), layout: offsets.cr, count: count,
            entrySize: MemoryLayout<UInt64>.size, interface: interface)
        try socket.bind(to: index)
        self.slots = slots
        self.frameSize = frameSize
        self.memory = memory
        self.waiting = waiting
        self.sent = sent
        descriptor = socket.intoDescriptor()
        unsafe free = .allocate(capacity: count)
        freeCount = count
        for place in 0..<count { unsafe free[place] = UInt64((count - 1 - place) * frameSize) }
    }

    deinit { unsafe free.deallocate() }

    /// Frames that were staged and that the kernel has not taken.
    var staged: Int { Int(produced &- firstStaged) }

    /// Indices grow past 32 bits and begin again, so that they are compared by their distance.
    private var firstStaged: UInt32 {
        let consumed = waiting.consumed
        return Int32(bitPattern: cancelled &- consumed) > 0 ? cancelled : consumed
    }

    /// Where the next frame can be written; nil if none is free: flush, then try again.
    mutating func nextFrame() -> UnsafeMutableRawPointer? {
        if freeCount == 0 { reap() }
        guard freeCount > 0, Int(produced &- waiting.consumed) < slots * Self.framesPerSlot else { return nil }
        return unsafe memory.base + Int(free[freeCount - 1])
    }

    /// Stages what was written at `nextFrame`.
    mutating func stage(byteCount: Int) {
        freeCount -= 1
        let entry = unsafe waiting[produced].assumingMemoryBound(to: xdp_desc.self)
        unsafe entry.pointee = xdp_desc(addr: free[freeCount], len: UInt32(byteCount), options: 0)
        produced &+= 1
    }

    struct Outcome {
        var sent = 0
        var refused = 0
        /// What is wrong with the interface; the rest was dropped, and is among the refused.
        var failure: Errno?
    }

    /// Hands the staged frames to the kernel.
    mutating func flush() -> Outcome {
        var outcome = Outcome()
        let first = firstStaged
        waiting.publish(produced: produced)
        var last = waiting.consumed
        while last != produced {
            let result = sendto(descriptor.number, nil, 0, Int32(MSG_DONTWAIT), nil, 0)
            let errno = result < 0 ? Errno.current : nil
            let now = waiting.consumed
            let isStuck = now == last
            last = now
            switch errno {
            case .interrupted?: continue
            // The interface dropped the frame whose turn it was.
            case .busy?: outcome.refused += 1
            // It sent as many as it does at a time; or none, and then the rest waits.
            case nil, .wouldBlock?, .noBuffers?: if isStuck { return finish(outcome, first) }
            case let failure?:
                outcome.failure = failure
                outcome.refused += cancel()
                return finish(outcome, first)
            }
        }
        return finish(outcome, first)
    }

    private mutating func finish(_ outcome: Outcome, _ first: UInt32) -> Outcome {
        reap()
        var outcome = outcome
        outcome.sent = max(0, Int(firstStaged &- first) - outcome.refused)
        return outcome
    }

    /// Takes back the frames that the kernel has not taken: it passes over entries that lie outside the memory.
    private mutating func cancel() -> Int {
        let first = firstStaged
        var index = first
        while index != produced {
            let entry = unsafe waiting[index].assumingMemoryBound(to: xdp_desc.self)
            unsafe free[freeCount] = entry.pointee.addr
            unsafe entry.pointee.addr = .max
            freeCount += 1
            index &+= 1
        }
        cancelled = produced
        return Int(produced &- first)
    }

    /// Takes back the frames that have been sent.
    private mutating func reap() {
        let end = sent.produced
        guard end != reaped else { return }
        while reaped != end {
            unsafe free[freeCount] = sent[reaped].load(as: UInt64.self)
            freeCount += 1
            reaped &+= 1
        }
        sent.publish(consumed: reaped)
    }
}
