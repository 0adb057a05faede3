// SPDX-License-Identifier: Apache-2.0

internal import LinuxSystem
internal import Telemetry

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
    private var outcome = CorruptionCheck.Outcome()

    /// Milliseconds without a reply, after which what is on its way is lost.
    private static let patience: Int32 = 1000
    private static let progressStep: UInt32 = 4096

    /// In the network namespace of the calling thread.
    init(port: UInt16, of ports: Range<UInt16>, level: Level, records: Int, outstanding: Int) throws(SystemError) {
        self.port = port
        self.ports = ports
        self.outstanding = outstanding
        known = (0..<KnownRequest.seeds).map {
            KnownRequest(level: level, records: records, port: port, seed: UInt8($0))
        }
        let ring = try PacketRing(interface: BenchCable.interface)
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
                if let stop, Readiness.isReadable(stop) { return outcome }
            }
            ring.flush()
            try epoll.wait(milliseconds: 50) { _ in }
            let now = DomainClock.monotonicNanoseconds()
            if receive() {
                heardAt = now
            } else if now - heardAt > UInt64(Self.patience) * 1_000_000 {
                outcome.lost += waiting.count
                waiting = []
                heardAt = now
            }
        }
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
        let (port, ports, known) = (port, ports, known)
        var (waiting, outcome, heard) = (waiting, outcome, false)
        ring.receive(limit: 64) { reply, _ in
            heard = Self.check(reply, port, ports, known, &waiting, &outcome) || heard
        }
        self.waiting = waiting
        self.outcome = outcome
        return heard
    }

    /// - Returns: whether the reply was to this checker.
    private static func check(
        _ reply: Span<UInt8>, _ port: UInt16, _ checkers: Range<UInt16>, _ known: [KnownRequest],
        _ waiting: inout Set<UInt32>,
        _ outcome: inout CorruptionCheck.Outcome
    ) -> Bool {
        guard reply.count > 46 else { return false }
        guard reply.uint16(at: 12) == 0x1212 else {
            // Without telemetry: UDP over IPv4 to our port, with the id behind it.
            guard reply.uint16(at: 12) == 0x0800, reply.uint16(at: 36) == port else { return false }
            waiting.remove(reply.uint32(at: 42))
            outcome.plain += 1
            return true
        }
        let address = KnownRequest.address(of: reply, front: known[0].front.count)
        // Another checker's. A frame whose port is nobody's counts as corrupt, with each checker.
        if let address, address.port != port, checkers.contains(address.port) { return false }
        guard let id = address?.id else {
            outcome.corrupt += 1
            return true
        }
        let isKnown = waiting.remove(id) != nil
        if isKnown, known[Int(id) % KnownRequest.seeds].isAnswered(by: reply, id: id) {
            outcome.correct += 1
        } else {
            outcome.corrupt += 1
        }
        return true
    }
}
