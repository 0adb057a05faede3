// SPDX-License-Identifier: Apache-2.0

public import SwitchIR

/// A v1model switch without sockets: packets in, packets out, by the clock it is handed.
///
/// `receive` runs parser and ingress and puts the packet into an egress queue; `poll` takes out what is due,
/// runs egress and deparser and passes the frame to a `PacketOutput`. One thread at a time may use it. Once the
/// buffers in use have been needed once, neither call allocates.
public struct Engine: ~Copyable, Sendable {
    /// Ports 0 to 510; a packet whose `egress_spec` is this one is dropped.
    public static let dropPort = 511

    /// The program that it runs.
    public let program: SwitchProgram
    let configuration: Configuration
    var interpreter: Interpreter
    var pool: ContextPool
    let queues: EgressQueues
    let counters = PortCounters()
    var multicast: Multicast
    /// Mirror sessions as the control plane gave them, and as the packet path reads them.
    var sessions: [Int: CloneSession] = [:]
    var sessionCopies: ReplicaTable
    /// Whether the program sends packets back to its parser, which `truncate` does not shorten.
    let recirculates: Bool
    var repeats = RepeatQueue()
    /// What the switch makes by itself; nil: nothing.
    public internal(set) var generator: PacketGenerator?
    /// When the generator's next frame is due, by the clock that never steps.
    var generatorDue = UInt64.max
    /// The slots of each field list.
    let keptSlots: OwnedArray<OwnedBuffer<UInt16>>
    /// Where listed metadata is held while the rest is cleared.
    let kept: OwnedBuffer<UInt64>

    /// Checks and loads a program.
    /// - Throws: `EngineError` with the code `invalidProgram` if the program breaks a rule of `SwitchProgram`, or a value of
    ///   `configuration` is out of range.
    public init(program: SwitchProgram, configuration: Configuration = Configuration()) throws(EngineError) {
        do {
            try program.check()
        } catch {
            throw EngineError(.invalidProgram, error.object, error.reason)
        }
        guard (1...8).contains(configuration.priorityQueues), (64...0xFFFF).contains(configuration.maxFrameBytes),
            (1...1 << 20).contains(configuration.maxPackets)
        else { throw EngineError(.invalidProgram, "configuration", "a value is out of range") }
        let keepsOriginal = program.code.contains { $0.opcode == .cloneIngress || $0.opcode == .resubmit }
        guard program.frame.slotCount + program.headers.count <= ContextLayout.maxCells else {
            throw EngineError(.invalidProgram, "\(program.name): frame", "slots and headers are more than 65536")
        }
        let layout = ContextLayout(
            program: program, keepsOriginal: keepsOriginal, maxFrameBytes: configuration.maxFrameBytes)
        let interpreter = try Interpreter(program, configuration, layout: layout, keepsOriginal: keepsOriginal)
        multicast = Multicast()
        sessionCopies = ReplicaTable()
        recirculates = program.code.contains { $0.opcode == .recirculate }
        self.program = program
        self.configuration = configuration
        self.interpreter = interpreter
        pool = ContextPool(layout: layout, frame: program.frame, limit: configuration.maxPackets)
        queues = EgressQueues(priorities: configuration.priorityQueues, depth: configuration.queueDepth)
        keptSlots = OwnedArray(count: program.fieldLists.count) { list in
            OwnedBuffer(program.fieldLists[list].slots.flatMap { $0.map(UInt16.init) })
        }
        kept = OwnedBuffer(count: program.frame.metadataEnd, repeating: 0)
    }

    /// What has been counted so far.
    public var statistics: Statistics { counters.snapshot() }

    /// Counts packets that ended outside the engine, in its ports.
    public mutating func countDrops(_ reason: DropReason, port: Int, count: UInt64 = 1) {
        counters.drop(port & 511, reason, count: count)
    }

    /// Packets in queues and buffers now.
    public var packetsHeld: Int { pool.inUse }

    /// When `poll` has something to do, by the clock that never steps; nil when nothing waits.
    public var nextDeparture: UInt64? {
        if repeats.count > 0 { return 0 }
        let departure = queues.nextDeparture(pool)
        return generatorDue == .max ? departure : min(generatorDue, departure ?? .max)
    }

    /// Takes a frame in: parser, checksum verification, ingress, and the egress queue.
    ///
    /// `arrival` is when it reached the port, in microseconds of the domain's clock, if that is known better than
    /// `now`.
    public mutating func receive(_ frame: borrowing RawSpan, port: Int, now: PacketTimes, arrival: UInt64? = nil) {
        let port = port & 511
        let byteCount = frame.byteCount
        counters.receive(port, bytes: byteCount)
        if repeats.count > 0 { runRepeats(limit: 16, now: now) }
        guard byteCount <= pool.layout.packetCapacity else { return counters.drop(port, .frameTooLong) }
        let index = pool.acquire()
        guard index != ContextPool.none else { return counters.drop(port, .noBuffer) }
        let context = pool.context(index)
        unsafe frame.withUnsafeBytes { bytes in
            if let base = bytes.baseAddress {
                unsafe (context.memory + pool.layout.packet).copyMemory(from: base, byteCount: byteCount)
            }
        }
        var state = ContextState()
        state.byteCount = UInt32(truncatingIfNeeded: byteCount)
        state.receivedBytes = state.byteCount
        state.port = UInt16(truncatingIfNeeded: port)
        context.state = state
        clearMetadata(context)
        context[slot: StandardMetadata.ingressPort.slot] = UInt64(port)
        context[slot: StandardMetadata.ingressGlobalTimestamp.slot] = (arrival ?? now.microseconds) & 0xFFFF_FFFF_FFFF
        runIngress(index, context, now: now)
    }

    /// Sends what is due, at most `limit` packets; gives how many it took from their queues.
    ///
    /// Compiled once for any kind of output, with one call through the output's witness table per packet. A loop in the
    /// caller's module, which has to enter the engine for each packet, was 5 ns slower.
    @discardableResult
    public mutating func poll<Output: PacketOutput & ~Copyable>(
        now: PacketTimes, limit: Int = 64, into output: inout Output
    ) -> Int {
        if repeats.count > 0 { runRepeats(limit: limit, now: now) }
        if now.nanoseconds >= generatorDue { generate(now: now) }
        var count = 0
        var countBefore = -1
        // One packet per port in turn, so that no port waits for another's burst.
        while count < limit, count != countBefore, queues.isBusy {
            countBefore = count
            var port = -1
            while count < limit, let busy = queues.nextBusyPort(after: port) {
                port = busy
                guard let (index, left) = queues.removeDue(port, now: now.nanoseconds, pool) else { continue }
                count &+= 1
                runEgress(index, port: port, left: left, now: now, into: &output)
                if !queues.isBusy { return count }
            }
        }
        return count
    }

    // MARK: Metadata

    func clearMetadata(_ context: Context) {
        unsafe context.slots.update(repeating: 0, count: kept.count)
    }

    /// Clears all metadata of `context` but the user fields of a field list, which it takes from `source`.
    mutating func resetMetadata(_ context: Context, keeping list: Int, from source: Context) {
        let count = keptSlots[list].count
        var place = 0
        while place < count {
            let slot = Int(keptSlots[list][place])
            kept[slot] = source[slot: slot]
            place &+= 1
        }
        clearMetadata(context)
        while place > 0 {
            place &-= 1
            let slot = Int(keptSlots[list][place])
            context[slot: slot] = kept[slot]
        }
    }
}
