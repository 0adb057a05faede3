// SPDX-License-Identifier: Apache-2.0

import Collector
import Glibc
import LinuxSystem
import TelemetryFormats
import Testing
import ThrowawayPlaces

/// An event that closures can share, signalled at the latest when its time is up.
private final class SharedStop: Sendable {
    let event: EventDescriptor

    init(after limit: Duration) throws {
        event = try EventDescriptor()
        Task.detached {
            try await Task.sleep(for: limit)
            self.event.signal()
        }
    }
}

/// A new namespace with a veth pair, both ends in it and up.
private func withVethPair(_ body: (NetworkNamespace) throws -> Void) throws {
    try withNamespaces(1) { namespaces in
        try connect(VethEnd("sink", in: namespaces[0]), VethEnd("collector", in: namespaces[0]))
        try body(namespaces[0])
    }
}

private func send(_ frames: [[UInt8]], in namespace: NetworkNamespace) throws {
    try namespace.perform {
        var ring = try PacketRing(interface: "sink")
        let staged = frames.allSatisfy { ring.stage($0.span) }
        let failure = ring.flush()
        #expect(staged && failure == nil)
    }
}

@Suite(.needsRoot) struct CaptureTests {
    @Test func `journeys that arrive at an interface are shown, and none is lost at the stop`() throws {
        try withVethPair { namespace in
            var capture = try namespace.perform { try TelemetryCapture(interface: "collector") }
            let stop = try SharedStop(after: .seconds(20))
            let printed = PrintedLines { if $0 == 100 { stop.event.signal() } }
            var pipeline = JourneyPipeline(sinks: [TextSink(print: printed.append)])
            try send((0..<150 as Range<UInt32>).map { SyntheticFrames.roundTrip($0).encoded() }, in: namespace)
            try pipeline.run(&capture, until: stop.event.number)
            #expect(pipeline.view.counts.journeys == 150)
            #expect(pipeline.view.counts.complete == 150)
            #expect(printed.lines.count { $0.contains(" L2 ") } == 150)
            let drops = capture.statistics().receiveDrops
            #expect(drops == 0)
        }
    }

    @Test func `an interface that goes away ends the run with its name, after the summary`() throws {
        try withVethPair { namespace in
            var capture = try namespace.perform { try TelemetryCapture(interface: "collector") }
            let stop = try SharedStop(after: .seconds(20))
            let printed = PrintedLines()
            var pipeline = JourneyPipeline(sinks: [TextSink(print: printed.append)])
            try send([SyntheticFrames.roundTrip(1).encoded()], in: namespace)
            var session = try RouteSession(in: namespace)
            try session.delete("sink")
            var error: CollectorError?
            do {
                try pipeline.run(&capture, until: stop.event.number)
            } catch let thrown {
                error = thrown as? CollectorError
            }
            #expect(error?.code == .capture)
            #expect(error?.object == "collector")
            #expect(printed.lines.contains { $0.hasPrefix("1 frames: 1 journeys") })
        }
    }

    @Test func `a tick can end the run`() throws {
        try withVethPair { namespace in
            var capture = try namespace.perform { try TelemetryCapture(interface: "collector") }
            let stop = try SharedStop(after: .seconds(20))
            var ticks = 0
            try capture.run(until: stop.event.number, tickMilliseconds: 1, frame: { _, _ in }) {
                ticks += 1
                return ticks < 3
            }
            #expect(ticks == 3)
        }
    }
}
