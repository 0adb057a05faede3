// SPDX-License-Identifier: Apache-2.0

import Addresses
import Journeys
import LinuxSystem
import TelemetryFormats
import Testing
import ThrowawayPlaces

@testable import HostAgent

extension LiveTests {
    /// What the agent reports of requests whose replies carry no telemetry, or do.
    @Suite(.serialized) struct UnreturnedRequestTests {
        private static let collector = "127.0.0.1:9555"

        private static func request(_ id: UInt32) -> [UInt8] { RequestFrame(level: 3, requestID: id).bytes }

        @Test func aRequestWithoutAReplyIsUnanswered() throws {
            let reports = try run { lab, cable in
                let silent = try lab.server.perform { try DatagramSocket() }
                try silent.bind(to: Endpoint(.any, port: Port(HostLab.serverPort)))
                for id in 1...3 as ClosedRange<UInt32> { cable.send(Self.request(id)) }
                Pause.microseconds(1_500_000)
            }
            #expect(reports.map(\.outcome) == [.unanswered, .unanswered, .unanswered])
            #expect(reports.compactMap(\.request?.requestID) == [1, 2, 3])
            for report in reports { try expectRequest(report) }
        }

        @Test func aReplyThatFillsTheMTUHasNoRoom() throws {
            let reports = try run { lab, cable in
                let server = try lab.server.perform { try DatagramSocket() }
                try server.bind(to: Endpoint(.any, port: Port(HostLab.serverPort)))
                try server.setReceiveTimeout(microseconds: 1_000_000)
                cable.send(Self.request(7))
                var buffer = [UInt8](repeating: 0, count: 1472)
                var bytes = buffer.mutableSpan
                let datagram = try #require(try server.receive(into: &bytes))
                try server.send(buffer.span, to: datagram.sender)
                #expect(cable.nextReply()?.count == 1514)
                Pause.microseconds(1_500_000)
            }
            #expect(reports.map(\.outcome) == [.noRoom(.mtu)])
            let report = try #require(reports.first)
            try expectRequest(report)
            #expect(report.request?.requestID == 7)
            #expect(report.request?.host?.duration != nil)
        }

        @Test func anAnsweredRequestIsReportedWithItsRequest() throws {
            let reports = try run { lab, cable in
                try EchoServer.with(lab) {
                    cable.send(Self.request(9))
                    #expect(cable.nextReply() != nil)
                }
            }
            #expect(reports.map(\.outcome) == [.answered(late: false)])
            let report = try #require(reports.first)
            try expectRequest(report)
            #expect(report.key.ordinal == 1)
            #expect(report.request?.host?.ordinal == 1)
            #expect(report.request?.host?.duration != nil)
        }

        /// Three hops on the way out, and when the request came.
        private func expectRequest(_ report: HostReport) throws {
            let request = try #require(report.request)
            #expect(request.hops.count == 3)
            #expect(request.requestHopCount == 3)
            #expect("\(request.flow)" == "10.0.1.1:40000>10.0.2.2:1234")
            let details = try #require(request.host?.details)
            #expect(details.hostID == report.key.host)
            let age = DomainClock.nanoseconds() &- details.arrival
            #expect(age < 60_000_000_000)
        }

        private func run(_ body: (HostLab, inout Cable) throws -> Void) throws -> [HostReport] {
            var reports: [HostReport] = []
            try HostLab.with { lab in
                try runTool("ip link set lo up", in: lab.server)
                let collector = try lab.server.perform { try DatagramSocket() }
                try collector.bind(to: try #require(Endpoint(Self.collector)))
                try lab.host { _ = try $0.attach() }
                var cable = try Cable(lab)
                try reporting(lab) { try body(lab, &cable) }
                var buffer = [UInt8](repeating: 0, count: HostReportFormat.largestDatagram)
                while true {
                    var bytes = buffer.mutableSpan
                    guard let datagram = try collector.receive(into: &bytes, waits: false) else { break }
                    let received = Array(buffer.prefix(datagram.count))
                    reports += HostReportFormat.reports(in: received.span) ?? []
                }
                try lab.host { try $0.detach(waits: false) }
            }
            return reports
        }

        /// Runs the agent until `body` has ended, and a moment longer.
        private func reporting(_ lab: HostLab, _ body: () throws -> Void) throws {
            let stop = try EventDescriptor()
            let number = stop.number
            let agent = try BackgroundThread {
                try lab.host { host in
                    var settings = HostReporter.Settings(to: try #require(Endpoint(Self.collector)))
                    settings.unansweredAfter = 1
                    var reporter = try HostReporter(host, settings)
                    try reporter.run(until: number)
                    #expect(reporter.counts.refused == 0 && reporter.counts.unclear == 0)
                }
            }
            Pause.microseconds(200_000)
            let result = Result { try body() }
            Pause.microseconds(100_000)
            stop.signal()
            try agent.join()
            try result.get()
        }
    }
}
