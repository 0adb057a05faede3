// SPDX-License-Identifier: Apache-2.0

import HostAgent
import LinuxSystem
import TelemetryFormats
import Testing
import ThrowawayPlaces
import Workload

@testable import Benchmarks

@Suite(.serialized, .needsRoot) struct CorruptionTests {
    /// 18 records of the largest level, two senders with 8 requests outstanding each, two echo threads: every byte of
    /// every reply is known. With room for no more than 16 requests all meet in the same few slots.
    @Test(arguments: [AttachOptions.defaultMaximumRequests, 16])
    func notOneByteIsWrongInThirtyThousandReplies(_ maximumRequests: Int) throws {
        var check = CorruptionCheck()
        check.replies = 30_000
        check.maximumRequests = maximumRequests
        let outcome = try check.run()
        #expect(outcome.corrupt == 0 && outcome.lost == 0, "\(outcome)")
        #expect(outcome.plain < 30, "\(outcome)")
        #expect(outcome.correct + outcome.plain == 30_000 && outcome.lostFrames.isEmpty, "\(outcome)")
        #expect(outcome.evicted == 0 && outcome.refused == 0)
    }

    /// Over TCP: 16 connections, a request on each.
    @Test(arguments: [AttachOptions.defaultMaximumRequests, 16])
    func notOneByteIsWrongInTenThousandRepliesOverTCP(_ maximumRequests: Int) throws {
        var check = CorruptionCheck()
        check.transport = .tcp
        check.replies = 10_000
        check.maximumRequests = maximumRequests
        let outcome = try check.run()
        #expect(outcome.corrupt == 0 && outcome.lost == 0, "\(outcome)")
        #expect(outcome.plain < 30, "\(outcome)")
        #expect(outcome.correct > 9_800 && outcome.lostFrames.isEmpty, "\(outcome)")
        #expect(outcome.evicted == 0 && outcome.refused == 0)
    }

    @Test func aRunThatIsStoppedEndsEarlyAndLeavesNothing() throws {
        let stop = try EventDescriptor()
        stop.signal()
        var check = CorruptionCheck()
        check.replies = 100_000_000
        let error = #expect(throws: BenchmarkError.self) { _ = try check.run(stop: stop.number) }
        #expect(error?.code == .interrupted)
        let own = "p4ni-bench-\(ProcessIdentity.current?.id ?? 0)-"
        #expect(!NetworkNamespace.all().contains { $0.name.hasPrefix(own) })
    }
}

@Suite struct KnownRequestTests {
    /// A reply as the host must send it: 18-byte record, or the extended one.
    static func reply(_ request: KnownRequest, id: UInt32, extended: Bool) -> [UInt8] {
        let record: [UInt8] =
            extended
            ? [UInt8](repeating: 0, count: 8) + [0, 0, 0, 0, 0, 0, 0, 1] + [UInt8](repeating: 9, count: 8)
                + [0, 0, 0, 0, 0, 0, 1, 0] + [UInt8](repeating: 7, count: 26)
            : [0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0]
        let ip: [UInt8] = [0x45, 0, 0, 52, 1, 2, 0, 0, 64, 17, 3, 4, 10, 77, 0, 2, 10, 77, 0, 1]
        let udp: [UInt8] = [0x04, 0xd2, 0x9c, 0x40, 0, 32, 5, 6]
        let payload = (0..<4).map { UInt8(truncatingIfNeeded: id >> UInt32(24 - 8 * $0)) } + (0..<20).map { $0 &* 11 }
        return request.front + [0x12, extended ? 0x16 : 0x14] + record + [8, 0] + ip + udp + payload
    }

    @Test(arguments: [false, true])
    func everyWrongByteIsSeenButThoseTheServerChooses(extended: Bool) {
        let request = KnownRequest(level: .full, records: 18, port: 40_000, seed: 3)
        let right = Self.reply(request, id: 77, extended: extended)
        #expect(Self.isAnswered(request, by: right))
        let address = KnownRequest.address(of: right.span, front: request.front.count)
        #expect(address?.port == 40_000 && address?.id == 77)
        let record = request.front.count + 2
        let inner = right.count - 52
        var free = Set(record..<inner - 2)
        // Type of service, identification to time to live, checksums.
        free.formUnion([inner + 1, inner + 4, inner + 5, inner + 6, inner + 7, inner + 8])
        free.formUnion([inner + 10, inner + 11, inner + 26, inner + 27])
        for index in right.indices where !free.contains(index) {
            var wrong = right
            wrong[index] ^= 0x10
            #expect(!Self.isAnswered(request, by: wrong), "byte \(index)")
        }
        #expect(!Self.isAnswered(request, by: Array(right.dropLast())))
        #expect(!Self.isAnswered(request, by: right + [0]))
    }

    private static func isAnswered(_ request: KnownRequest, by reply: [UInt8]) -> Bool {
        request.isAnswered(by: reply.span, id: 77)
    }

    @Test func requestsOfDifferentSeedsShareNoRecord() {
        let first = KnownRequest(level: .full, records: 18, port: 40_000, seed: 1)
        let second = KnownRequest(level: .full, records: 18, port: 40_000, seed: 2)
        for record in 0..<18 {
            let range = 18 + record * 72..<18 + record * 72 + 70
            #expect(first.request[range] != second.request[range])
        }
    }
}

@Suite struct KnownConnectionTests {
    private static let telemetry = KnownTelemetry(level: .full, records: 18, seed: 3)

    /// A connection whose request waits for its reply, and the reply as the host must send it.
    private static func exchange() throws -> (connection: KnownConnection, reply: [UInt8], packet: Int) {
        var connection = KnownConnection(port: 20_000)
        var request = connection.opening()
        #expect(
            connection.check(turned(request, flags: 0x12, acknowledged: 1000, sequence: 77).span, packet: 14) == nil)
        #expect(connection.isOpen)
        request = connection.request(5, telemetry)
        let packet = Array(request.dropFirst(14 + telemetry.request.count))
        let answer = turned([UInt8](repeating: 0, count: 14) + packet, flags: 0x18, acknowledged: 1064, sequence: 78)
        let record: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0]
        let front =
            BenchCable.clientLink + BenchCable.serverLink + telemetry.returned + [0x12, 0x14] + record + [8, 0]
        return (connection, front + answer.dropFirst(14), front.count)
    }

    /// A packet on its way back, with both checksums right.
    private static func turned(
        _ frame: [UInt8], flags: UInt8, acknowledged: UInt32, sequence: UInt32
    ) -> [UInt8] {
        var bytes = frame
        let ip = Array(frame[14...])
        bytes.replaceSubrange(26..<34, with: ip[16..<20] + ip[12..<16])
        bytes.replaceSubrange(34..<38, with: ip[22..<24] + ip[20..<22])
        let numbers = [sequence, acknowledged].flatMap { number in
            [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> UInt32($0)) }
        }
        bytes.replaceSubrange(38..<46, with: numbers)
        bytes[47] = flags
        for place in [24, 25, 50, 51] { bytes[place] = 0 }
        let sum = ~KnownSum.of(bytes[14..<34])
        (bytes[24], bytes[25]) = (UInt8(sum >> 8), UInt8(sum & 0xff))
        let pseudo = bytes[26..<34] + [0, 6, 0, UInt8(bytes.count - 34)]
        let tcp = ~KnownSum.of(pseudo + bytes[34...])
        (bytes[50], bytes[51]) = (UInt8(tcp >> 8), UInt8(tcp & 0xff))
        return bytes
    }

    @Test func everyWrongByteIsSeenButThoseOfTheHostsRecord() throws {
        let (connection, right, packet) = try Self.exchange()
        var judged = connection
        #expect(judged.check(right.span, packet: packet) == .correct)
        for index in right.indices where !(packet - 18..<packet - 2).contains(index) {
            var wrong = right
            wrong[index] ^= 0x10
            var judged = connection
            #expect(judged.check(wrong.span, packet: packet) != .correct, "byte \(index)")
        }
    }

    @Test func aReplyWithoutTelemetryIsPlain() throws {
        var (connection, reply, packet) = try Self.exchange()
        let plain = [UInt8](repeating: 2, count: 12) + [8, 0] + reply.dropFirst(packet)
        #expect(connection.check(plain.span, packet: 14) == .plain)
        #expect(!connection.isWaiting)
    }
}
