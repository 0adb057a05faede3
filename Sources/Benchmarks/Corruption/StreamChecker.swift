// SPDX-License-Identifier: Apache-2.0

internal import Addresses
internal import LinuxSystem
internal import TelemetryFormats

/// Sends requests with known records over connections of its own, one at a time on each, and compares every byte of
/// each reply.
struct StreamChecker: ~Copyable {
    /// Ports of one checker: connections that lose a frame are left, and others are opened.
    static let portsEach: UInt16 = 4000

    private static func ports(_ number: Int) -> Range<UInt16> {
        let first = 20_000 + UInt16(number) * portsEach
        return first..<first + portsEach
    }

    private let firstPort: UInt16
    private var ring: PacketRing
    private var epoll: Epoll
    private let known: [KnownTelemetry]
    private let front: Int
    private var connections: [UInt16: KnownConnection] = [:]
    private var nextPort: UInt16
    private var nextID: UInt32 = 0
    private var outcome = CorruptionCheck.Outcome()

    /// Nanoseconds without a reply, after which what is on its way is lost.
    private static let silenceLimit: UInt64 = 1_000_000_000
    private static let progressStep: UInt32 = 4096

    /// In the network namespace of the calling thread.
    /// - Parameter count: of checkers that share the cable.
    init(number: Int, of count: Int, level: Level, records: Int, connections: Int) throws(SystemError) {
        let ports = Self.ports(number)
        firstPort = ports.lowerBound
        nextPort = firstPort
        known = (0..<KnownTelemetry.seeds).map { KnownTelemetry(level: level, records: records, seed: UInt8($0)) }
        front = 12 + known[0].returned.count
        var options = PacketRingOptions()
        options.filter = KnownTelemetry.filter(
            front: front, own: ports, of: Self.ports(0).lowerBound..<Self.ports(count).lowerBound)
        let ring = try PacketRing(interface: BenchCable.interface, options: options)
        let epoll = try Epoll()
        try epoll.add(ring.number, for: .readable, token: 0)
        self.ring = ring
        self.epoll = epoll
        for _ in 0..<connections { open() }
    }

    mutating func run(_ total: Int, stop: Int32?, onProgress: (Int) -> Void) throws(SystemError)
        -> CorruptionCheck.Outcome
    {
        var heardAt = DomainClock.monotonicNanoseconds()
        while nextID < total || connections.values.contains(where: \.isWaiting) {
            if let stop, Readiness.isReadable(stop) { return end() }
            sendNext(upTo: total, onProgress)
            ring.flush()
            try epoll.wait(milliseconds: 50) { _ in }
            let now = DomainClock.monotonicNanoseconds()
            if receive() {
                heardAt = now
            } else if now - heardAt > Self.silenceLimit {
                heardAt = now
                reopen()
            }
        }
        return end()
    }

    private mutating func end() -> CorruptionCheck.Outcome {
        let statistics = ring.statistics()
        outcome.addLostFrames(statistics.sendDrops, at: "sender")
        outcome.addLostFrames(statistics.receiveDrops, at: "ring")
        return outcome
    }

    private mutating func open() {
        let connection = KnownConnection(port: nextPort)
        connections[nextPort] = connection
        nextPort = nextPort + 1 < firstPort + Self.portsEach ? nextPort + 1 : firstPort
        send(connection.opening())
    }

    /// In place of those that wait, or that were never opened.
    private mutating func reopen() {
        for (port, connection) in connections where connection.isWaiting || !connection.isOpen {
            if connection.isWaiting { outcome.lost += 1 }
            connections[port] = nil
            open()
        }
    }

    private mutating func sendNext(upTo total: Int, _ onProgress: (Int) -> Void) {
        for port in connections.keys where nextID < total {
            guard var connection = connections[port], connection.isOpen, !connection.isWaiting else { continue }
            let frame = connection.request(nextID, known[Int(nextID) % known.count])
            connections[port] = connection
            send(frame)
            nextID += 1
            if nextID % Self.progressStep == 0 { onProgress(Int(Self.progressStep)) }
        }
    }

    private mutating func send(_ frame: [UInt8]) {
        while !ring.stage(frame.span) { ring.flush() }
    }

    /// - Returns: whether something for this checker came.
    private mutating func receive() -> Bool {
        let front = front
        var (connections, outcome, heard) = (connections, outcome, false)
        ring.receive(limit: 64) { frame, _ in
            guard let (port, packet) = Self.address(of: frame, front: front) else {
                // Telemetry with which a reply cannot even be found.
                if frame.count >= 14, frame.uint16(at: 12) == 0x1212 { outcome.corrupt += 1 }
                return
            }
            guard var connection = connections[port] else { return }
            heard = true
            switch connection.check(frame, packet: packet) {
            case .correct: outcome.correct += 1
            case .corrupt: outcome.corrupt += 1
            case .plain: outcome.plain += 1
            case nil: break
            }
            connections[port] = connection
        }
        self.connections = connections
        self.outcome = outcome
        return heard
    }

    /// The port that a TCP segment goes to, and where its packet begins; nil for other frames.
    private static func address(of frame: Span<UInt8>, front: Int) -> (port: UInt16, packet: Int)? {
        guard frame.count >= 54 else { return nil }
        var packet = 14
        if frame.uint16(at: 12) == 0x1212 {
            guard let record = KnownTelemetry.hostRecordSize(of: frame, front: front) else { return nil }
            packet = front + 2 + record
        } else if frame.uint16(at: 12) != 0x0800 {
            return nil
        }
        guard frame.count >= packet + 40, frame[packet] == 0x45, frame[packet + 9] == 6 else { return nil }
        return (frame.uint16(at: packet + 22), packet)
    }
}
