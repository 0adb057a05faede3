// SPDX-License-Identifier: Apache-2.0

/// The traffic manager: a queue per port and priority, each with a depth and a rate, and the link's bandwidth.
///
/// A queue is a list linked through its packets' states, so it takes no memory of its own. Departures are
/// counted from when they were due, not from when they were noticed: being polled late does not lower a rate.
struct EgressQueues: ~Copyable, Sendable {
    static let portCount = 512

    struct Queue: BitwiseCopyable, Sendable {
        var head = ContextPool.none
        var tail = ContextPool.none
        var count: UInt32 = 0
        var depth: UInt32
        /// Nanoseconds between departures; 0 for no limit.
        var interval: UInt64 = 0
        /// When the rate lets the next packet that is enqueued go.
        var nextDeparture: UInt64 = 0
    }

    struct Port: BitwiseCopyable, Sendable {
        var waiting: UInt32 = 0
        var nanosecondsPerByte = 0.0
        /// When the frame being sent has left.
        var freeAt: UInt64 = 0
    }

    let priorities: Int
    private let queues: OwnedBuffer<Queue>
    private let ports: OwnedBuffer<Port>
    /// A bit for each port at which packets wait, and after those words one with a bit for each of them.
    private let busy = OwnedBuffer<UInt64>(count: portCount / 64 + 1, repeating: 0)
    private static let summary = portCount / 64

    init(priorities: Int, depth: Int) {
        self.priorities = priorities
        queues = OwnedBuffer(count: Self.portCount * priorities, repeating: Queue(depth: UInt32(clamping: depth)))
        ports = OwnedBuffer(count: Self.portCount, repeating: Port())
    }

    func depth(_ port: Int, _ priority: Int) -> UInt32 { queues[port &* priorities &+ priority].count }

    func isFull(_ port: Int, _ priority: Int) -> Bool {
        let queue = unsafe queues.pointer(at: port &* priorities &+ priority)
        return unsafe queue.pointee.count >= queue.pointee.depth
    }

    /// Appends a packet to its queue.
    func append(_ index: UInt32, port: Int, priority: Int, now: UInt64, _ pool: borrowing ContextPool) {
        let queue = unsafe queues.pointer(at: port &* priorities &+ priority)
        let context = pool.context(index)
        var departure = now
        if unsafe queue.pointee.interval > 0 {
            departure = unsafe max(now, queue.pointee.nextDeparture)
            unsafe queue.pointee.nextDeparture = departure &+ queue.pointee.interval
        }
        context.state.departure = departure
        context.state.link = ContextPool.none
        if unsafe queue.pointee.count == 0 {
            unsafe queue.pointee.head = index
        } else {
            unsafe pool.context(queue.pointee.tail).state.link = index
        }
        unsafe queue.pointee.tail = index
        unsafe queue.pointee.count &+= 1
        unsafe ports.pointer(at: port).pointee.waiting &+= 1
        busy[port &>> 6] |= 1 &<< UInt64(port & 63)
        busy[Self.summary] |= 1 &<< UInt64(port &>> 6)
    }

    /// Whether any packet waits.
    var isBusy: Bool { busy[Self.summary] != 0 }

    /// Takes the packet that leaves `port` now, if one is due: of the highest priority that has one.
    func removeDue(_ port: Int, now: UInt64, _ pool: borrowing ContextPool) -> (index: UInt32, left: UInt32)? {
        let state = ports[port]
        guard state.waiting > 0, state.freeAt <= now else { return nil }
        var priority = priorities &- 1
        while priority >= 0 {
            let queue = unsafe queues.pointer(at: port &* priorities &+ priority)
            priority &-= 1
            guard unsafe queue.pointee.count > 0 else { continue }
            let index = unsafe queue.pointee.head
            let context = pool.context(index)
            guard context.state.departure <= now else { continue }
            unsafe queue.pointee.head = context.state.link
            unsafe queue.pointee.count &-= 1
            unsafe ports.pointer(at: port).pointee.waiting &-= 1
            if state.waiting == 1 { noteIdle(port) }
            return unsafe (index, queue.pointee.count)
        }
        return nil
    }

    private func noteIdle(_ port: Int) {
        busy[port &>> 6] &= ~(1 &<< UInt64(port & 63))
        if busy[port &>> 6] == 0 { busy[Self.summary] &= ~(1 &<< UInt64(port &>> 6)) }
    }

    /// Keeps the link busy for as long as a frame takes that became due at `departure`.
    @inline(__always)
    func occupy(_ port: Int, bytes: Int, departure: UInt64) {
        let state = unsafe ports.pointer(at: port)
        guard unsafe state.pointee.nanosecondsPerByte > 0 else { return }
        let start = unsafe max(state.pointee.freeAt, departure)
        let duration = unsafe state.pointee.nanosecondsPerByte * Double(bytes)
        unsafe state.pointee.freeAt = start &+ UInt64(duration + 0.5)
    }

    /// The next port after `port` (-1 to begin) at which packets wait.
    @inline(__always)
    func nextBusyPort(after port: Int) -> Int? {
        let first = port &+ 1
        var word = first &>> 6
        guard word < Self.summary else { return nil }
        var bits = busy[word] & (.max &<< UInt64(first & 63))
        if bits == 0 {
            let words = busy[Self.summary] & (.max &<< UInt64(word &+ 1))
            guard words != 0 else { return nil }
            word = words.trailingZeroBitCount
            bits = busy[word]
        }
        return word &* 64 &+ bits.trailingZeroBitCount
    }

    /// When the next packet is due; nil when none waits.
    func nextDeparture(_ pool: borrowing ContextPool) -> UInt64? {
        var earliest: UInt64?
        var port = -1
        while let busy = nextBusyPort(after: port) {
            port = busy
            var due = UInt64.max
            for priority in 0..<priorities {
                let queue = queues[port &* priorities &+ priority]
                if queue.count > 0 { due = min(due, pool.context(queue.head).state.departure) }
            }
            earliest = min(earliest ?? .max, max(due, ports[port].freeAt))
        }
        return earliest
    }

    // MARK: Control plane

    func setDepth(_ depth: Int, port: Int?, priority: Int?) {
        for place in places(port, priority) { queues[place].depth = UInt32(clamping: depth) }
    }

    /// Packets per second; 0 for no limit. Packets that wait already keep their departures.
    func setRate(_ packetsPerSecond: UInt64, port: Int?, priority: Int?) {
        for place in places(port, priority) {
            queues[place].interval =
                packetsPerSecond == 0 ? 0 : (1_000_000_000 + packetsPerSecond / 2) / packetsPerSecond
        }
    }

    func setBandwidth(_ bitsPerSecond: Double, port: Int) {
        ports[port].nanosecondsPerByte = bitsPerSecond > 0 ? 8e9 / bitsPerSecond : 0
    }

    private func places(_ port: Int?, _ priority: Int?) -> [Int] {
        guard let port else { return Array(0..<queues.count) }
        guard let priority else { return (0..<priorities).map { port * priorities + $0 } }
        return [port * priorities + priority]
    }
}
