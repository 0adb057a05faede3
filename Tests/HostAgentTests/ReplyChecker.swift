// SPDX-License-Identifier: Apache-2.0

import Glibc
import LinuxSystem
import Synchronization

@testable import HostAgent

struct CheckOutcome: Sendable {
    var correct = 0
    var corrupt = 0
    /// Replies without telemetry.
    var plain = 0
    var lost = 0
    /// Frames that did not leave the checker's ring, or found no room in it.
    var dropped: UInt64 = 0

    mutating func add(_ other: CheckOutcome) {
        correct += other.correct
        corrupt += other.corrupt
        plain += other.plain
        lost += other.lost
        dropped += other.dropped
    }
}

/// Sends requests with known records, a few at a time, and compares every byte of each reply.
///
/// Its ring takes no replies to other ports: while its thread does not run, they would leave no room for its own.
struct ReplyChecker: ~Copyable {
    static let outstanding = 8
    static let templates = 251
    /// Nanoseconds without a reply after which what is outstanding is lost.
    private static let patience: UInt64 = 5_000_000_000

    private let port: UInt16
    private var cable: Cable
    private let requests: [[UInt8]]
    private let replies: [[UInt8]]
    /// Where the request id is in a request, and in a reply with telemetry; where the host record's numbers are.
    private let places: (request: Int, reply: Int, host: Int)
    private var waiting: Set<UInt32> = []
    private var outcome = CheckOutcome()

    init(_ lab: HostLab, port: UInt16, level: Int = 3, records: Int = 18) throws {
        self.port = port
        let frames = (0..<Self.templates).map { seed in
            RequestFrame(level: level, records: records, sourcePort: port, seed: UInt8(seed))
        }
        requests = frames.map(\.bytes)
        replies = frames.map(Self.expectedReply)
        let host = 14 + frames[0].telemetry.count
        places = (request: host + 28, reply: host + 60 + 28, host: host)
        cable = try Cable(lab, filter: Self.filter(of: port, at: host + 60 + 22))
    }

    /// Refuses replies to other ports, with telemetry and without.
    private static func filter(of port: UInt16, at place: Int) -> FrameFilter {
        FrameFilter(
            refusing: [0...port - 1, port + 1...0xffff].flatMap { others -> [[FrameFilter.Field]] in
                [[.init(at: 12, 0x1212), .init(at: place, others)], [.init(at: 12, 0x0800), .init(at: 36, others)]]
            })
    }

    /// What comes back, except the request id, the host record's numbers and the fields of the IP header that the
    /// server chooses.
    private static func expectedReply(_ frame: RequestFrame) -> [UInt8] {
        let telemetry = frame.returned
        let host = [UInt8](repeating: 0, count: 58) + big(UInt16(0x0800))
        let link: [UInt8] = [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2] + big(UInt16(0x1212))
        return link + telemetry + host + frame.reply.dropFirst(14)
    }

    consuming func run(_ total: Int) throws -> CheckOutcome { try run { $0 < total } }

    consuming func run(until stopping: StopFlag) throws -> CheckOutcome {
        try run { _ in !stopping.isSet.load(ordering: .relaxed) }
    }

    /// - Parameter goesOn: whether there is to be another request, by how many there were.
    private consuming func run(while goesOn: (Int) -> Bool) throws -> CheckOutcome {
        var next: UInt32 = 0
        var last = DomainClock.monotonicNanoseconds()
        while goesOn(Int(next)) || !waiting.isEmpty {
            while waiting.count < Self.outstanding, goesOn(Int(next)) {
                send(next)
                next += 1
            }
            // Replies to others wake us, too: only the time shows that ours do not come.
            let now = DomainClock.monotonicNanoseconds()
            if receive() > 0 {
                last = now
            } else if now - last > Self.patience {
                outcome.lost += waiting.count
                waiting = []
                last = now
            }
        }
        let statistics = cable.statistics()
        outcome.dropped = statistics.sendDrops + statistics.receiveDrops
        return outcome
    }

    private mutating func send(_ id: UInt32) {
        var frame = requests[Int(id) % Self.templates]
        frame.replaceSubrange(places.request..<places.request + 4, with: big(id))
        waiting.insert(id)
        cable.send(frame)
    }

    private mutating func receive() -> Int {
        var frames: [[UInt8]] = []
        cable.receive(milliseconds: 50) { bytes in
            // Long enough for UDP's ports: plain replies count, too.
            if bytes.count >= 42 { frames.append(bytes.bytes) }
        }
        return frames.count { check($0) }
    }

    /// - Returns: whether the reply was for this checker.
    private mutating func check(_ frame: [UInt8]) -> Bool {
        guard number(frame[12..<14]) == 0x1212 else {
            guard frame.count >= 46, number(frame[36..<38]) == UInt64(port) else { return false }
            waiting.remove(UInt32(number(frame[42..<46])))
            outcome.plain += 1
            return true
        }
        guard frame.count == replies[0].count else {
            outcome.corrupt += 1
            return true
        }
        guard number(frame[places.reply - 6..<places.reply - 4]) == UInt64(port) else { return false }
        let id = UInt32(number(frame[places.reply..<places.reply + 4]))
        var expected = replies[Int(id) % Self.templates]
        expected.replaceSubrange(places.reply..<places.reply + 4, with: big(id))
        for range in [places.host..<places.host + 58, ipChosen, udpChecksum] {
            expected.replaceSubrange(range, with: frame[range])
        }
        let ordinal = number(frame[places.host + 8..<places.host + 16])
        let time = number(frame[places.host + 24..<places.host + 32])
        let isKnown = waiting.remove(id) != nil
        if expected == frame, isKnown, ordinal > 0, time > 0, time < 10_000_000_000 {
            outcome.correct += 1
        } else {
            outcome.corrupt += 1
        }
        return true
    }

    /// Identification, fragment flags, time to live, protocol and checksum of the IP header.
    private var ipChosen: Range<Int> { places.reply - 28 + 4..<places.reply - 28 + 12 }
    private var udpChecksum: Range<Int> { places.reply - 2..<places.reply }
}
