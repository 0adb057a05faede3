// SPDX-License-Identifier: Apache-2.0

import Addresses
import AnnotatedHex
import Journeys
import TelemetryFormats
import Testing
import Wire

@Suite struct FrameTests {
    @Test(arguments: GoldenFrames.all.indices)
    func `a frame of each level reads as its fields`(index: Int) {
        let golden = GoldenFrames.all[index]
        #expect(decoded(golden.bytes) == .telemetry(golden.frame), "\(golden.name)")
        // The level of reference frames is configured; it must not matter to the others.
        guard case .journey(let report) = decoded(golden.bytes, referenceLevel: .full) else {
            Issue.record("\(golden.name) is not decoded")
            return
        }
        var expected = golden.frame.report
        expected.packetLength = 14 + golden.frame.tags.count * 4 + 32
        #expect(report == expected, "\(golden.name)")
    }

    @Test func `a reference frame reads as its fields, at the configured level`() {
        guard case .journey(let report) = decoded(GoldenFrames.reference, referenceLevel: .full) else {
            Issue.record("not decoded")
            return
        }
        var expected = GoldenFrames.referenceFrame.report
        expected.packetLength = 14 + 32
        #expect(report == expected)
        #expect(hex(GoldenFrames.referenceFrame.encoded()) == hex(GoldenFrames.reference))
        #expect(report.encoding == TelemetryEncoding(format: ReferenceFormat.name, variant: 3))
        #expect(report.hops == GoldenFrames.fullFrame.hops)
        #expect(report.telemetry.total == 4 + 72)
    }

    @Test(arguments: GoldenFrames.all.indices)
    func `fields are written as the frame they were read from`(index: Int) {
        let golden = GoldenFrames.all[index]
        #expect(hex(golden.frame.encoded()) == hex(golden.bytes), "\(golden.name)")
    }

    @Test(arguments: [(0, 4 + 2 * 9 + 18), (1, 4 + 36), (2, 4 + 72), (3, 4 + 43), (4, 4 + 9 + 22 + 18), (5, 4 + 22)])
    func `telemetry bytes are shim, records, source and host record`(index: Int, size: Int) {
        #expect(GoldenFrames.all[index].frame.telemetrySize == size)
    }

    @Test(arguments: Level.allCases)
    func `what a level lacks is absent, not zero`(level: Level) {
        let frame = GoldenFrames.frame(level, hops: [HopMeasurement(switchID: 1, enqueueDepth: .exact(0))])
        guard case .telemetry(let read) = decoded(frame.encoded()), let hop = read.hops.first else {
            Issue.record("not read")
            return
        }
        #expect((hop.egressPort == nil) == (level == .minimal))
        #expect((hop.egressTime == nil) == (level == .minimal || level.rawValue >= 4))
        #expect((hop.latency == nil) == (level.rawValue < 3))
        #expect((hop.packetsSinceLast == nil) == (level != .full))
        #expect((hop.enqueueDepth == .exact(0)) == (level.rawValue < 4))
        #expect((hop.position == nil) == level.isChained)
    }

    @Test func `a reply over IPv6 keeps its flow`() throws {
        var frame = GoldenFrames.minimalFrame
        frame.inner.flow.source = .v6(try #require(IPv6Address("2001:db8::2")))
        frame.inner.flow.destination = .v6(try #require(IPv6Address("2001:db8::1")))
        let encoded = frame.encoded(payload: [1, 2, 3])
        #expect(decoded(encoded) == .telemetry(frame))
        #expect(frame.inner.flow.description == "[2001:db8::2]:1234>[2001:db8::1]:50000")
        #expect(frame.inner.flow.reversed.reversed == frame.inner.flow)
    }

    @Test func `a frame without a shim is plain`() {
        #expect(decoded(bytes(GoldenFrames.ethernet + "0800" + GoldenFrames.reply)) == .plain)
        #expect(decoded([UInt8]()) == .plain)
        // Three tags: nothing after the third is read.
        let tagged = bytes(GoldenFrames.ethernet + "88a8 0001 8100 0001 8100 0001 1212 02000001")
        #expect(decoded(tagged) == .plain)
    }

    @Test func `a packet without ports or request id still has a journey`() {
        // ICMP; a later fragment; UDP with 3 bytes of payload; cut within the request id.
        let golden = GoldenFrames.standard
        let ip = golden.count - 32
        var icmp = golden
        icmp[ip + 9] = 1
        var fragment = golden
        fragment[ip + 7] = 1
        var short = golden
        short[ip + 25] = 11
        let cut = Array(golden.dropLast())
        for (bytes, hasPorts) in [(icmp, false), (fragment, false), (short, true), (cut, true)] {
            guard case .telemetry(let frame) = decoded(bytes) else {
                Issue.record("not read: \(hex(bytes))")
                continue
            }
            #expect(frame.inner.requestID == nil)
            #expect((frame.inner.flow.ports != nil) == hasPorts)
        }
    }
}
