// SPDX-License-Identifier: Apache-2.0

import Addresses
import Journeys
import LinuxSystem
import TelemetryFormats
import Testing

@testable import Collector

@Suite("Journeys and what their servers' agents report") struct HostReportJoinTests {
    private static func key(_ ordinal: UInt64) -> HostReport.Key { HostReport.Key(host: 4, ordinal: ordinal) }

    private static func hostReport(_ ordinal: UInt64) -> HostReport {
        HostReport(key(ordinal), RequestIdentity(kind: .redis, operation: "PING"))
    }

    private static func report(_ ordinal: UInt64, named: Bool = true) throws -> ClientJoin.Report {
        let flow = Flow(
            source: try #require(IPAddress("10.0.0.1")), destination: try #require(IPAddress("10.0.0.2")),
            ipProtocol: .tcp, ports: nil)
        var report = JourneyReport(
            flow: flow, hops: [], requestHopCount: 0,
            encoding: TelemetryEncoding(format: TelemetryEncoding.Format(rawValue: "test"), variant: 5),
            telemetry: TelemetrySize(header: 4, record: 0, records: 0, host: 60))
        report.host = HostMeasurement(
            ordinal: ordinal, duration: 1, details: named ? HostDetails(hostID: 4, arrival: 1) : nil)
        return ClientJoin.Report(report: report, time: ordinal)
    }

    @Test func eitherMayComeFirst() throws {
        var join = HostReportJoin()
        #expect(join.wait(try Self.report(1), for: Self.key(1), since: 0).isEmpty)
        #expect(join.accept(Self.hostReport(1), at: 0)?.time == 1)
        #expect(join.accept(Self.hostReport(2), at: 0) == nil)
        #expect(join.removeEarly(Self.key(2)) == Self.hostReport(2))
        #expect(join.removeEarly(Self.key(2)) == nil)
    }

    @Test func aJourneyGoesOnAloneInTime() throws {
        var join = HostReportJoin()
        #expect(join.wait(try Self.report(1), for: Self.key(1), since: 100).isEmpty)
        #expect(join.expire(at: 100 + HostReportJoin.patience).isEmpty)
        #expect(join.expire(at: 101 + HostReportJoin.patience).map(\.time) == [1])
        #expect(join.finish().isEmpty)
    }

    @Test func memoryIsBounded() throws {
        var join = HostReportJoin()
        var ready = 0
        for ordinal in 0..<UInt64(HostReportJoin.capacity + 10) {
            ready += join.wait(try Self.report(ordinal), for: Self.key(ordinal), since: 0).count
        }
        #expect(ready == 10)
        #expect(join.finish().count == HostReportJoin.capacity)
    }

    @Test func memoryOfReportsIsBounded() {
        var join = HostReportJoin()
        for ordinal in 0..<UInt64(HostReportJoin.capacity + 10) {
            #expect(join.accept(Self.hostReport(ordinal), at: 0) == nil)
        }
        #expect(join.removeEarly(Self.key(9)) == nil)
        #expect(join.removeEarly(Self.key(10)) == Self.hostReport(10))
    }

    @Test func onlyARecordThatNamesItsHostJoins() throws {
        #expect(HostReport.Key(try Self.report(3).report) == Self.key(3))
        #expect(HostReport.Key(try Self.report(3, named: false).report) == nil)
    }

    @Test func reportsComeByUDPAndDamagedOnesAreCounted() throws {
        let receiver = try HostReportReceiver(at: try #require(Endpoint("127.0.0.1:0")))
        let socket = try DatagramSocket()
        let endpoint = try receiver.endpoint()
        for datagram in HostReportFormat.datagrams(of: [Self.hostReport(8)]) {
            try socket.send(datagram.span, to: endpoint)
        }
        try socket.send([1, 2, 3].span, to: endpoint)
        #expect(receiver.receive() == [Self.hostReport(8)])
        #expect(receiver.malformed == 1)
        #expect(receiver.reports == 1)
    }
}
