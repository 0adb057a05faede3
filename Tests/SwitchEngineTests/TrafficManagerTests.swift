// SPDX-License-Identifier: Apache-2.0

import ProgramAssembly
import SwitchEngine
import SwitchIR
import Testing

/// The traffic manager under load, by a clock that is known: the rates it holds, and what it says of its queues.
struct TrafficManagerTests {
    private struct Randomness {
        var state: UInt64

        mutating func next(below limit: UInt64) -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (state >> 33) % limit
        }
    }

    /// The link is looked at late, by up to twenty frames' time, and is offered half as much again as it carries.
    @Test(arguments: [1e6, 1e9], [64, 1400])
    func aLinkHoldsItsBandwidth(bandwidth: Double, bytes: Int) throws {
        var test = try TestSwitch(ProbeProgram().program)
        try test.engine.setLinkBandwidth(bandwidth, port: 2)
        var random = Randomness(state: UInt64(bytes))
        let frame = [UInt8](repeating: 0, count: bytes)
        let frameTime = Double(bytes) * 8e9 / bandwidth
        let start = test.now
        var (sent, offered) = (0, 0.0)
        while Double(test.now - start) < 10_000 * frameTime {
            let step = random.next(below: UInt64(frameTime * 20)) + 1
            test.now += step
            offered += Double(step) / frameTime * 1.5
            while offered >= 1 {
                test.receive(frame)
                offered -= 1
            }
            sent += test.poll().reduce(0) { $0 + $1.bytes.count }
        }
        let rate = Double(sent) * 8e9 / Double(test.now - start)
        #expect(abs(rate / bandwidth - 1) < 0.01, "\(rate) bits per second")
        #expect(test.drops[.queueFull, default: 0] > 0)
    }

    @Test(arguments: [83, 10_000, 89_286, 1_953_125] as [UInt64])
    func aQueueHoldsItsRate(packetsPerSecond: UInt64) throws {
        var test = try TestSwitch(ProbeProgram().program)
        try test.engine.setQueueRate(Int(packetsPerSecond), port: 2)
        var random = Randomness(state: packetsPerSecond)
        let interval = 1e9 / Double(packetsPerSecond)
        let start = test.now
        var sent = 0
        while Double(test.now - start) < 10_000 * interval {
            test.now += random.next(below: UInt64(interval * 20)) + 1
            for _ in 0..<64 { test.receive([0, 1, 2, 3]) }
            sent += test.poll().count
        }
        let rate = Double(sent) * 1e9 / Double(test.now - start)
        #expect(abs(rate / Double(packetsPerSecond) - 1) < 0.01, "\(rate) packets per second")
    }

    /// A packet as the model holds it.
    private struct Waiting {
        var departure: UInt64
        var enqueued: UInt64
        var depth: Int
    }

    /// Eight queues that share one link: which packet leaves, and what its metadata reports, compared with the model.
    @Test(arguments: [1, 2, 3, 4, 5, 6] as [UInt64])
    func strictPrioritiesAndQueueMetadataAgreeWithAModel(seed: UInt64) throws {
        var probe = ProbeProgram(observing: [.priority, .enqQdepth, .deqQdepth, .deqTimedelta, .enqTimestamp])
        let (h, scratch) = (probe.h, probe.scratch)
        probe.ingress { p in
            p.op(.loadField, w: 8, a: scratch, b: h, d: 0)
            p.op(.copy, w: 3, a: Field.priority.slot, b: scratch)
        }
        var configuration = Configuration()
        configuration.priorityQueues = 8
        configuration.queueDepth = 5
        var test = try TestSwitch(probe.program, configuration)
        // 44 bytes leave: 3,520 ns per frame. The top queue is held back further by a rate of its own.
        let (frameTime, interval): (UInt64, UInt64) = (3_520, 20_000)
        try test.engine.setLinkBandwidth(1e8, port: 2)
        try test.engine.setQueueRate(50_000, port: 2, priority: 7)
        var random = Randomness(state: seed)
        var queues = [[Waiting]](repeating: [], count: 8)
        var (freeAt, nextOfTop): (UInt64, UInt64) = (0, 0)
        var (dropped, left): (UInt64, Int) = (0, 0)
        for _ in 0..<3000 {
            test.now += random.next(below: 9_000)
            for _ in 0..<random.next(below: 4) {
                let priority = Int(random.next(below: 8))
                test.receive([UInt8(priority), 0, 0, 0])
                guard queues[priority].count < 5 else {
                    dropped += 1
                    continue
                }
                let departure = priority == 7 ? max(test.now, nextOfTop) : test.now
                if priority == 7 { nextOfTop = departure + interval }
                queues[priority].append(
                    Waiting(departure: departure, enqueued: test.now, depth: queues[priority].count))
            }
            var expected: [[UInt64]] = []
            while freeAt <= test.now,
                let priority = (0..<8).last(where: { queues[$0].first.map { $0.departure <= test.now } ?? false })
            {
                let packet = queues[priority].removeFirst()
                freeAt = max(freeAt, packet.departure) + frameTime
                expected.append([
                    UInt64(priority), UInt64(packet.depth), UInt64(queues[priority].count),
                    test.now / 1000 - packet.enqueued / 1000, packet.enqueued / 1000,
                ])
            }
            #expect(test.poll().map { probe.values($0.bytes) } == expected)
            left += expected.count
        }
        #expect(test.drops[.queueFull, default: 0] == dropped)
        #expect(dropped > 100 && left > 1000)
    }
}
