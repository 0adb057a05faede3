// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Workload

@Suite struct RequestBookkeepingTests {
    @Test func requestsAreSpacedEvenlyFromTheStart() {
        var schedule = SendSchedule(start: 1000, rate: 3, duration: 2)
        var times: [UInt64] = []
        while let next = schedule.next {
            times.append(next)
            schedule.advance()
        }
        #expect(times == [0, 333_333_333, 666_666_666, 1_000_000_000, 1_333_333_333, 1_666_666_666].map { $0 + 1000 })
    }

    @Test func burstsLeaveTogetherAndKeepTheRate() {
        var schedule = SendSchedule(start: 0, rate: 1000, duration: 0.006, burst: 3)
        var times: [UInt64] = []
        while let next = schedule.next {
            times.append(next)
            schedule.advance()
        }
        #expect(times == [0, 0, 0, 3_000_000, 3_000_000, 3_000_000])
    }

    @Test func endingAScheduleLeavesNothingDue() {
        var schedule = SendSchedule(start: 0, rate: 10, duration: 1)
        schedule.end()
        #expect(schedule.next == nil)
    }

    @Test func aReplyTakesItsOwnRequestWhateverTheOrder() {
        var outstanding = OutstandingRequests()
        for id: UInt32 in 1...3 { outstanding.add(entry(id)) }
        #expect(outstanding.remove(2)?.id == 2)
        #expect(outstanding.remove(2) == nil)
        #expect(outstanding.oldestSent == 10)
        #expect(outstanding.remove(1)?.id == 1)
        #expect(outstanding.oldestSent == 30)
        #expect(outstanding.count == 1)
    }

    @Test func onlyRequestsSentBeforeTheDeadlineTimeOut() {
        var outstanding = OutstandingRequests()
        for id: UInt32 in 1...3 { outstanding.add(entry(id)) }
        _ = outstanding.remove(1)
        #expect(outstanding.removeOldest(sentBefore: 25)?.id == 2)
        #expect(outstanding.removeOldest(sentBefore: 25) == nil)
        #expect(outstanding.count == 1)
    }

    @Test func theQueueOfManyAnsweredRequestsIsCutAndStaysInOrder() {
        var outstanding = OutstandingRequests()
        for id: UInt32 in 0..<5000 { outstanding.add(entry(id)) }
        for id: UInt32 in 0..<4999 { #expect(outstanding.remove(id) != nil) }
        #expect(outstanding.oldestSent == 49_990)
        #expect(outstanding.removeOldest(sentBefore: .max)?.id == 4999)
        #expect(outstanding.isEmpty)
    }

    @Test(arguments: [(TransportProtocol.udp, 4), (.udp, 5), (.udp, 1472), (.tcp, 8), (.tcp, 9), (.tcp, 1472)])
    func aPayloadIsIntactOnlyWithEveryByte(_ transport: TransportProtocol, length: Int) {
        let format = RequestPayload(transport: transport)
        var payload = [UInt8](repeating: 0, count: length)
        format.fill(&payload, id: 0xdead_beef)
        #expect(Array(payload.prefix(4)) == [0xde, 0xad, 0xbe, 0xef])
        #expect(RequestPayload.id(of: payload) == 0xdead_beef)
        if transport == .tcp { #expect(RequestPayload.length(of: payload[...]) == length) }
        #expect(format.isIntact(payload, id: 0xdead_beef, length: length))
        #expect(!format.isIntact(payload.dropLast(), id: 0xdead_beef, length: length))
        for index in format.headerBytes..<length {
            var changed = payload
            changed[index] ^= 0x40
            #expect(!format.isIntact(changed, id: 0xdead_beef, length: length))
        }
    }

    @Test func threeBytesHoldNoId() {
        #expect(RequestPayload.id(of: [1, 2, 3]) == nil)
    }

    private func entry(_ id: UInt32) -> OutstandingRequests.Entry {
        .init(id: id, sentAt: UInt64(id) * 10, sentMonotonic: UInt64(id) * 10)
    }
}
