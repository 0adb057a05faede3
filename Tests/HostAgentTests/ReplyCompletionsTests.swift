// SPDX-License-Identifier: Apache-2.0

import CHostPrograms
import Journeys
import Testing

@testable import HostAgent

@Suite("Events of replies become completions") struct ReplyCompletionsTests {
    private static func bytes(
        _ arrival: UInt64, ordinal: UInt64 = 1, bytes: UInt64 = 100, flags: Int32 = P4NI_PROGRESS_ACKED
    ) -> [UInt8] {
        var event = p4ni_progress_event()
        event.kind = UInt32(P4NI_EVENT_PROGRESS)
        event.cpu = 3
        event.arrival = arrival
        event.ordinal = ordinal
        event.host_id = 77
        event.first = arrival &+ 10
        event.last = arrival &+ 60
        event.acknowledged = arrival &+ 90
        event.waited = 40
        event.bytes = bytes
        event.segments = 2
        event.flags = UInt32(flags)
        return unsafe withUnsafeBytes(of: &event) { unsafe Array($0) }
    }

    private static func event(
        _ arrival: UInt64, ordinal: UInt64 = 1, bytes count: UInt64 = 100, flags: Int32 = P4NI_PROGRESS_ACKED
    ) throws -> ProgressEvent {
        let bytes = bytes(arrival, ordinal: ordinal, bytes: count, flags: flags)
        let event = ProgressEvent(bytes.span)
        return try #require(event)
    }

    @Test func replyIsCompleteAfterAQuietTime() throws {
        var completions = ReplyCompletions(quiet: 1000)
        #expect(completions.accept(try Self.event(5, bytes: 100), at: 10_000) == nil)
        // More of it, which has been acknowledged, too.
        #expect(completions.accept(try Self.event(5, bytes: 300), at: 10_900) == nil)
        #expect(completions.expire(at: 11_500).isEmpty)
        let found = completions.expire(at: 11_900)
        #expect(found.map(\.key) == [HostReport.Key(host: 77, ordinal: 1)])
        #expect(found.first?.reply.bytes == 300 && found.first?.reply.end == .quiet)
        #expect(completions.expire(at: 20_000).isEmpty)
    }

    @Test func replyThatHasEndedIsCompleteAtOnce() throws {
        var completions = ReplyCompletions(quiet: 1000)
        #expect(completions.accept(try Self.event(5), at: 10) == nil)
        let flags = P4NI_PROGRESS_ACKED | P4NI_PROGRESS_ENDED | P4NI_PROGRESS_WAITED
        let found = try #require(completions.accept(try Self.event(5, flags: flags), at: 20))
        #expect(found.reply.end == .nextRequest)
        #expect(found.reply.firstByte == 10 && found.reply.lastByte == 60 && found.reply.lastAcknowledgement == 90)
        #expect(found.reply.acknowledgementWait == 40 && found.reply.rest == 50 && found.reply.acknowledgement == 30)
        #expect(completions.expire(at: 5000).isEmpty)
    }

    @Test func replyWithoutTelemetryIsNobodys() throws {
        var completions = ReplyCompletions(quiet: 1000)
        #expect(completions.accept(try Self.event(5, ordinal: 0, flags: P4NI_PROGRESS_ENDED), at: 10) == nil)
        #expect(completions.accept(try Self.event(6, ordinal: 0), at: 10) == nil)
        #expect(completions.expire(at: 5000).isEmpty)
    }

    @Test func oldestAreForgottenWhenTooManyWait() throws {
        var completions = ReplyCompletions(quiet: 1000)
        let many = UInt64(ReplyCompletions.capacity) + 10
        for arrival in 0..<many { _ = completions.accept(try Self.event(arrival, ordinal: arrival + 1), at: 1) }
        let found = completions.expire(at: 2000)
        #expect(found.count == ReplyCompletions.capacity && found.first?.key.ordinal == 11)
    }

    @Test func damagedEventsAreNone() throws {
        let bytes = Self.bytes(5)
        for length in 0..<bytes.count {
            let cut = Array(bytes.prefix(length))
            let event = ProgressEvent(cut.span)
            #expect(event == nil)
        }
        let impossible = try Self.event(.max - 20)
        #expect(impossible.measurement == nil)
    }

    /// A segment that was sent again although the client had it does not make the reply longer.
    @Test func needlessRetransmissionIsNotTheEnd() {
        var reply = ReplyMeasurement(end: .closed, firstByte: 10, bytes: 1)
        reply.lastByte = 50
        reply.lastRetransmission = 80
        #expect(reply.rest == 70)
        reply.lastAcknowledgement = 70
        #expect(reply.rest == 40 && reply.acknowledgement == 20)
        reply.lastAcknowledgement = 90
        #expect(reply.rest == 70 && reply.acknowledgement == 10)
    }
}
