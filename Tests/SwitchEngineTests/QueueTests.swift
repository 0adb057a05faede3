// SPDX-License-Identifier: Apache-2.0

import ProgramAssembly
import SwitchEngine
import SwitchIR
import Testing

/// The traffic manager: depths, rates, priorities, and the metadata that reports them.
struct QueueTests {
    private let packet: [UInt8] = [0, 1, 2, 3]

    @Test func depthsExcludeThePacketItself() throws {
        let probe = ProbeProgram(observing: [.enqQdepth, .deqQdepth])
        var test = try TestSwitch(probe.program)
        for _ in 0..<5 { test.receive(packet) }
        #expect(test.poll().map { probe.values($0.bytes) } == [[0, 4], [1, 3], [2, 2], [3, 1], [4, 0]])
    }

    @Test func aFullQueueDropsItsTail() throws {
        var test = try TestSwitch(ProbeProgram().program)
        for _ in 0..<70 { test.receive(packet) }
        #expect(test.drops == [.queueFull: 6])
        #expect(test.poll().count == 64)
        try test.engine.setQueueDepth(2, port: 2)
        for _ in 0..<5 { test.receive(packet) }
        #expect(test.drops == [.queueFull: 9])
        try test.engine.setQueueDepth(0)
        _ = test.poll()
        test.receive(packet)
        #expect(test.drops == [.queueFull: 10])
    }

    @Test func aRateSpacesDeparturesAndGivesNoCreditForIdling() throws {
        let probe = ProbeProgram(observing: [.deqTimedelta, .enqQdepth, .deqQdepth])
        var test = try TestSwitch(probe.program)
        try test.engine.setQueueRate(1000, port: 2)
        for round in 0..<2 {
            test.now += 50_000_000
            for _ in 0..<3 { test.receive(packet) }
            let start = test.now
            var values = test.poll().map { probe.values($0.bytes) }
            #expect(values == [[0, 0, 2]], "round \(round)")
            for step: UInt64 in [1, 2] {
                #expect(test.engine.nextDeparture == start + step * 1_000_000)
                test.now = start + step * 1_000_000 - 1
                #expect(test.poll().isEmpty)
                test.now += 1
                values = test.poll().map { probe.values($0.bytes) }
                #expect(values == [[step * 1000, step, 2 - step]])
            }
            #expect(test.engine.nextDeparture == nil)
        }
    }

    @Test func beingPolledLateDoesNotLowerARate() throws {
        var test = try TestSwitch(ProbeProgram().program)
        try test.engine.setQueueRate(10_000)
        try test.engine.setQueueDepth(2000)
        for _ in 0..<1000 { test.receive(packet) }
        var sent = 0
        let start = test.now
        while sent < 1000 {
            test.now += 730_000
            sent += test.poll().count
        }
        #expect(abs(Int(test.now - start) - 99_900_000) < 1_000_000)
    }

    @Test(arguments: [(1e6, 1000, 8_000_000), (1e9, 64, 512)])
    func aLinkIsBusyForAsLongAsAFrameTakes(bandwidth: Double, bytes: Int, nanoseconds: UInt64) throws {
        var test = try TestSwitch(ProbeProgram().program)
        try test.engine.setLinkBandwidth(bandwidth, port: 2)
        let frame = [UInt8](repeating: 0, count: bytes)
        for _ in 0..<3 { test.receive(frame) }
        #expect(test.poll().count == 1)
        let start = test.now
        #expect(test.engine.nextDeparture == start + nanoseconds)
        test.now = start + nanoseconds - 1
        #expect(test.poll().isEmpty)
        test.now = start + nanoseconds * 2
        #expect(test.poll().count == 2)
    }

    @Test func higherPrioritiesLeaveFirst() throws {
        var probe = ProbeProgram(observing: [.priority, .enqQdepth])
        let (h, scratch) = (probe.h, probe.scratch)
        probe.ingress { p in
            p.op(.loadField, w: 8, a: scratch, b: h, d: 0)
            p.op(.copy, w: 3, a: Field.priority.slot, b: scratch)
        }
        var configuration = Configuration()
        configuration.priorityQueues = 8
        var test = try TestSwitch(probe.program, configuration)
        for priority: UInt8 in [0, 3, 7, 3, 0] { test.receive([priority, 0, 0, 0]) }
        #expect(test.poll().map { probe.values($0.bytes) } == [[7, 0], [3, 0], [3, 1], [0, 0], [0, 1]])
        // A high queue whose rate holds it back does not hold the others back.
        try test.engine.setQueueRate(1000, port: 2, priority: 7)
        for priority: UInt8 in [7, 7, 0] { test.receive([priority, 0, 0, 0]) }
        #expect(test.poll().map { probe.values($0.bytes)[0] } == [7, 0])
    }

    @Test func aPriorityWithoutAQueueDropsThePacket() throws {
        var probe = ProbeProgram()
        probe.ingress { $0.set(.priority, 1) }
        var test = try TestSwitch(probe.program)
        #expect(test.send(packet).isEmpty)
        #expect(test.drops == [.badPriority: 1])
    }

    @Test func queuesThatDoNotExistAreRefused() throws {
        var test = try TestSwitch(ProbeProgram().program)
        #expect(code { () throws(EngineError) in try test.engine.setQueueRate(1, port: 511) } == .invalidPort)
        #expect(
            code { () throws(EngineError) in try test.engine.setQueueRate(1, port: 1, priority: 1) } == .invalidQueue)
        #expect(code { () throws(EngineError) in try test.engine.setQueueDepth(-1) } == .invalidQueue)
    }

    /// Random traffic through one queue against the textbook model of it.
    @Test(arguments: [1, 2, 3, 4] as [UInt64]) func metadataAgreesWithAModel(seed: UInt64) throws {
        let probe = ProbeProgram(observing: [.enqQdepth, .deqQdepth, .deqTimedelta, .enqTimestamp])
        var test = try TestSwitch(probe.program)
        let (interval, depth): (UInt64, Int) = (20_000, 4)
        try test.engine.setQueueRate(50_000, port: 2)
        try test.engine.setQueueDepth(depth, port: 2)
        var random = seed
        var waiting: [(departure: UInt64, enqueued: UInt64, depth: Int)] = []
        var nextDeparture: UInt64 = 0
        var dropped: UInt64 = 0
        for _ in 0..<2000 {
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            test.now += random >> 40 & 0x7FFF
            if random >> 60 < 12 {
                test.receive(packet)
                if waiting.count < depth {
                    let departure = max(test.now, nextDeparture)
                    nextDeparture = departure + interval
                    waiting.append((departure, test.now, waiting.count))
                } else {
                    dropped += 1
                }
            }
            var expected: [[UInt64]] = []
            while let first = waiting.first, first.departure <= test.now {
                waiting.removeFirst()
                expected.append([
                    UInt64(first.depth), UInt64(waiting.count), test.now / 1000 - first.enqueued / 1000,
                    first.enqueued / 1000,
                ])
            }
            #expect(test.poll().map { probe.values($0.bytes) } == expected)
        }
        #expect(test.drops[.queueFull, default: 0] == dropped)
        #expect(dropped > 0)
    }
}
