// SPDX-License-Identifier: Apache-2.0

import Addresses
import AnnotatedHex
import Journeys
import Testing
import Wire

@testable import TelemetryFormats

@Suite("Reports of hosts' agents") struct HostReportFormatTests {
    static func report(
        _ ordinal: UInt64, target: String? = "/a", traced: Bool = false,
        _ outcome: HostReport.Outcome = .answered(late: false)
    ) -> HostReport {
        var identity = RequestIdentity(kind: .http, operation: "GET", target: target)
        identity.connection = 7
        identity.sequence = 3
        if traced {
            identity.trace = TraceContext(
                traceID: "0af7651916cd43dd8448eb211c80319c", parentID: "b7ad6b7169203331", flags: 1)
        }
        return HostReport(HostReport.Key(host: 9, ordinal: ordinal), identity, outcome)
    }

    static func read(_ datagram: [UInt8]) -> [HostReport]? { HostReportFormat.reports(in: datagram.span) }

    @Test func whatIsWrittenIsRead() throws {
        let reports = [Self.report(1), Self.report(.max, target: nil, traced: true), Self.report(0, target: "")]
        let datagrams = HostReportFormat.datagrams(of: reports)
        #expect(datagrams.count == 1)
        #expect(Self.read(datagrams[0]) == reports)
        #expect(datagrams[0][HostReportFormat.countOffset] == 3)
    }

    @Test func everyOutcomeIsRead() {
        let outcomes: [HostReport.Outcome] =
            [.answered(late: false), .answered(late: true), .unanswered, .givenUp]
            + HostReport.Obstacle.allCases.map { .noRoom($0) }
        let reports = outcomes.map { Self.report(0, $0) }
        #expect(Self.read(HostReportFormat.datagrams(of: reports)[0]) == reports)
    }

    @Test func manyReportsAreManyDatagramsThatFitTheMTU() {
        let reports = (1...1000).map { Self.report($0, target: String(repeating: "x", count: 255)) }
        let datagrams = HostReportFormat.datagrams(of: reports)
        #expect(datagrams.allSatisfy { $0.count <= HostReportFormat.largestDatagram })
        #expect(datagrams.flatMap { Self.read($0) ?? [] } == reports)
    }

    @Test func damagedDatagramsAreRefused() throws {
        let request = try #require(try RequestTelemetryTests.request(level: .full))
        let message = HostReportFormat.Message(
            Self.report(1, traced: true), request: request, host: RequestTelemetryTests.host)
        let good = HostReportFormat.datagrams(of: [message])[0]
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

    static let version1 = bytes(
        """
        50344852 01 01 0000      // version 1, one report
        0027                     // 39 bytes follow
        00000009                 // host 9
        0000000000000005         // ordinal 5
        0000000000000007         // connection 7
        00000003                 // request 3
        01 01 03 04 00000000     // HTTP, with a target; lengths
        474554 2f612f62          // GET /a/b
        """)

    @Test func version1IsRead() {
        var expected = Self.report(5, target: "/a/b")
        expected.outcome = .answered(late: false)
        #expect(Self.read(Self.version1) == [expected])
        for length in 0..<Self.version1.count {
            let cut = Array(Self.version1.prefix(length))
            #expect(Self.read(cut) == nil)
        }
        var other = Self.version1
        other[4] = 3
        #expect(Self.read(other) == nil)
        other[4] = 0
        #expect(Self.read(other) == nil)
    }

    @Test func whatIsUnknownIsSkipped() {
        let known = bytes("001e 00 00 00000009 0000000000000005 63 00 0000 63 ff 0008 0102030405060708")
        let unknownType = bytes("000e ff 00 00000009 0000000000000005")
        let datagram = bytes("50344852 02 02 0000") + unknownType + known
        #expect(Self.read(datagram)?.map(\.key.ordinal) == [5])
        #expect(Self.read(datagram)?.map(\.outcome) == [.answered(late: false)])
    }

    @Test func aKnownSectionComesOnce() {
        let identity = Self.report(1).identity.encoded
        let section = [1, 0, 0, UInt8(identity.count)] + identity
        func datagram(_ sections: [UInt8]) -> [UInt8] {
            bytes("50344852 02 01 0000") + [0, UInt8(14 + sections.count)] + bytes("00 00 00000009 0000000000000001")
                + sections
        }
        #expect(Self.read(datagram(section))?.map(\.identity.operation) == ["GET"])
        #expect(Self.read(datagram(section + section)) == nil)
        // A section that reaches beyond its report, and one with a byte too many.
        #expect(Self.read(datagram([1, 0, 0xff, 0xff])) == nil)
        #expect(Self.read(datagram([1, 0, 0, UInt8(identity.count + 1)] + identity + [0])) == nil)
    }
}
