// SPDX-License-Identifier: Apache-2.0

@testable import Collector
import FoundationEssentials
import Journeys
import LinuxSystem
import TelemetryFormats
import Testing
import ThrowawayPlaces
import Wire

/// Lines that a sink printed.
final class PrintedLines {
    private(set) var lines: [String] = []
    private let onLine: (Int) -> Void

    init(onLine: @escaping (Int) -> Void = { _ in }) { self.onLine = onLine }

    func append(_ line: String) {
        lines.append(line)
        onLine(lines.count)
    }
}

private func withDirectory(_ body: (String) throws -> Void) throws {
    let directory = try TemporaryDirectory()
    try withExtendedLifetime(directory) { try body(directory.url.path) }
}

private func contents(_ path: String) throws -> [UInt8] {
    Array(try #require(FileManager.default.contents(atPath: path)))
}

private func pcapFile(_ frames: [[UInt8]]) -> [UInt8] {
    var writer = PcapWriter()
    for (index, bytes) in frames.enumerated() {
        writer.add(PcapPacket(time: 1_700_000_000_000_000_000 + UInt64(index) * 1_000_000, bytes: bytes))
    }
    return writer.drain()
}

private func write(_ bytes: [UInt8], to path: String) throws {
    try #require(FileManager.default.createFile(atPath: path, contents: Data(bytes)))
}

@Suite struct SourcesAndSinksTests {
    private let frames = [
        SyntheticFrames.roundTrip(1).encoded(), [UInt8](repeating: 0, count: 60), SyntheticFrames.oneWay(2).encoded(),
        SyntheticFrames.roundTrip(3).encoded(),
    ]

    @Test func `the table has counts, parts and the slowest of the second, and the summary comes after it`() throws {
        try withDirectory { directory in
            try write(pcapFile(frames), to: directory + "/in.pcap")
            let printed = PrintedLines()
            var drawn: [[String]] = []
            let table = TableSink(draw: { drawn.append($0) }, print: printed.append)
            var pipeline = JourneyPipeline(sinks: [SlowestSink(1, table)])
            try pipeline.run(readingPcap: directory + "/in.pcap")
            table.accept(journey(SyntheticFrames.roundTrip(9)))
            table.flush(pipeline.view)
            let last = try #require(drawn.last)
            #expect(last[0] == "4 frames, 3 journeys, 2 complete")
            #expect(last[2].hasPrefix("part, times in us"))
            #expect(last.last?.contains("00000009") == true)
            #expect(drawn.contains([]) && printed.lines[0].hasPrefix("4 frames: 3 journeys"))
        }
    }

    @Test func `a pcap file is shown, kept as CSV and written again`() throws {
        try withDirectory { directory in
            try write(pcapFile(frames), to: directory + "/in.pcap")
            let printed = PrintedLines()
            var pipeline = JourneyPipeline(sinks: [
                TextSink(print: printed.append), try CSVSink(path: directory + "/out.csv"),
                try PcapSink(path: directory + "/out.pcap"),
            ])
            try pipeline.run(readingPcap: directory + "/in.pcap")

            // The heading; a line per journey; the counts with two reasons; the overhead; the table's heading and eight
            // parts.
            #expect(printed.lines.count == 1 + 3 + 3 + 1 + 1 + 8)
            #expect(printed.lines[0].hasPrefix("time, UTC     request "))
            #expect(printed.lines[3].hasPrefix("22:13:20.003  00000003"))
            #expect(printed.lines[4] == "4 frames: 3 journeys, 2 of them complete, 1 frames without telemetry")
            let rows = String(decoding: try contents(directory + "/out.csv"), as: UTF8.self).split(separator: "\n")
            #expect(rows.count == 4)
            #expect(rows[0] + "\n" == JourneyCSV.header(isWide: false))
            #expect(try contents(directory + "/out.pcap") == pcapFile(frames))
        }
    }

    @Test func `JSON has a line per journey, and the summary last`() throws {
        struct Last: Decodable {
            struct Summary: Decodable {
                var journeys: Int
                var complete: Int
                var reasons: [String: Int]
            }
            var summary: Summary
        }
        try withDirectory { directory in
            try write(pcapFile(frames), to: directory + "/in.pcap")
            let printed = PrintedLines()
            var pipeline = JourneyPipeline(sinks: [JSONLinesSink(print: printed.append)])
            try pipeline.run(readingPcap: directory + "/in.pcap")
            #expect(printed.lines.count == 4)
            let last = try JSONDecoder().decode(Last.self, from: Data(try #require(printed.lines.last).utf8)).summary
            #expect(last.journeys == 3)
            #expect(last.complete == 2)
            #expect(last.reasons == ["no_host_record": 1, "no_return_hops": 1])
        }
    }

    @Test func `more journeys than lines are counted, and all are in the CSV`() throws {
        try withDirectory { directory in
            let many = (0..<100 as Range<UInt32>).map { SyntheticFrames.roundTrip($0).encoded() }
            try write(pcapFile(many), to: directory + "/in.pcap")
            let printed = PrintedLines()
            var pipeline = JourneyPipeline(sinks: [
                TextSink(linesPerSecond: 10, print: printed.append), try CSVSink(path: directory + "/out.csv"),
            ])
            try pipeline.run(readingPcap: directory + "/in.pcap")
            let shown = printed.lines.count { $0.contains(" L2 ") }
            let heldBack = printed.lines.filter { $0.contains("more journeys") }
            #expect(shown == 10)
            #expect(heldBack == ["… 90 more journeys in this second, 100 in all"])
            #expect(try contents(directory + "/out.csv").count { $0 == UInt8(ascii: "\n") } == 101)
        }
    }

    @Test func `reference frames need a level`() throws {
        let ours = SyntheticFrames.roundTrip(1)
        let frame = ReferenceFrame(
            destination: ours.ethernet.destination, source: ours.ethernet.source, level: ours.level, hops: ours.hops,
            host: ours.host, inner: ours.inner)
        try withDirectory { directory in
            try write(pcapFile([frame.encoded()]), to: directory + "/in.pcap")
            for (level, complete) in [(nil, 0), (.standard, 1)] as [(Level?, UInt64)] {
                var pipeline = JourneyPipeline(decoder: TelemetryDecoder(referenceLevel: level))
                try pipeline.run(readingPcap: directory + "/in.pcap")
                #expect(pipeline.view.counts.complete == complete)
            }
        }
    }

    @Test func `a file that breaks off delivers its complete packets, then the error`() throws {
        try withDirectory { directory in
            try write(pcapFile(frames).dropLast(3), to: directory + "/in.pcap")
            let printed = PrintedLines()
            var pipeline = JourneyPipeline(sinks: [TextSink(print: printed.append)])
            let error = failure { try pipeline.run(readingPcap: directory + "/in.pcap") }
            #expect(error?.code == .pcapFile)
            #expect(pipeline.view.counts.journeys == 2)
            #expect(printed.lines.contains { $0.hasPrefix("3 frames: 2 journeys") })
        }
    }

    @Test func `what cannot be opened is said at once, with its name`() throws {
        let printed = PrintedLines()
        var pipeline = JourneyPipeline(sinks: [TextSink(print: printed.append)])
        let missing = failure { try pipeline.run(readingPcap: "/nonexistent/in.pcap") }
        #expect(missing?.description.hasPrefix("cannot read '/nonexistent/in.pcap': ") == true)
        #expect(printed.lines.isEmpty)
        #expect(throws: CollectorError.self) { _ = try CSVSink(path: "/nonexistent/out.csv") }
        #expect(throws: CollectorError.self) { _ = try PcapSink(path: "/nonexistent/out.pcap") }
        let interface = #expect(throws: CollectorError.self) { _ = try TelemetryCapture(interface: "p4ni-nowhere") }
        #expect(interface?.description.hasPrefix("cannot capture on 'p4ni-nowhere': ") == true)
    }

    @Test func `frames of another link type are refused`() throws {
        try withDirectory { directory in
            var writer = PcapWriter(format: PcapFormat(linkType: 113))
            writer.add(PcapPacket(time: 0, bytes: frames[0]))
            try write(writer.drain(), to: directory + "/in.pcap")
            var pipeline = JourneyPipeline()
            let error = failure { try pipeline.run(readingPcap: directory + "/in.pcap") }
            #expect(error?.description.contains("link type is 113") == true)
            #expect(pipeline.view.counts.frames == 0)
        }
    }
}

extension SourcesAndSinksTests {
    @Test func `a sink that fails is reported once, keeps its first failure, and the others go on`() throws {
        try withDirectory { directory in
            let reported = PrintedLines()
            let full = try CSVSink(path: "/dev/full")
            let good = try CSVSink(path: directory + "/out.csv")
            var pipeline = JourneyPipeline(sinks: [full, good]) { reported.append("\($0)") }
            for id in 0..<200 as Range<UInt32> { pipeline.ingest(SyntheticFrames.roundTrip(id).encoded(), at: 0) }
            var source = PcapSource(path: directory + "/in.pcap")
            try write(pcapFile(frames), to: directory + "/in.pcap")
            let error = failure { try pipeline.run(&source, until: -1) }
            #expect(error?.code == .output)
            #expect(error?.object == "/dev/full")
            #expect(pipeline.view.counts.journeys == 203)
            #expect(try contents(directory + "/out.csv").count { $0 == UInt8(ascii: "\n") } == 204)
            #expect(reported.lines.isEmpty, "the run was shorter than a second: it throws the failure")
        }
    }

    @Test func `each second the sinks are flushed, and a failure is reported once`() throws {
        let reported = PrintedLines()
        let printed = PrintedLines()
        var pipeline = JourneyPipeline(sinks: [
            try CSVSink(path: "/dev/full"), TextSink(linesPerSecond: 1, print: printed.append),
        ]) { reported.append("\($0)") }
        pipeline.tick(at: 0, monotonic: 0)
        for second in 1...3 as ClosedRange<UInt64> {
            for id in 0..<3 as Range<UInt32> {
                pipeline.ingest(SyntheticFrames.roundTrip(id, host: second).encoded(), at: second)
            }
            pipeline.tick(at: 0, monotonic: second * 1_000_000_000 - 1)
            pipeline.tick(at: 0, monotonic: second * 1_000_000_000)
            pipeline.tick(at: 0, monotonic: second * 1_000_000_000)
        }
        #expect(reported.lines.count == 1)
        #expect(reported.lines.first?.hasPrefix("cannot write '/dev/full': ") == true)
        #expect(
            printed.lines.filter { $0.hasPrefix("…") } == [
                "… 2 more journeys in this second, 3 in all", "… 2 more journeys in this second, 6 in all",
                "… 2 more journeys in this second, 9 in all",
            ])
        #expect(pipeline.failure?.object == "/dev/full")
    }

    @Test func `a new sink needs no change of the pipeline`() {
        let counter = CountingSink()
        var pipeline = JourneyPipeline(sinks: [counter])
        for bytes in frames { pipeline.ingest(bytes, at: 0) }
        pipeline.finish(lostFrames: 3)
        #expect(counter.frames == 4)
        #expect(counter.parts == 8 + 3 + 8)
        #expect(counter.summary?.lostFrames == 3)
    }
}

/// The smallest sink.
private final class CountingSink: JourneySink {
    private(set) var frames = 0
    private(set) var parts = 0
    private(set) var summary: Summary?
    var failure: CollectorError? { nil }

    func accept(frame bytes: Span<UInt8>, _ info: FrameInfo) { frames += 1 }
    func accept(_ journey: Journey) { parts += journey.parts.count }
    func finish(_ summary: Summary) { self.summary = summary }
}

/// The error of a run; nil if it succeeded.
private func failure(_ run: () throws -> Void) -> CollectorError? {
    do {
        try run()
        return nil
    } catch {
        return error as? CollectorError
    }
}

extension [UInt8] {
    fileprivate func dropLast(_ count: Int) -> [UInt8] { Array(self[..<(self.count - count)]) }
}
