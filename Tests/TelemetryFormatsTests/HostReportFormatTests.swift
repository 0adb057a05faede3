// SPDX-License-Identifier: Apache-2.0

import Journeys
import Testing

@testable import TelemetryFormats

@Suite("Reports of hosts' agents") struct HostReportFormatTests {
    private static func report(_ ordinal: UInt64, target: String? = "/a", traced: Bool = false) -> HostReport {
        var identity = RequestIdentity(kind: .http, operation: "GET", target: target)
        identity.connection = 7
        identity.sequence = 3
        if traced {
            identity.trace = TraceContext(
                traceID: "0af7651916cd43dd8448eb211c80319c", parentID: "b7ad6b7169203331", flags: 1)
        }
        return HostReport(HostReport.Key(host: 9, ordinal: ordinal), identity)
    }

    private static func read(_ datagram: [UInt8]) -> [HostReport]? { HostReportFormat.reports(in: datagram.span) }

    @Test func whatIsWrittenIsRead() throws {
        let reports = [Self.report(1), Self.report(.max, target: nil, traced: true), Self.report(0, target: "")]
        let datagrams = HostReportFormat.datagrams(of: reports)
        #expect(datagrams.count == 1)
        #expect(Self.read(datagrams[0]) == reports)
        #expect(datagrams[0][HostReportFormat.countOffset] == 3)
    }

    @Test func manyReportsAreManyDatagramsThatFitTheMTU() {
        let reports = (1...1000).map { Self.report($0, target: String(repeating: "x", count: 255)) }
        let datagrams = HostReportFormat.datagrams(of: reports)
        #expect(datagrams.allSatisfy { $0.count <= HostReportFormat.largestDatagram })
        #expect(datagrams.flatMap { Self.read($0) ?? [] } == reports)
    }

    @Test func damagedDatagramsAreRefused() {
        let good = HostReportFormat.datagrams(of: [Self.report(1, traced: true)])[0]
        for length in 0..<good.count {
            let cut = Array(good.prefix(length))
            #expect(Self.read(cut) == nil)
        }
        let longer = good + [0]
        #expect(Self.read(longer) == nil)
        for place in good.indices {
            for value in [0, 1, 0x1b, 0x7f, 0x80, 0xff] as [UInt8] {
                var bytes = good
                bytes[place] = value
                let texts = Self.read(bytes)?.map(\.identity.description) ?? []
                #expect(texts.allSatisfy { $0.utf8.allSatisfy { (0x20...0x7e).contains($0) } })
            }
        }
    }
}
