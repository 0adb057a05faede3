// SPDX-License-Identifier: Apache-2.0

internal import LinuxSystem
internal import TelemetryFormats

/// Sends requests with known records, a few at a time, and compares every byte of each reply.
struct ReplyChecker: ~Copyable {
    private let port: UInt16
    /// Of all checkers.
    private let ports: Range<UInt16>
    private let outstanding: Int
    private var ring: PacketRing
    private var epoll: Epoll
    private let known: [KnownRequest]
    private var waiting: Set<UInt32> = []
    /// Requests that are no longer waited for. A reply may come late all the same.
    private var givenUp: Set<UInt32> = []
    private var outcome = CorruptionCheck.Outcome()

    /// Milliseconds without a reply, after which what is on its way is given up.
    private static let silenceLimit: Int32 = 1000
    private static let progressStep: UInt32 = 4096

    /// In the network namespace of the calling thread.
    init(port: UInt16, of ports: Range<UInt16>, level: Level, records: Int, outstanding: Int) throws(SystemError) {
        self.port = port
        self.ports = ports
        self.outstanding = outstanding
        known = (0..<KnownRequest.seeds).map {
            KnownRequest(level: level, records: records, port: port, seed: UInt8($0))
        }
        var options = PacketRingOptions()
        options.filter = KnownTelemetry.filter(front: known[0].front.count, own: port..<port + 1, of: ports)
        let ring = try PacketRing(interface: BenchCable.interface, options: options)
        let epoll = try Epoll()
        try epoll.add(ring.number, for: .readable, token: 0)
        self.ring = ring
        self.epoll = epoll
    }

    mutating func run(_ total: Int, stop: Int32?, onProgress: (Int) -> Void) throws(SystemError)
        -> CorruptionCheck.Outcome
    {
        var next: UInt32 = 0
        var heardAt = DomainClock.monotonicNanoseconds()
        while Int(next) < total || !waiting.isEmpty {
            while waiting.count < outstanding, Int(next) < total {
                send(next)
                next += 1
                guard next % Self.progressStep == 0 else { continue }
                onProgress(Int(Self.progressStep))
                if let stop, Readiness.isReadable(stop) { return end() }
            }
            ring.flush()
            try epoll.wait(milliseconds: 50) { _ in }
            let now = DomainClock.monotonicNanoseconds()
            if receive() {
                heardAt = now
            } else if now - heardAt > UInt64(Self.silenceLimit) * 1_000_000 {
                givenUp.formUnion(waiting)
                waiting = []
                heardAt = now
            }
        }
        return end()
    }

    private mutating func end() -> CorruptionCheck.Outcome {
        let statistics = ring.statistics()
        outcome.lost = givenUp.count
        outcome.addLostFrames(statistics.sendDrops, at: "sender")
        outcome.addLostFrames(statistics.receiveDrops, at: "ring")
        return outcome
    }

    private mutating func send(_ id: UInt32) {
        let request = known[Int(id) % KnownRequest.seeds]
        waiting.insert(id)
        let write = { (slot: inout MutableSpan<UInt8>) -> Int in
            for index in request.request.indices { slot[index] = request.request[index] }
            for byte in 0..<4 { slot[request.idPlace + byte] = UInt8(truncatingIfNeeded: id >> UInt32(24 - 8 * byte)) }
            return request.request.count
        }
        while !ring.withNextTransmitSlot(write) { ring.flush() }
    }

    /// - Returns: whether a reply to this checker came.
    private mutating func receive() -> Bool {
        var replies = Replies(
            port: port, ports: ports, known: known, waiting: waiting, givenUp: givenUp, outcome: outcome)
        var heard = false
        ring.receive(limit: 64) { reply, _ in heard = replies.check(reply) || heard }
        (waiting, givenUp, outcome) = (replies.waiting, replies.givenUp, replies.outcome)
        return heard
    }
}

/// The bookkeeping of replies, apart from the ring that they lie in.
private struct Replies {
    let port: UInt16
    let ports: Range<UInt16>
    let known: [KnownRequest]
    var waiting: Set<UInt32>
    var givenUp: Set<UInt32>
    var outcome: CorruptionCheck.Outcome

    /// - Returns: whether the reply was to this checker.
    mutating func check(_ reply: Span<UInt8>) -> Bool {
        guard reply.count > 46 else { return false }
        guard reply.uint16(at: 12) == 0x1212 else {
            // Without telemetry: UDP over IPv4 to our port, followed by the id.
            guard reply.uint16(at: 12) == 0x0800, reply.uint16(at: 36) == port else { return false }
            _ = isAwaited(reply.uint32(at: 42))
            outcome.plain += 1
            return true
        }
        let address = KnownRequest.address(of: reply, front: known[0].front.count)
        // Another checker's. A frame whose port is nobody's counts as corrupt, with each checker.
        if let address, address.port != port, ports.contains(address.port) { return false }
        guard let id = address?.id, isAwaited(id), known[Int(id) % KnownRequest.seeds].isAnswered(by: reply, id: id)
        else {
            outcome.corrupt += 1
            return true
        }
        outcome.correct += 1
        return true
    }

    private mutating func isAwaited(_ id: UInt32) -> Bool {
        waiting.remove(id) != nil || givenUp.remove(id) != nil
    }
}
