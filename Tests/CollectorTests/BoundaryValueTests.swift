// SPDX-License-Identifier: Apache-2.0

import Addresses
import Collector
import Drawings
import Foundation
import Journeys
import LinuxSystem
import TelemetryFormats
import TextLayout
import Testing

/// Numbers at the ends of ranges, as a hostile sender may write them into any field: every decoder, aggregator and
/// drawing gets them, and none may end the process.
@Suite struct BoundaryValueTests {
    private static let captures = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Captures").path

    /// What a run prints as lines for people.
    private func lines(of capture: String) throws -> [String] {
        let collected = Lines()
        var pipeline = JourneyPipeline(sinks: [TextSink { collected.lines.append($0) }])
        try pipeline.run(readingPcap: "\(Self.captures)/\(capture).pcap")
        return collected.lines
    }

    private final class Lines { var lines: [String] = [] }

    /// The journeys of a capture, drawn and written in every way.
    private func journeys(of capture: String) throws -> [Journey] {
        let sink = Keeping()
        var pipeline = JourneyPipeline(sinks: [sink])
        try pipeline.run(readingPcap: "\(Self.captures)/\(capture).pcap")
        for journey in sink.journeys { #expect(draw(journey) > 0) }
        return sink.journeys
    }

    /// Bytes of all drawings and documents.
    private func draw(_ journey: Journey) -> Int {
        let picture = JourneyPicture(parts: journey.parts, title: "journey", subtitle: "\(journey.flow)")
        let document = (try? JourneyDocument(journey).line) ?? ""
        return picture.svg.utf8.count + Waterfall(journey).lines.reduce(0) { $0 + $1.utf8.count } + document.utf8.count
            + JourneyCSV.row(journey, isWide: true).utf8.count + JourneyCSV.row(journey, isWide: false).utf8.count
    }

    @Test(arguments: ["a-host-time-minus-1ns", "a-host-time-minus-1us", "b-level5-sum", "e-host-total-max"])
    func `a host's impossible time is left out and counted, and the rest is shown`(capture: String) throws {
        let journey = try #require(try journeys(of: capture).first)
        #expect(journey.host != nil && journey.host?.duration == nil)
        #expect(journey.missing == .impossibleHostTime)
        #expect(journey.parts.contains { $0.kind == .host && $0.absence == .clocksDisagree })
        #expect(
            journey.parts.count { if case .hop = $0.kind { $0.duration != nil } else { false } } == journey.hops.count)
        let text = try lines(of: capture)
        #expect(text.contains("  impossible_host_time: 1"))
        #expect(!text.contains { $0.contains("18446744073") || $0.contains("server host ") })
        #expect(try !JourneyDocument(journey).line.contains("host_ns"))
    }

    @Test(arguments: ["c-sequence-2-31-apart", "d-sequence-2-31-less-1"])
    func `numbers of requests far apart are a numbering that began again`(capture: String) throws {
        #expect(try journeys(of: capture).count == 2)
        let text = try lines(of: capture)
        #expect(text.contains("  restarted numberings of requests: 1"))
        #expect(!text.contains { $0.contains("requests missing") })
    }

    /// Seeded, so that a frame that was once found is found again. In a bounded time: what a slow machine does not reach
    /// in it is still more than a hundred thousand values.
    @Test func `values at the ends of their ranges end nothing`() throws {
        var random = SeededGenerator(seed: 0x9421_0e4e)
        let end = DomainClock.monotonicNanoseconds() + 55_000_000_000
        var (values, journeys, bytes) = (0, 0, 0)
        while values < 2_000_000, DomainClock.monotonicNanoseconds() < end {
            let reference = Level.allCases.filter(\.isChained).randomElement(using: &random) ?? .minimal
            let isReference = Int.random(in: 0..<5, using: &random) == 0
            let sink = Keeping()
            let text = Lines()
            var pipeline = JourneyPipeline(
                decoder: TelemetryDecoder(referenceLevel: reference),
                sinks: [sink, TextSink { text.lines.append($0) }, JSONLinesSink { text.lines.append($0) }])
            for _ in 0..<50 {
                let level = isReference ? reference : Level.allCases.randomElement(using: &random) ?? .full
                let frame = BoundaryFrame(level, isReference: isReference, &random)
                values += frame.values
                pipeline.ingest(frame.bytes.span, info(of: frame.bytes.count, &random))
            }
            pipeline.finish()
            #expect(pipeline.view.counts.malformed.isEmpty, "\(pipeline.view.counts.malformed)")
            journeys += sink.journeys.count
            // A picture takes as long as a hundred decodings.
            for (place, journey) in sink.journeys.enumerated() {
                bytes += place.isMultiple(of: 10) ? draw(journey) : Waterfall(journey).lines.count
                bytes += JourneyCSV.row(journey, isWide: true).utf8.count
            }
            bytes += text.lines.reduce(0) { $0 + $1.utf8.count }
        }
        #expect(values >= 100_000)
        #expect(journeys > 0 && bytes > 0)
    }

    private func info(of length: Int, _ random: inout SeededGenerator) -> FrameInfo {
        func time() -> UInt64? {
            [nil, 0, 1, .max, .max - 1, 1 << 63, random.next()].randomElement(using: &random) ?? nil
        }
        var client = ClientTimes(sent: time(), arrived: time(), received: time())
        client.unreported = [0, 1, .max, 1 << 31].randomElement(using: &random) ?? 0
        return FrameInfo(
            time: time() ?? 5, originalLength: length, client: Bool.random(using: &random) ? client : nil)
    }

    private final class Keeping: JourneySink {
        var journeys: [Journey] = []
        var failure: CollectorError? { nil }
        func accept(_ journey: Journey) { journeys.append(journey) }
        func finish(_ summary: Summary) {}
    }
}
