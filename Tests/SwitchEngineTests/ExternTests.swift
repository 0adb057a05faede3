// SPDX-License-Identifier: Apache-2.0

import ProgramAssembly
import SwitchIR
import Testing

@testable import SwitchEngine

/// Registers, counters, meters and random.
struct ExternTests {
    private let packet: [UInt8] = [3, 1, 2, 3, 9, 9]

    @Test func registersAreReadAndWrittenAndIgnoreWhatIsOutOfRange() throws {
        var assembly = Assembly()
        let (before, wide) = (assembly.metadata(16), assembly.metadata(128))
        var probe = ProbeProgram(observing: [before, wide, wide + 1])
        _ = (probe.assembly.metadata(16), probe.assembly.metadata(128))
        probe.assembly.registers = [
            RegisterSchema(name: "r", width: 16, count: 4), RegisterSchema(name: "w", width: 100, count: 2),
        ]
        let (h, scratch) = (probe.h, probe.scratch)
        probe.ingress { p in
            p.op(.loadField, w: 8, a: scratch, b: h, d: 0)
            p.op(.copy, w: 16, a: before, b: p.constant(999))
            p.op(.registerRead, a: before, b: scratch, d: 0)
            p.op(.registerWrite, a: scratch, b: p.constant(0xAAAA), d: 0)
            p.op(.registerRead, a: wide, b: p.constant(1), d: 1)
        }
        var test = try TestSwitch(probe.program)
        try test.engine.setRegister(1, 1, BitString(width: 100, words: [7, 0xF_FFFF_FFFF]))
        #expect(probe.values(test.send(packet)[0].bytes) == [0, 7, 0xF_FFFF_FFFF])
        #expect(probe.values(test.send(packet)[0].bytes) == [0xAAAA, 7, 0xF_FFFF_FFFF])
        #expect(try test.engine.register(0, 3) == BitString(0xAAAA, width: 16))
        // Index 4 is one too many: the variable stays as it was.
        #expect(probe.values(test.send([4, 1, 2, 3])[0].bytes)[0] == 999)
        try test.engine.resetRegister(0)
        #expect(try test.engine.register(0, 3) == BitString(0, width: 16))
        #expect(code { () throws(EngineError) in _ = try test.engine.register(0, 4) } == .invalidIndex)
    }

    @Test func countersUseTheReceivedLengthAlsoInEgress() throws {
        var probe = ProbeProgram()
        probe.assembly.counters = [CounterSchema(name: "c", count: 3)]
        let extra = probe.assembly.header("hdr.extra", [("a", 64)])
        probe.ingress { $0.op(.setValid, a: extra) }
        probe.egress { p in
            p.op(.count, a: p.constant(2), d: 0)
            p.op(.count, a: p.constant(3), d: 0)
        }
        var test = try TestSwitch(probe.program)
        _ = test.send(packet)
        _ = test.send(packet + [0])
        #expect(try test.engine.counter(0, 2) == CounterValue(packets: 2, bytes: 13))
        try test.engine.setCounter(0, 1, CounterValue(packets: 5, bytes: 6))
        #expect(try test.engine.counter(0, 1) == CounterValue(packets: 5, bytes: 6))
        try test.engine.resetCounter(0)
        #expect(try test.engine.counter(0, 2) == CounterValue())
    }

    @Test func aMeterMarksByTwoRatesAndLeavesBucketsAloneOnRed() throws {
        let meters = MeterArray(unit: .packets, count: 2)
        #expect(meters.execute(0, bytes: 100, now: 0) == 0)
        #expect(meters.execute(2, bytes: 100, now: 0) == nil)
        let rates = MeterRates(committedRate: 0.001, committedBurst: 2, peakRate: 0.002, peakBurst: 3)
        meters.configure(0, rates, now: 0)
        // Buckets start full: two green, then the committed bucket is empty, then the peak bucket too.
        #expect((0..<5).map { _ in meters.execute(0, bytes: 100, now: 0) } == [0, 0, 1, 2, 2])
        // After 500 us the peak bucket has one token, the committed one half of one.
        #expect((0..<2).map { _ in meters.execute(0, bytes: 100, now: 500_000) } == [1, 2])
        // After 1000 us more there are 2 and 1.5.
        #expect((0..<3).map { _ in meters.execute(0, bytes: 100, now: 1_500_000) } == [0, 1, 2])
        // A clock that goes back gives nothing.
        #expect(meters.execute(0, bytes: 100, now: 0) == 2)
        #expect(meters.execute(1, bytes: 100, now: 0) == 0)
    }

    @Test func byteMetersTakeTheReceivedLength() throws {
        var assembly = Assembly()
        let colour = assembly.metadata(8)
        var probe = ProbeProgram(observing: [colour])
        _ = probe.assembly.metadata(8)
        probe.assembly.meters = [MeterSchema(name: "m", unit: .bytes, count: 1)]
        probe.ingress { $0.op(.meter, a: colour, b: $0.constant(0), d: 0) }
        var test = try TestSwitch(probe.program)
        let rates = MeterRates(committedRate: 0.000_001, committedBurst: 6, peakRate: 0.000_001, peakBurst: 12)
        try test.engine.setMeterRates(0, 0, rates, now: test.times)
        #expect((0..<3).map { _ in probe.values(test.send(packet)[0].bytes)[0] } == [0, 1, 2])
        #expect(try test.engine.meterRates(0, 0) == rates)
        let wrong = MeterRates(committedRate: 2, committedBurst: 1, peakRate: 1, peakBurst: 1)
        let now = test.times
        #expect(
            code { () throws(EngineError) in try test.engine.setMeterRates(0, wrong, now: now) }
                == .invalidInfoRateValue)
    }

    @Test func randomStaysWithinItsEndsAndReachesThem() {
        var source = RandomSource(seed: 1)
        var seen: Set<UInt64> = []
        for _ in 0..<1000 { seen.insert(source.next(from: 10, through: 13)) }
        #expect(seen == [10, 11, 12, 13])
        #expect(source.next(from: 5, through: 5) == 5)
        let halves = (0..<1000).count { _ in source.next(from: 0, through: .max) > .max / 2 }
        #expect((400...600).contains(halves))
    }

    @Test func randomWithItsEndsCrossedLeavesTheResult() throws {
        var assembly = Assembly()
        let (good, crossed) = (assembly.metadata(8), assembly.metadata(8))
        var probe = ProbeProgram(observing: [good, crossed])
        _ = (probe.assembly.metadata(8), probe.assembly.metadata(8))
        probe.ingress { p in
            p.op(.copy, w: 8, a: crossed, b: p.constant(77))
            p.op(.random, w: 8, a: good, b: p.constant(5), c: p.constant(5))
            p.op(.random, w: 8, a: crossed, b: p.constant(6), c: p.constant(5))
        }
        var test = try TestSwitch(probe.program)
        #expect(probe.values(test.send(packet)[0].bytes) == [5, 77])
    }

    @Test func messagesShowTheirValues() throws {
        var probe = ProbeProgram()
        let wide = probe.assembly.local(128)
        probe.assembly.messages = [
            LogMessage(
                format: "port {} wide {} {",
                arguments: [(slot: Field.ingressPort.slot, width: 9), (slot: wide, width: 128)])
        ]
        probe.ingress { p in
            p.op(.copy, w: 64, a: wide, b: p.constant(.max))
            p.op(.copy, w: 64, a: wide + 1, b: p.constant(.max))
            p.op(.log, d: 0)
        }
        let texts = Texts()
        var configuration = Configuration()
        configuration.log = { texts.add($0) }
        var test = try TestSwitch(probe.program, configuration)
        _ = test.send(packet, port: 8)
        #expect(texts.all == ["port 8 wide 340282366920938463463374607431768211455 {"])
    }
}
