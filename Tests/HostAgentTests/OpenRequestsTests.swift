// SPDX-License-Identifier: Apache-2.0

import CHostPrograms
import Journeys
import RequestParsing
import TelemetryFormats
import Testing

@testable import HostAgent

@Suite("Events of requests become reports") struct OpenRequestsTests {
    typealias Events = RequestEvents
    private static let patience: UInt64 = 5_000_000_000

    private static func parsed(_ bytes: [UInt8]) -> RequestEvent? { RequestEvent(bytes.span) }
    private static func event(_ bytes: [UInt8]) throws -> RequestEvent { try #require(parsed(bytes)) }

    /// Requests that came at these times.
    private static func requests(_ times: UInt64..., capacity: Int = 100) throws -> OpenRequests {
        var requests = OpenRequests(IdentityRules(), patience: patience, capacity: capacity)
        requests.setClock(1000, at: 0)
        for time in times { #expect(requests.accept(try event(Events.request(time, "GET /a HTTP/1.1\r\n"))) == nil) }
        return requests
    }

    @Test func requestAndAnswerAreOneReport() throws {
        var requests = try Self.requests(1)
        #expect(requests.accept(try Self.event(Events.request(2, "nonsense"))) == nil)
        let first = requests.accept(try Self.event(Events.answer(1, 5)))
        #expect(first?.report.key == HostReport.Key(host: 77, ordinal: 5))
        #expect(first?.report.outcome == .answered(late: false))
        #expect(first?.report.identity.description == "GET /a")
        #expect(first?.report.identity.connection == 1)
        #expect(first?.report.identity.sequence == 1)
        #expect(first?.request?.bytes == Events.telemetry)
        #expect(first?.request?.requestID == 0x4745_5420)
        #expect(first?.host != nil)
        let second = requests.accept(try Self.event(Events.answer(2, 6)))
        #expect(second?.report.identity.description == "connection 1 request 2")
        #expect(requests.accept(try Self.event(Events.answer(2, 7))) == nil)
        #expect(requests.count == 0)
    }

    @Test func aJourneyThatNamesNoHostIsNotMissed() throws {
        var requests = try Self.requests(1)
        let message = requests.accept(try Self.event(Events.answer(1, 5, isLegacy: true)))
        #expect(message?.report.key.ordinal == 5)
        #expect(message?.request == nil)
        #expect(message?.host == nil)
    }

    @Test func aRequestWithoutAReplyIsReportedOnceInTime() throws {
        var requests = try Self.requests(10, 20)
        #expect(requests.expire(at: 10 + Self.patience).isEmpty)
        #expect(!requests.hasDue(at: 10 + Self.patience))
        #expect(requests.hasDue(at: 11 + Self.patience))
        let messages = requests.expire(at: 11 + Self.patience)
        #expect(messages.map(\.report.outcome) == [.unanswered])
        #expect(messages[0].report.key == HostReport.Key(host: 77, ordinal: 0))
        #expect(messages[0].host?.duration == nil)
        #expect(messages[0].host?.details?.arrival == 1010)
        #expect(messages[0].request?.bytes == Events.telemetry)
        #expect(requests.expire(at: 11 + Self.patience).isEmpty)
        #expect(requests.counts.unanswered == 1)
        // Its reply leaves after all.
        let late = requests.accept(try Self.event(Events.answer(10, 5)))
        #expect(late?.report.outcome == .answered(late: true))
        #expect(requests.accept(try Self.event(Events.answer(10, 5))) == nil)
    }

    @Test func aReplyWithoutRoomIsReportedUnlessALaterFrameHasRoom() throws {
        var requests = try Self.requests(10, 20)
        #expect(requests.accept(try Self.event(Events.plain(10, took: 500))) == nil)
        #expect(requests.accept(try Self.event(Events.plain(20, took: 500, P4NI_TC_SEGMENTED))) == nil)
        #expect(requests.accept(try Self.event(Events.answer(20, 1)))?.report.outcome == .answered(late: false))
        #expect(requests.expire(at: 510 + OpenRequests.carryPatience).isEmpty)
        let messages = requests.expire(at: 511 + OpenRequests.carryPatience)
        #expect(messages.map(\.report.outcome) == [.noRoom(.mtu)])
        #expect(messages[0].host?.duration == 500)
        #expect(requests.expire(at: .max).isEmpty)
        #expect(requests.counts == OpenRequests.Counts(noRoom: 1))
    }

    @Test func aSlowReplyWithoutRoomIsNoUnansweredRequest() throws {
        var requests = try Self.requests(1)
        _ = requests.accept(try Self.event(Events.plain(1, took: Self.patience - 2)))
        #expect(requests.expire(at: Self.patience + 1).isEmpty)
        #expect(requests.expire(at: 2 * Self.patience).map(\.report.outcome) == [.noRoom(.mtu)])
    }

    @Test(
        arguments: [
            (P4NI_XDP_SUPERSEDED, nil), (P4NI_XDP_EVICTED, .givenUp), (P4NI_TC_CLOSED, .unanswered),
        ] as [(p4ni_reason, HostReport.Outcome?)])
    func whatIsDroppedIsReportedUnlessAnotherSegmentStandsForIt(
        _ reason: p4ni_reason, _ outcome: HostReport.Outcome?
    ) throws {
        var requests = try Self.requests(10, 20)
        #expect(requests.accept(try Self.event(Events.dropped(10, reason)))?.report.outcome == outcome)
        // If a reply has left already, that is what is reported.
        _ = requests.accept(try Self.event(Events.plain(20, took: 5)))
        #expect(requests.accept(try Self.event(Events.dropped(20, reason)))?.report.outcome == .noRoom(.mtu))
        #expect(requests.expire(at: .max).isEmpty)
        #expect(requests.count == 0)
    }

    @Test func nothingIsConcludedFromEventsThatWereLost() throws {
        var requests = try Self.requests(10, 20)
        requests.noteLoss(at: 15)
        #expect(requests.expire(at: .max).map(\.host?.details?.arrival) == [1020])
        #expect(requests.counts == OpenRequests.Counts(unanswered: 1, unclear: 1))
    }

    @Test func memoryIsBounded() throws {
        var requests = try Self.requests(capacity: 10)
        for time in 1...5000 as ClosedRange<UInt64> {
            _ = requests.accept(try Self.event(Events.request(time, "x")))
        }
        #expect(requests.count == 10)
        #expect(requests.counts.unclear == 4990)
        #expect(requests.expire(at: .max).count == 10)
    }

    @Test func damagedEventsAreNone() {
        for bytes in [Events.request(1, "GET /"), Events.plain(1, took: 1), Array(Events.answer(1, 1).dropLast(4))] {
            for length in 0..<bytes.count {
                let cut = Array(bytes.prefix(length))
                #expect(Self.parsed(cut) == nil)
            }
        }
        let noise = [UInt8](repeating: 0xff, count: 200)
        #expect(Self.parsed(noise) == nil)
    }
}
