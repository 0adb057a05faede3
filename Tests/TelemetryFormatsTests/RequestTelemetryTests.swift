// SPDX-License-Identifier: Apache-2.0

import Addresses
import Journeys
import Testing
import Wire

@testable import TelemetryFormats

@Suite("Requests in reports of hosts' agents") struct RequestTelemetryTests {
    static let host = HostMeasurement(
        ordinal: 5, duration: 1000, details: HostDetails(hostID: 9, processor: 1, arrival: 77))

    /// The telemetry of a request over three hops, cut out of a frame.
    static func request(
        level: Level, source: SourceMeasurement? = nil, version6: Bool = false
    ) throws -> RequestTelemetry? {
        let flow = try flow(version6)
        let hops = (1...3).map { HopMeasurement(switchID: SwitchID(rawValue: 4 - $0), enqueueDepth: .exact(0)) }
        let frame = TelemetryFrame(
            destination: MACAddress(rawValue: 1), source: MACAddress(rawValue: 2), level: level, hops: hops,
            hopsMet: 3, sourceRecord: source, inner: InnerPacket(flow: flow, requestID: 7))
        return RequestTelemetry(
            flow, requestID: 7, bytes: Array(frame.encoded().dropFirst(14).prefix(frame.telemetrySize)))
    }

    private static func messages(_ datagram: [UInt8]) -> [HostReportFormat.Message]? {
        HostReportFormat.messages(in: datagram.span)
    }

    private static func flow(_ version6: Bool) throws -> Flow {
        Flow(
            source: try #require(IPAddress(version6 ? "fd00::1" : "10.0.1.1")),
            destination: try #require(IPAddress(version6 ? "fd00::2" : "10.0.2.2")), ipProtocol: .tcp,
            ports: Flow.Ports(source: 50000, destination: 80))
    }

    @Test(arguments: Level.allCases, [false, true])
    func theHopsOfEachLevelAreDecoded(level: Level, version6: Bool) throws {
        let source = SourceMeasurement(host: 3, sequence: 8, sent: 99)
        for source in [nil, source] {
            let request = try #require(try Self.request(level: level, source: source, version6: version6))
            let message = HostReportFormat.Message(
                HostReportFormatTests.report(5), request: request, host: Self.host)
            let datagrams = HostReportFormat.datagrams(of: [message])
            #expect(Self.messages(datagrams[0]) == [message])
            let report = try #require(HostReportFormatTests.read(datagrams[0])?.first?.request)
            #expect(report.flow == request.flow)
            #expect(report.requestID == 7)
            #expect(report.hopsMet == 3)
            #expect(report.requestHopsMet == 3)
            #expect(report.hops.count == (report.coverage == .oneHop ? 1 : 3))
            if report.coverage == .everyHop { #expect(report.hops.map(\.switchID.rawValue) == [1, 2, 3]) }
            #expect(report.source == source)
            #expect(report.host == Self.host)
            #expect(report.segment == nil)
            #expect(report.packetLength == nil)
        }
    }

    @Test func aReportThatFitsNoDatagramLosesItsTelemetry() throws {
        var request = try #require(try Self.request(level: .full))
        request.bytes = [UInt8](repeating: 0xff, count: 1466)
        let message = HostReportFormat.Message(HostReportFormatTests.report(0, .unanswered), request: request)
        let datagrams = HostReportFormat.datagrams(of: [message])
        #expect(datagrams.count == 1)
        let report = try #require(HostReportFormatTests.read(datagrams[0])?.first)
        #expect(report.outcome == .unanswered)
        #expect(report.request?.flow == request.flow)
        #expect(report.request?.hops.isEmpty == true)
    }

    @Test func whateverTheTelemetryIsTheFlowStays() throws {
        let good = try #require(try Self.request(level: .compact))
        for place in good.bytes.indices {
            for value in [0, 1, 0x7f, 0x80, 0xff] as [UInt8] {
                var request = good
                request.bytes[place] = value
                let report = request.report()
                #expect(report.flow == good.flow)
                #expect(report.host == nil)
                #expect(report.hops.count <= 20)
            }
        }
        for length in 0..<good.bytes.count {
            var request = good
            request.bytes = Array(good.bytes.prefix(length))
            #expect(request.report().hops.isEmpty)
        }
    }

    @Test func repliesAreNoRequests() throws {
        let frame = GoldenFrames.frame(
            .compact, forward: 1, hops: [HopMeasurement(switchID: 1, enqueueDepth: .exact(0))], host: Self.host)
        let request = try #require(
            RequestTelemetry(
                try Self.flow(false), requestID: nil,
                bytes: Array(frame.encoded().dropFirst(14).prefix(frame.telemetrySize))))
        #expect(request.report().host == nil)
        #expect(request.report().hops.isEmpty)
    }

    @Test func onlyFlowsWithPortsOfOneFamilyAreRead() throws {
        let one = try #require(IPAddress("10.0.0.1"))
        let other = try #require(IPAddress("fd00::1"))
        let ports = Flow.Ports(source: 1, destination: 2)
        #expect(RequestTelemetry(Flow(source: one, destination: other, ports: ports), requestID: nil, bytes: []) == nil)
        #expect(
            RequestTelemetry(
                Flow(source: one, destination: one, ipProtocol: .icmp, ports: ports), requestID: nil, bytes: []) == nil)
        #expect(RequestTelemetry(Flow(source: one, destination: one), requestID: nil, bytes: []) == nil)
    }
}
