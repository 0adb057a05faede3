// SPDX-License-Identifier: Apache-2.0

import Glibc
import LinuxSystem
import Synchronization
import Testing
import ThrowawayPlaces

@testable import SwitchRuntime

/// What becomes of a port's interface while the switch runs.
@Suite(.needsRoot, .serialized) struct PortChangeTests {
    private let ports = [PortOptions(number: 1, interface: "sw1"), PortOptions(number: 2, interface: "sw2")]

    private func frame(bytes: Int = 60) -> [UInt8] { [1] + (1..<bytes).map { UInt8(truncatingIfNeeded: $0) } }

    private func events(_ running: LiveSwitch.Running) -> [PortEvent.Change] {
        running.state.withLock { $0.events }
    }

    private func expectCrossing(_ lab: LiveSwitch, bytes: Int = 60) throws {
        var left = try TestHost(lab.left, "left", longest: max(bytes, 2048))
        var right = try TestHost(lab.right, "right", longest: max(bytes, 2048))
        left.send([frame(bytes: bytes)])
        #expect(try right.receive(1) == [frame(bytes: bytes)])
        right.send([frame(bytes: bytes)])
        #expect(try left.receive(1) == [frame(bytes: bytes)])
    }

    @Test func aHostThatGoesDownTakesTheCarrierAway() throws {
        try LiveSwitch.with { lab in
            let running = try lab.start(SwitchOptions(ports: ports))
            var session = try RouteSession(in: lab.right)
            try session.setUp("right", false)
            try waitUntil { events(running) == [.state(.noCarrier)] }
            running.send(SIGUSR1)
            try waitUntil { running.state.withLock { $0.reports.last?.ports[1].state } == .noCarrier }
            try session.setUp("right")
            try waitUntil { events(running) == [.state(.noCarrier), .state(.up)] }
            try expectCrossing(lab)
            _ = try running.stop()
        }
    }

    @Test func anInterfaceThatIsDeletedAndMadeAgainIsUsedAgain() throws {
        try LiveSwitch.with { lab in
            let running = try lab.start(SwitchOptions(ports: ports))
            for round in 1...2 {
                var session = try RouteSession(in: lab.middle)
                try session.delete("sw2")
                try waitUntil { events(running).count { $0 == .state(.gone) } == round }
                try connect(VethEnd("right", in: lab.right), VethEnd("sw2", in: lab.middle))
                try waitUntil { events(running).count { $0 == .attachedAgain } == round }
                try waitUntil {
                    running.send(SIGUSR1)
                    return running.state.withLock { $0.reports.last?.ports[1].state } == .up
                }
                try expectCrossing(lab)
            }
            _ = try running.stop()
        }
    }

    /// Made, named and set up at once, so that the switch may hear of both only when both have happened.
    @Test func anInterfaceThatTakesTheNameOfAnotherIsUsedInItsPlace() throws {
        try LiveSwitch.with { lab in
            let running = try lab.start(SwitchOptions(ports: ports))
            try connect(VethEnd("next", in: lab.right), VethEnd("other", in: lab.middle))
            let script = "ip link del sw2; ip link set other down; ip link set other name sw2; ip link set sw2 up"
            let outcome = try ChildProcess.spawn(SpawnRequest(["sh", "-c", script], in: lab.middle)).wait()
            #expect(outcome == .exited(0))
            try waitUntil { events(running).contains(.attachedAgain) }
            #expect(events(running).contains(.state(.gone)))
            var left = try TestHost(lab.left, "left")
            var next = try TestHost(lab.right, "next")
            left.send([frame()])
            #expect(try next.receive(1) == [frame()])
            _ = try running.stop()
        }
    }

    @Test func anMTUThatIsRaisedWhileTheSwitchRunsTakesEffect() throws {
        try LiveSwitch.with { lab in
            let running = try lab.start(SwitchOptions(ports: ports))
            for (namespace, names) in [(lab.left, ["left"]), (lab.right, ["right"]), (lab.middle, ["sw1", "sw2"])] {
                for name in names {
                    let command = ["ip", "link", "set", name, "mtu", "4000"]
                    #expect(try ChildProcess.spawn(SpawnRequest(command, in: namespace)).wait() == .exited(0))
                }
            }
            try waitUntil { events(running).count { $0 == .mtu(4000) } == 2 }
            try expectCrossing(lab, bytes: 4014)
            #expect(try running.stop().dropped.isEmpty)
        }
    }
}
