// SPDX-License-Identifier: Apache-2.0

import Collector
import Journeys
import Testing

@testable import Scenarios

/// The error model of sampling, from frames alone.
@Suite struct SamplingErrorsTests {
    @Test func `errors are relative to the truth, in per cent`() {
        #expect(SamplingErrors.relative(110, to: 100) == 10)
        #expect(SamplingErrors.relative(75, to: 100) == 25)
        #expect(SamplingErrors.relative(nil, to: 100) == 100)
        #expect(SamplingErrors.relative(5, to: 0) == 0)
    }

    @Test func `two flows that report the same have no error`() {
        let samples = collect(truth: Array(1...200), sampled: Array(1...200), depth: 8, sampledDepth: 8)
        let errors = SamplingErrors(of: samples.overIPv6, against: samples.overIPv4)
        #expect(errors.latencyP50 == 0 && errors.latencyP99 == 0 && errors.queuePeak == 0)
        #expect(samples.overIPv4.journeys == 200 && samples.overIPv6.journeys == 200)
    }

    @Test func `the error is the mean over the hops`() throws {
        // Twice the time in both hops, and half of the queue's peak.
        let samples = collect(
            truth: Array(1...200), sampled: (1...200).map { 2 * $0 }, depth: 8, sampledDepth: 4)
        let errors = SamplingErrors(of: samples.overIPv6, against: samples.overIPv4)
        let p50 = try #require(errors.latencyP50)
        #expect(abs(p50 - 100) < 0.3)
        #expect(errors.queuePeak == 50)
    }

    @Test func `hops that the truth rarely saw, and queues that were none, are not compared`() {
        let rare = collect(truth: Array(1...99), sampled: [1], depth: 8, sampledDepth: 8)
        let errors = SamplingErrors(of: rare.overIPv6, against: rare.overIPv4)
        #expect(errors.latencyP50 == nil && errors.queuePeak == nil)
        let idle = collect(truth: Array(1...100), sampled: [], depth: 3, sampledDepth: 0)
        let others = SamplingErrors(of: idle.overIPv6, against: idle.overIPv4)
        #expect(others.latencyP50 == 100 && others.queuePeak == nil)
    }

    @Test func `a class of depths counts as its middle`() {
        let depths = LoadClass.allCases.map { Measurement.classified($0).estimatedDepth }
        #expect(depths == [0, 4, 19, 32])
        #expect(Measurement.exact(7).estimatedDepth == 7)
    }

    /// One journey per latency, in microseconds: the truth over IPv4, the samples over IPv6.
    private func collect(truth: [UInt64], sampled: [UInt64], depth: UInt64, sampledDepth: UInt64) -> HopSamples {
        let samples = HopSamples()
        var pipeline = JourneyPipeline(sinks: [samples])
        for (overIPv6, latencies, depth) in [(false, truth, depth), (true, sampled, sampledDepth)] {
            for (id, latency) in latencies.enumerated() {
                let bytes = Frames.roundTrip(UInt32(id), latency: latency, depth: depth, overIPv6: overIPv6)
                pipeline.ingest(bytes.span, FrameInfo(time: 0, originalLength: bytes.count))
            }
        }
        return samples
    }
}
