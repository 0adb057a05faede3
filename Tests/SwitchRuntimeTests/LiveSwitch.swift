// SPDX-License-Identifier: Apache-2.0

import Glibc
import LinuxSystem
import ProgramAssembly
import SwitchEngine
import SwitchIR
import SwitchRuntime
import Synchronization
import Testing
import ThrowawayPlaces

/// A switch at work between two hosts: a namespace for each, veth pairs `left`-`sw1` and `right`-`sw2`.
struct LiveSwitch {
    let left: NetworkNamespace
    let right: NetworkNamespace
    let middle: NetworkNamespace

    /// Makes the namespaces for the time of `body`.
    static func with(mtu: (left: Int, right: Int) = (1500, 1500), _ body: (LiveSwitch) throws -> Void) throws {
        try withNamespaces(3) { namespaces in
            let lab = LiveSwitch(left: namespaces[0], right: namespaces[1], middle: namespaces[2])
            try connect(VethEnd("left", in: lab.left, mtu: mtu.left), VethEnd("sw1", in: lab.middle, mtu: mtu.left))
            try connect(VethEnd("right", in: lab.right, mtu: mtu.right), VethEnd("sw2", in: lab.middle, mtu: mtu.right))
            try body(lab)
        }
    }

    /// What comes in by port 1 leaves by port 2, and the other way round; a first byte of 7 goes to port 9.
    static let crossing: SwitchProgram = {
        var p = Assembly()
        let h = p.header("hdr.h", [("first", 8)])
        let scratch = p.local()
        p.parser { $0.op(.extract, a: h) }
        p.ingress { p in
            let done = p.label()
            p.op(
                .sub, w: 9, a: StandardMetadata.egressSpec.slot, b: p.constant(3), c: StandardMetadata.ingressPort.slot)
            p.op(.loadField, w: 8, a: scratch, b: h, d: 0)
            p.jump(.branchIfNotEqual, b: scratch, c: p.constant(7), to: done)
            p.set(.egressSpec, 9)
            p.place(done)
        }
        p.deparser { $0.op(.emit, a: h) }
        return p.program("crossing.p4")
    }()

    /// The thread a switch runs on, so that a signal can be sent to it alone.
    final class Running: Sendable {
        struct State {
            var thread: pthread_t?
            var hasEnded = false
            var reports: [SwitchStatistics] = []
            var events: [PortEvent.Change] = []
        }

        let state = Mutex(State())
        fileprivate let thread = Mutex<BackgroundThread<SwitchStatistics>?>(nil)

        func send(_ signal: Int32) {
            state.withLock { state in if let thread = state.thread { pthread_kill(thread, signal) } }
        }

        /// Ends the switch and gives its last statistics.
        func stop() throws -> SwitchStatistics {
            send(SIGTERM)
            return try join()
        }

        func join() throws -> SwitchStatistics {
            guard let thread = thread.withLock({ $0.take() }) else { throw SwitchError(.system, ["joined twice"]) }
            return try thread.join()
        }
    }

    /// Starts a switch and waits until it takes frames.
    func start(_ options: SwitchOptions, program: SwitchProgram = crossing) throws -> Running {
        let running = Running()
        let thread = try BackgroundThread(in: middle) {
            defer { running.state.withLock { $0.hasEnded = true } }
            var process = try SwitchProcess(program: program, options: options)
            try process.run(
                onReady: { running.state.withLock { $0.thread = pthread_self() } },
                onEvent: { event in running.state.withLock { $0.events.append(event.change) } },
                onStatistics: { report in running.state.withLock { $0.reports.append(report) } })
            running.state.withLock { $0.thread = nil }
            return process.statistics()
        }
        running.thread.withLock { $0 = thread }
        try waitUntil { running.state.withLock { $0.thread != nil || $0.hasEnded } }
        return running
    }
}

/// Waits for up to ten seconds.
func waitUntil(_ condition: () throws -> Bool) throws {
    for _ in 0..<2000 {
        if try condition() { return }
        usleep(5000)
    }
    Issue.record("waited for ten seconds in vain")
}

/// An end of a veth pair that frames are sent and received by.
struct TestHost: ~Copyable {
    var ring: PacketRing

    init(_ namespace: NetworkNamespace, _ interface: String, longest: Int = 2048) throws {
        ring = try namespace.perform {
            try PacketRing(interface: interface, options: PacketRingOptions(frameCapacity: longest))
        }
    }

    mutating func send(_ frames: [[UInt8]]) {
        for frame in frames { _ = ring.stage(frame.span) }
        ring.flush()
    }

    /// Frames, until there are `count` of them, with when each was taken.
    mutating func receive(_ count: Int) throws -> [[UInt8]] {
        var frames: [[UInt8]] = []
        try waitUntil {
            ring.receive { frame, _ in frames.append(frame.indices.map { frame[$0] }) }
            return frames.count >= count
        }
        return frames
    }
}
