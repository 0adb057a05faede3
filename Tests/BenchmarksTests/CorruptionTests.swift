// SPDX-License-Identifier: Apache-2.0

import HostAgent
import LinuxSystem
import Telemetry
import Testing
import ThrowawayPlaces

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
        #expect(outcome.corrupt == 0)
        #expect(outcome.plain < 30, "\(outcome)")
        #expect(outcome.correct > 29_000, "\(outcome)")
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
