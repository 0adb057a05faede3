// SPDX-License-Identifier: Apache-2.0

@testable import Collector
import Journeys
import LinuxSystem
import TelemetryFormats
import Testing
import TextLayout

@Suite struct RenderingTests {
    @Test func `a waterfall shows each part where it began and for as long as it took`() {
        let lines = Waterfall(journey(SyntheticFrames.roundTrip(0xAB, host: 100)), width: 80).lines
        #expect(
            lines == [
                "request 000000ab  10.0.1.1:50000>10.0.2.2:1234  level 2  190.0 us",
                "switch s1 out           ████                                             20.0 us",
                "link s1-s2 out              ██                                            5.0 us",
                "switch s2 out                 ██                                         10.0 us",
                "link s2-server out+back         ████                                     20.0 us",
                "server host                         ██████████████████████              100.0 us",
                "switch s2 back                                            ██             10.0 us",
                "link s2-s1 back                                             ██            5.0 us",
                "switch s1 back                                                ████       20.0 us",
            ])
    }

    @Test(arguments: [0, 60, 61, 100, 200])
    func `no line of a waterfall is wider than asked, nor narrower than 60`(width: Int) {
        let lines = Waterfall(journey(SyntheticFrames.roundTrip(1, host: 1)), width: width).lines.dropFirst()
        #expect(lines.allSatisfy { $0.count <= max(width, 60) })
        #expect(lines.allSatisfy { $0.contains("█") })
    }

    @Test func `a waterfall without times shows queues instead`() {
        let frame = SyntheticFrames.minimal(1, host: HostMeasurement(ordinal: 1, duration: 1500))
        let lines = Waterfall(journey(frame), width: 70).lines.map {
            $0.split(separator: " ", omittingEmptySubsequences: true)
        }
        #expect(lines[1].suffix(2) == ["queue", "7"])
        #expect(lines[2].last == "-")
        #expect(lines[3].suffix(2) == ["1.5", "us"])
    }

    @Test func `a table of parts`() {
        var statistics = PartStatistics()
        for id in 1...2 as ClosedRange<UInt32> { statistics.record(journey(SyntheticFrames.oneWay(id)).parts) }
        let table = PartTable(statistics.rows, names: PlaceNames(switches: [2: "edge"]))
        #expect(
            table.lines == [
                "part, times in us        p50        p90        p99        max",
                "switch s1 out           20.0       20.0       20.0       20.0",
                "link s1-edge out         5.0        5.0        5.0        5.0",
                "switch edge out         10.0       10.0       10.0       10.0",
            ])
    }

    @Test func `a journey on one line`() {
        let complete = JourneyLine.text(
            journey(SyntheticFrames.roundTrip(0xAB), at: DomainClock.nanoseconds(ofRealtime: 3_456_000_000)),
            names: PlaceNames(), style: .plain)
        #expect(
            complete
                == "00:00:03.456  000000ab  10.0.1.1:50000>10.0.2.2:1234         L2   4 hops   166 B      190.0 us  "
                + "host     100.0 us  s1 20 > s2 10 > server > s2 10 > s1 20")
        let oneWay = JourneyLine.text(
            journey(SyntheticFrames.minimal(1, host: nil), at: DomainClock.nanoseconds(ofRealtime: 0)),
            names: PlaceNames(), style: .plain)
        #expect(
            oneWay
                == "00:00:00.000  00000001  10.0.1.1:50000>10.0.2.2:1234         L1   1 hops    13 B             -  "
                + "host            -  s1 q7  no_host_record,no_return_hops")
    }

    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00.000000000+00:00"),
            (951_782_399_999_999_999, "2000-02-28T23:59:59.999999999+00:00"),
            (951_782_400_000_000_000, "2000-02-29T00:00:00.000000000+00:00"),
            (951_868_800_000_000_000, "2000-03-01T00:00:00.000000000+00:00"),
            (1_796_126_180_123_456_789, "2026-12-01T11:56:20.123456789+00:00"),
            (4_107_542_400_000_000_000, "2100-03-01T00:00:00.000000000+00:00"),
            (.max, "2554-07-21T23:34:33.709551615+00:00"),
        ] as [(UInt64, String)])
    func `times are UTC by the Gregorian calendar`(realtime: UInt64, text: String) {
        #expect(WallClock(realtime: realtime).dateTime == text)
    }

    @Test func `colour is only where it was asked for`() {
        let journey = journey(SyntheticFrames.oneWay(1))
        let plain = JourneyLine.text(journey, names: PlaceNames(), style: .plain)
        #expect(!plain.contains("\u{1B}"))
        #expect(JourneyLine.text(journey, names: PlaceNames(), style: .colored).contains("\u{1B}[33m"))
    }
}
