// SPDX-License-Identifier: Apache-2.0

import Addresses
import Journeys
import LinuxSystem
import TelemetryFormats
import Testing

@testable import Collector

@Suite("Journeys and their complete replies") struct ReplyJoinTests {
    private static func key(_ ordinal: UInt64) -> HostReport.Key { HostReport.Key(host: 4, ordinal: ordinal) }

    /// Header and body of a server in Python: 6 ms, then 44 ms until the header is acknowledged.
    private static var reply: ReplyMeasurement {
        var reply = ReplyMeasurement(end: .nextRequest, firstByte: 6_000_000, bytes: 160)
        reply.lastByte = 50_000_000
        reply.lastAcknowledgement = 51_000_000
        reply.acknowledgementWait = 43_900_000
        reply.segments = 2
        return reply
    }

    private static func waiting(_ ordinal: UInt64) throws -> ReplyJoin.Waiting {
        let flow = Flow(
            source: try #require(IPAddress("10.0.0.1")), destination: try #require(IPAddress("10.0.0.2")),
            ipProtocol: .tcp, ports: nil)
        var report = JourneyReport(
            flow: flow, hops: [], requestHopCount: 0,
            encoding: TelemetryEncoding(format: TelemetryEncoding.Format(rawValue: "test"), variant: 5),
            telemetry: TelemetrySize(header: 4, record: 0, records: 0, host: 60))
        report.host = HostMeasurement(
            ordinal: ordinal, duration: 6_000_000, details: HostDetails(hostID: 4, arrival: 1))
        return ReplyJoin.Waiting(
            report: ClientJoin.Report(report: report, time: ordinal),
            hostReport: HostReport(key(ordinal), RequestIdentity(kind: .http, operation: "GET")))
    }

    @Test func eitherMayComeFirst() throws {
        var join = ReplyJoin(patience: 100)
        #expect(join.wait(try Self.waiting(1), since: 0).isEmpty)
        #expect(join.accept(Self.reply, of: Self.key(1))?.hostReport.reply == Self.reply)
        let nobody = join.accept(Self.reply, of: Self.key(2))
        #expect(nobody?.hostReport == nil)
        #expect(join.wait(try Self.waiting(2), since: 0).map(\.hostReport.reply) == [Self.reply])
        #expect(join.finish().isEmpty)
    }

    @Test func journeyGoesOnWithoutInTime() throws {
        var join = ReplyJoin(patience: 100)
        #expect(join.wait(try Self.waiting(1), since: 1000).isEmpty)
        #expect(join.expire(at: 1100).isEmpty)
        #expect(join.expire(at: 1101).map(\.hostReport.reply) == [nil])
        var impatient = ReplyJoin(patience: 0)
        #expect(impatient.wait(try Self.waiting(1), since: 1000).count == 1)
    }

    @Test func memoryIsBounded() throws {
        var join = ReplyJoin(patience: 100)
        var ready = 0
        for ordinal in 0..<UInt64(ReplyJoin.capacity + 10) {
            ready += join.wait(try Self.waiting(ordinal), since: 0).count
        }
        #expect(ready == 10 && join.finish().count == ReplyJoin.capacity)
    }

    @Test func completionsComeByUDP() throws {
        var report = HostReport(Self.key(3), RequestIdentity(kind: .connection), .completion)
        report.reply = Self.reply
        report.reply?.lastRetransmission = 49_000_000
        report.reply?.waitIsAtMost = true
        let receiver = try HostReportReceiver(at: try #require(Endpoint("127.0.0.1:0")))
        let socket = try DatagramSocket()
        for datagram in HostReportFormat.datagrams(of: [report]) {
            try socket.send(datagram.span, to: try receiver.endpoint())
        }
        #expect(receiver.receive() == [report])
    }

    @Test func partsContainTheRestOfTheReply() throws {
        var waiting = try Self.waiting(1)
        waiting.hostReport.reply = Self.reply
        let journey = Journey(waiting.report.report, seenAt: 1, hostReport: waiting.hostReport)
        let parts = journey.parts.filter { [.host, .reply, .replyWait, .acknowledgement].contains($0.kind) }
        #expect(parts.map(\.kind) == [.host, .reply, .replyWait, .acknowledgement])
        #expect(parts.map(\.duration) == [6_000_000, 44_000_000, 43_900_000, 1_000_000])
        #expect(parts.map(\.isWithin) == [false, false, true, false])
        #expect(journey.parts.scale == 50_000_000)
    }
}
