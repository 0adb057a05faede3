// SPDX-License-Identifier: Apache-2.0

import Addresses
import CHostPrograms
import Journeys
import RequestParsing
import Testing

@testable import HostAgent

@Suite("Events of requests become reports") struct RequestIdentitiesTests {
    private static func bytes(_ event: p4ni_event, head: [UInt8] = []) -> [UInt8] {
        var event = event
        event.length = UInt32(head.count)
        let size = event.kind == UInt32(P4NI_EVENT_ANSWER) ? Int(P4NI_ANSWER_SIZE) : Int(P4NI_REQUEST_SIZE)
        return unsafe withUnsafeBytes(of: &event) { unsafe Array($0.prefix(size)) } + head
    }

    private static func request(_ time: UInt64, _ text: String, sourcePort: UInt16 = 999) -> [UInt8] {
        var event = p4ni_event()
        event.kind = UInt32(P4NI_EVENT_REQUEST)
        event.cpu = 1
        event.arrival = time
        event.key.source.2 = UInt32(0xffff).bigEndian
        event.key.source.3 = UInt32(0x0a00_0101).bigEndian
        event.key.destination.2 = UInt32(0xffff).bigEndian
        event.key.destination.3 = UInt32(0x0a00_0201).bigEndian
        event.key.source_port = sourcePort.bigEndian
        event.key.destination_port = UInt16(80).bigEndian
        event.key.protocol = 6
        return bytes(event, head: Array(text.utf8))
    }

    private static func answer(_ time: UInt64, _ ordinal: UInt64) -> [UInt8] {
        var event = p4ni_event()
        event.kind = UInt32(P4NI_EVENT_ANSWER)
        event.cpu = 1
        event.arrival = time
        event.ordinal = ordinal
        event.host_id = 77
        return bytes(event)
    }

    private static func parsed(_ bytes: [UInt8]) -> RequestEvent? { RequestEvent(bytes.span) }
    private static func event(_ bytes: [UInt8]) throws -> RequestEvent { try #require(parsed(bytes)) }

    @Test func requestAndAnswerAreOneReport() throws {
        var identities = RequestIdentities(IdentityRules())
        for (time, text) in [(1, "GET /a HTTP/1.1\r\n"), (2, "nonsense")] as [(UInt64, String)] {
            let event = try Self.event(Self.request(time, text))
            #expect(identities.accept(event) == nil)
        }
        let first = identities.accept(try Self.event(Self.answer(1, 5)))
        #expect(first?.key == HostReport.Key(host: 77, ordinal: 5))
        #expect(first?.identity.description == "GET /a")
        #expect(first?.identity.connection == 1)
        #expect(first?.identity.sequence == 1)
        let second = identities.accept(try Self.event(Self.answer(2, 6)))
        #expect(second?.identity.description == "connection 1 request 2")
        #expect(identities.accept(try Self.event(Self.answer(2, 7))) == nil)
    }

    @Test func damagedEventsAreNone() {
        let bytes = Self.request(1, "GET /")
        for length in 0..<bytes.count {
            let cut = Array(bytes.prefix(length))
            #expect(Self.parsed(cut) == nil)
        }
        let noise = [UInt8](repeating: 0xff, count: 200)
        #expect(Self.parsed(noise) == nil)
    }

    @Test func generationsStayBounded() {
        var some = Generations<Int, Int>(capacity: 10)
        for number in 0..<100 { some[number] = number }
        #expect(some.count <= 10)
        #expect(some[99] == 99)
        #expect(some.remove(99) == 99)
        #expect(some[99] == nil)
    }
}
