// SPDX-License-Identifier: Apache-2.0

import Addresses
import Journeys
import LinuxSystem
import RequestParsing
import TelemetryFormats
import Testing
import ThrowawayPlaces

@testable import HostAgent

extension LiveTests {
    /// The agent beside public servers as they are: what it sends is read as a collector would.
    @Suite(.serialized) struct HostReporterTests {
        typealias Servers = LiveTests.PublicServerTests
        private static let collector = "127.0.0.1:9555"

        @Test(.needs(Servers.python, package: "python3"))
        func requestsOfAPythonServerAreReportedOnce() throws {
            let files = try TemporaryDirectory()
            let server = [Servers.python, try files.write(Servers.pythonHTTP, to: "server.py")]
            let reports = try run(server, client: try files.write(Servers.sequential, to: "client.py"))
            let requests = reports.filter { $0.outcome != .completion }
            #expect(requests.count >= 45)
            expectEachRequestOnce(requests)
            expectWaits(reports.filter { $0.outcome == .completion }.compactMap(\.reply))
        }

        /// Header and body are two short segments: the second waits until the client, in no hurry, acknowledges the first.
        private func expectWaits(_ replies: [ReplyMeasurement]) {
            #expect(replies.count >= 45)
            let longest = replies.compactMap(\.acknowledgementWait).max() ?? 0
            #expect(longest >= 20_000_000)
            for reply in replies {
                #expect(reply.segments >= 2 && reply.bytes > 100 && reply.bytes < 1000)
                #expect(reply.acknowledgementWait ?? 0 <= reply.rest)
            }
        }

        @Test(.needs("/usr/sbin/nginx", package: "nginx-light"), .needs(Servers.python, package: "python3"))
        func requestsOfNginxAreReportedOnce() throws {
            let files = try TemporaryDirectory()
            let configuration = try files.write(Servers.nginx(files.path(".")), to: "nginx.conf")
            let server = ["/usr/sbin/nginx", "-e", files.path("error.log"), "-c", configuration]
            let reports = try run(server, client: try files.write(Servers.pipelining, to: "client.py"))
            let requests = reports.filter { $0.outcome != .completion }
            #expect(requests.count >= 60)
            expectEachRequestOnce(requests)
            let replies = reports.filter { $0.outcome == .completion }
            #expect(Set(replies.map(\.key)).count == replies.count)
        }

        private func expectEachRequestOnce(_ reports: [HostReport]) {
            #expect(Set(reports.map(\.key)).count == reports.count)
            #expect(Set(reports.map(\.key.host)).count == 1)
            for report in reports {
                #expect(report.identity.description == "GET /")
                #expect(report.identity.connection > 0 && report.identity.sequence > 0)
            }
        }

        private func run(_ server: [String], client: String) throws -> [HostReport] {
            var reports: [HostReport] = []
            try BridgedLab.with { lab in
                try runTool("ip link set lo up", in: lab.server)
                let collector = try lab.server.perform { try DatagramSocket() }
                try collector.bind(to: try #require(Endpoint(Self.collector)))
                try lab.host { _ = try $0.attach() }
                _ = try TelemetryBridge.with(lab) {
                    try reporting(lab) { try exchange(server, client: client, in: lab) }
                }
                reports = try received(collector)
                try lab.host { try $0.detach(waits: false) }
            }
            return reports
        }

        /// Runs the agent until `body` has ended, and a moment longer.
        private func reporting(_ lab: BridgedLab, _ body: () throws -> Void) throws {
            let stop = try EventDescriptor()
            let number = stop.number
            let agent = try BackgroundThread {
                try lab.host { host in
                    var settings = HostReporter.Settings(to: try #require(Endpoint(Self.collector)))
                    try settings.rules.set("1234=http")
                    var reporter = try HostReporter(host, settings)
                    try reporter.run(until: number)
                    #expect(reporter.counts.refused == 0 && reporter.counts.lost == 0)
                }
            }
            Pause.microseconds(200_000)
            let result = Result { try body() }
            // Longer than a reply must be quiet to be complete.
            Pause.microseconds(500_000)
            stop.signal()
            try agent.join()
            try result.get()
        }

        private func exchange(_ server: [String], client: String, in lab: BridgedLab) throws {
            let serving = try spawn(server, in: lab.server)
            defer { _ = try? serving.end() }
            let asking = try spawn([Servers.python, client], in: lab.client)
            let end = try asking.wait(milliseconds: 60_000)
            if end == nil { _ = try? asking.end() }
            #expect(end?.isSuccess == true)
        }

        private func received(_ collector: borrowing DatagramSocket) throws -> [HostReport] {
            var reports: [HostReport] = []
            var buffer = [UInt8](repeating: 0, count: HostReportFormat.largestDatagram)
            while true {
                var bytes = buffer.mutableSpan
                guard let datagram = try collector.receive(into: &bytes, waits: false) else { return reports }
                let datagramBytes = Array(buffer.prefix(datagram.count))
                let read = HostReportFormat.reports(in: datagramBytes.span)
                #expect(read != nil)
                reports += read ?? []
            }
        }

        private func spawn(_ arguments: [String], in namespace: NetworkNamespace) throws -> ChildProcess {
            var request = SpawnRequest(arguments, in: namespace)
            request.deathSignal = .terminate
            return try ChildProcess.spawn(request)
        }
    }
}
