// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc
import LinuxSystem
import SwitchEngine
import Synchronization
import Testing
import ThrowawayPlaces

@testable import SwitchRuntime

/// The switch on real interfaces.
@Suite(.needsRoot, .serialized) struct LiveSwitchTests {
    private let ports = [PortOptions(number: 1, interface: "sw1"), PortOptions(number: 2, interface: "sw2")]

    private func frames(_ count: Int, bytes: Int = 60, first: UInt8 = 1) -> [[UInt8]] {
        (0..<count).map { index in
            [first] + (1..<bytes).map { UInt8(truncatingIfNeeded: $0 &+ index &* 3) }
        }
    }

    @Test func framesCrossBothWaysUnchangedAndAreCounted() throws {
        try LiveSwitch.with { lab in
            let running = try lab.start(SwitchOptions(ports: ports))
            var left = try TestHost(lab.left, "left")
            var right = try TestHost(lab.right, "right")
            let (out, back) = (frames(50), frames(30, bytes: 1514, first: 2))
            left.send(out)
            #expect(try right.receive(50) == out)
            right.send(back)
            #expect(try left.receive(30) == back)
            running.send(SIGUSR1)
            try waitUntil { running.state.withLock { !$0.reports.isEmpty } }
            left.send(frames(1, first: 7))
            try waitUntil {
                running.send(SIGUSR1)
                return running.state.withLock { $0.reports.last?.dropped == ["no_port": 1] }
            }
            let statistics = try running.stop()
            #expect(statistics.ports.map(\.port) == [1, 2, 9])
            #expect(statistics.ports.map(\.interface) == ["sw1", "sw2", nil])
            #expect(statistics.ports.map(\.receivedPackets) == [51, 30, 0])
            #expect(statistics.ports.map(\.sentPackets) == [30, 50, 0])
            #expect(statistics.ports[1].sentBytes == 3000)
            #expect(statistics.ports[2].dropped == ["no_port": 1])
            #expect(statistics.table.contains("dropped no_port: 1"))
            let copy = try JSONDecoder().decode(SwitchStatistics.self, from: JSONEncoder().encode(statistics))
            #expect(copy == statistics)
        }
    }

    @Test func aDelayedLinkKeepsFramesForItsDelayAndTheOtherWayIsFree() throws {
        try LiveSwitch.with { lab in
            var ports = ports
            ports[1].delay = 60_000_000
            let running = try lab.start(SwitchOptions(ports: ports))
            var left = try TestHost(lab.left, "left")
            var right = try TestHost(lab.right, "right")
            let start = DomainClock.monotonicNanoseconds()
            left.send(frames(20))
            right.send(frames(5))
            #expect(try left.receive(5) == frames(5))
            #expect(try right.receive(20) == frames(20))
            #expect(DomainClock.monotonicNanoseconds() - start >= 60_000_000)
            #expect(try running.stop().dropped.isEmpty)
        }
    }

    @Test func arrivalsAreDelayedByDelayAndBandwidth() throws {
        try LiveSwitch.with { lab in
            var ports = ports
            ports[0].ingressDelay = 20_000_000
            // 1,000 bytes take 8 ms.
            ports[0].ingressBandwidth = 1e6
            let running = try lab.start(SwitchOptions(ports: ports))
            var left = try TestHost(lab.left, "left")
            var right = try TestHost(lab.right, "right")
            let start = DomainClock.monotonicNanoseconds()
            left.send(frames(5, bytes: 1000))
            #expect(try right.receive(5) == frames(5, bytes: 1000))
            #expect(DomainClock.monotonicNanoseconds() - start >= 60_000_000)
            _ = try running.stop()
        }
    }

    @Test func aFullDelayLineDropsAndSaysSo() throws {
        try LiveSwitch.with { lab in
            var ports = ports
            // 60 bytes take 48 ms: the queue of 4 fills after the frame on the link.
            ports[1].bandwidth = 10_000
            var options = SwitchOptions(ports: ports)
            options.engine.queueDepth = 4
            let running = try lab.start(options)
            var left = try TestHost(lab.left, "left")
            left.send(frames(50))
            try waitUntil {
                running.send(SIGUSR1)
                return running.state.withLock { ($0.reports.last?.ports.first?.receivedPackets ?? 0) == 50 }
            }
            let statistics = try running.stop()
            let dropped = statistics.dropped["queue_full"] ?? 0
            #expect(dropped >= 40)
            #expect(dropped + (statistics.ports[1].sentPackets) <= 50)
        }
    }

    @Test func aFrameBeyondTheMTUIsDroppedAndCounted() throws {
        try LiveSwitch.with(mtu: (3000, 1500)) { lab in
            let running = try lab.start(SwitchOptions(ports: ports))
            var left = try TestHost(lab.left, "left")
            var right = try TestHost(lab.right, "right")
            left.send(frames(2, bytes: 1700) + frames(1))
            #expect(try right.receive(1) == frames(1))
            let statistics = try running.stop()
            #expect(statistics.ports[1].dropped == ["over_mtu": 2])
        }
    }

    @Test func anInterfaceThatGoesDownDropsAndComesBack() throws {
        try LiveSwitch.with { lab in
            let running = try lab.start(SwitchOptions(ports: ports))
            var left = try TestHost(lab.left, "left")
            var right = try TestHost(lab.right, "right")
            var session = try RouteSession(in: lab.middle)
            try session.setUp("sw2", false)
            try waitUntil {
                left.send(frames(1))
                running.send(SIGUSR1)
                return running.state.withLock { $0.reports.last?.ports[1].dropped["interface_down"] ?? 0 > 0 }
            }
            try session.setUp("sw2")
            try waitUntil {
                left.send(frames(1))
                var count = 0
                right.ring.receive { _, _ in count += 1 }
                return count > 0
            }
            _ = try running.stop()
        }
    }

    @Test func aSwitchGoesOnWithoutOneInterfaceAndEndsWithoutAny() throws {
        try LiveSwitch.with { lab in
            let running = try lab.start(SwitchOptions(ports: ports))
            var session = try RouteSession(in: lab.middle)
            try session.delete("sw2")
            var left = try TestHost(lab.left, "left")
            try waitUntil {
                left.send(frames(1))
                running.send(SIGUSR1)
                return running.state.withLock { $0.reports.last?.ports[1].dropped["interface_down"] ?? 0 > 0 }
            }
            #expect(running.state.withLock { !$0.hasEnded })
            try session.delete("sw1")
            try waitUntil { running.state.withLock { $0.hasEnded } }
            let error = #expect(throws: SwitchError.self) { try running.join() }
            #expect(error?.code == .interfacesGone)
        }
    }

    @Test func whatCannotBeOpenedIsNamedAllTogether() throws {
        try LiveSwitch.with { lab in
            let missing = [PortOptions(number: 1, interface: "sw1"), PortOptions(number: 2, interface: "nothere")]
            let running = try lab.start(SwitchOptions(ports: missing))
            let error = #expect(throws: SwitchError.self) { try running.join() }
            #expect(error?.code == .port)
            #expect(error?.description.contains("port 2 on nothere") == true)
        }
    }
}

/// Options that no switch can be started with; nothing is opened.
struct SwitchOptionsTests {
    @Test func problemsOfPortsAndFilesAreReportedBeforeAnythingStarts() throws {
        var ports = [
            PortOptions(number: 1, interface: "a"), PortOptions(number: 1, interface: "a"),
            PortOptions(number: 511, interface: "b"),
        ]
        ports[2].bandwidth = -1
        let error = #expect(throws: SwitchError.self) {
            _ = try SwitchProcess(program: LiveSwitch.crossing, options: SwitchOptions(ports: ports))
        }
        #expect(error?.problems.count == 4)
        #expect(
            #expect(throws: SwitchError.self) {
                _ = try SwitchProcess(program: LiveSwitch.crossing, options: SwitchOptions(ports: []))
            }?.code == .configuration)
        var options = SwitchOptions(ports: [PortOptions(number: 1, interface: "a")])
        options.runtimeFiles = ["/nonexistent/s1-runtime.json"]
        options.commandFiles = ["/nonexistent/s1-commands.txt"]
        let files = #expect(throws: SwitchError.self) {
            _ = try SwitchProcess(program: LiveSwitch.crossing, options: options)
        }
        #expect(
            files?.problems == [
                "/nonexistent/s1-runtime.json: cannot read the file: no such file",
                "/nonexistent/s1-commands.txt: cannot read the file: no such file",
            ])
    }
}
