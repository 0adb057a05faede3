// SPDX-License-Identifier: Apache-2.0

import Documents
import LinuxSystem
import SwitchControl
import SwitchEngine

extension SwitchProcess {
    enum Token {
        static let signals = UInt64.max
        static let timer = UInt64.max - 1
        static let links = UInt64.max - 2
        /// And above: the control socket and its connections.
        static let control = UInt64(1) << 32
    }

    /// Frames taken from one port before the next port's turn.
    private static let batch = 32
    /// Nanoseconds the switch goes on sending what it holds after the signal to end.
    private static let drainTime: UInt64 = 500_000_000
    /// A deadline nearer than this many nanoseconds is waited for by busy polling: sleeping and waking take longer.
    private static let shortWait: UInt64 = 5_000

    /// Forwards until SIGINT or SIGTERM; sends what it still holds, for half a second at most, and returns.
    ///
    /// `onReady` is called when frames are being taken, `onEvent` when a port's interface changes, `onStatistics` at each
    /// SIGUSR1. Throws when the last interface has gone, and what `onReady` throws.
    public mutating func run(
        onReady: () throws -> Void, onEvent: (PortEvent) -> Void = { _ in },
        onStatistics: (SwitchStatistics) -> Void
    ) throws(SwitchError) {
        do {
            try forward(onReady, onEvent, onStatistics)
        } catch let error as SwitchError {
            throw error
        } catch {
            throw SwitchError(.system, ["\(error)"])
        }
    }

    private mutating func forward(
        _ onReady: () throws -> Void, _ onEvent: (PortEvent) -> Void, _ onStatistics: (SwitchStatistics) -> Void
    ) throws {
        let signals = try SignalDescriptor([.interrupt, .terminate, .user1])
        let timer = try TimerDescriptor()
        var epoll = try Epoll()
        try epoll.add(signals.number, for: .readable, token: Token.signals)
        try epoll.add(timer.number, for: .readable, token: Token.timer)
        for place in 0..<ports.count { try epoll.add(ports[place].ring.number, for: .readable, token: UInt64(place)) }
        try epoll.add(links.number, for: .readable, token: Token.links)
        if let control { try control.watch(by: epoll) }
        try onReady()
        for place in 0..<ports.count { report(place, onEvent) }
        var armed: UInt64?
        var asking: [UInt64] = []
        var busyTurns = 0
        var polling = BusyPollPolicy()
        while true {
            busyTurns = turn() ? busyTurns + 1 : 0
            // While there is traffic, signals and failures are looked for once in 16 turns.
            if busyTurns % 16 != 0 { continue }
            clock.synchronize()
            let idleSince = DomainClock.monotonicNanoseconds()
            if busyTurns == 0, pollBusily(&polling, since: idleSince) { continue }
            var failed = false
            var signalled = false
            var changed = false
            let wait = busyTurns > 0 ? 0 : try prepareToWait(timer, &armed)
            try epoll.wait(milliseconds: wait) { event in
                switch event.token {
                case Token.signals: signalled = true
                case Token.timer: armed = nil
                case Token.links: changed = true
                case Token.control..<Token.links: asking.append(event.token)
                default: if event.ready.contains(.error) || event.ready.contains(.hangUp) { failed = true }
                }
            }
            if armed == nil { _ = try timer.readExpirations() }
            if failed { try noteFailures(epoll, onEvent) }
            if changed { try noteChanges(epoll, onEvent) }
            if !asking.isEmpty { answer(&asking, epoll) }
            if signalled {
                while let signal = try signals.next() {
                    guard signal == .user1 else { return drain() }
                    onStatistics(statistics())
                }
            }
            if busyTurns == 0, ports.hasArrivals {
                polling.recordWork(after: DomainClock.monotonicNanoseconds() &- idleSince, slept: true)
            }
        }
    }

    /// Runs the commands that wait at the control socket.
    private mutating func answer(_ asking: inout [UInt64], _ epoll: borrowing Epoll) {
        for token in asking {
            let lines = portLines()
            control?.serve(token, by: epoll) { line throws(InputError) in
                if line.split(separator: " ") == ["show_ports"] { return lines }
                return try controlPlane.execute(line, on: &engine, now: clock.times)
            }
        }
        asking.removeAll(keepingCapacity: true)
    }

    /// Polls busily for the next frame, if that pays; true if one has come, or something is due.
    private borrowing func pollBusily(_ polling: inout BusyPollPolicy, since start: UInt64) -> Bool {
        let spin = polling.spin
        guard spin > 0 else { return false }
        let due = Self.earlier(engine.nextDeparture, ports.nextDue) ?? .max
        var last = start
        while last &- start < spin {
            if ports.hasArrivals {
                polling.recordWork(after: last &- start, slept: false)
                return true
            }
            if due <= last { return true }
            Processor.relax()
            let now = DomainClock.monotonicNanoseconds()
            if now &- last > BusyPollPolicy.preemptionThreshold {
                polling.recordPreemption()
                return false
            }
            last = now
        }
        return false
    }

    /// Receives, runs the engine and sends, once round all ports; false if there was nothing to do.
    private mutating func turn() -> Bool {
        var work = 0
        for place in 0..<ports.count where ports[place].health != .gone {
            let received = Self.receive(&ports[place], &engine, clock)
            // Before the next port's frames come: two ports' bursts are more than a queue holds.
            if received > 0 { work += received + poll(limit: received) }
        }
        return work + send() > 0
    }

    /// Runs egress for what is due, into the ports.
    private mutating func poll(limit: Int) -> Int {
        let now = clock.times
        ports.now = now.nanoseconds
        return engine.poll(now: now, limit: limit, into: &ports)
    }

    /// Runs egress for what is due and hands all frames to the kernel.
    mutating func send() -> Int {
        var sent = 0
        while true {
            let taken = poll(limit: Self.batch)
            sent += taken
            if taken < Self.batch || sent >= Self.batch * 8 { break }
        }
        ports.flush()
        return sent
    }

    /// Takes what arrived at a port: into the engine, or onto the link that delays it.
    static func receive(_ port: inout Port, _ engine: inout Engine, _ clock: SwitchClock) -> Int {
        let options = port.options
        if !options.delaysArrivals {
            return port.ring.receive(limit: batch) { frame, info in
                guard info.originalLength <= frame.count else {
                    return engine.countDrops(.frameTooLong, port: options.number)
                }
                let now = clock.times
                // The kernel's clock reading and ours differ by fractions; nothing arrives after it is taken.
                let arrival = min(DomainClock.microseconds(ofNanoseconds: info.timestamp), now.microseconds)
                unsafe engine.receive(frame.bytes, port: options.number, now: now, arrival: arrival)
            }
        }
        let arrived = delay(&port.ring, &port.arrivals, options, &engine)
        var due = 0
        while due < batch {
            let now = clock.times
            let isTaken = port.arrivals.removeDue(now.nanoseconds) { frame, _ in
                unsafe engine.receive(frame.bytes, port: options.number, now: now)
            }
            guard isTaken else { break }
            due += 1
        }
        return arrived + due
    }

    private static func delay(
        _ ring: inout PacketRing, _ line: inout DelayLine, _ options: PortOptions, _ engine: inout Engine
    ) -> Int {
        ring.receive(limit: batch) { frame, info in
            guard info.originalLength <= frame.count else {
                return engine.countDrops(.frameTooLong, port: options.number)
            }
            let now = DomainClock.monotonicNanoseconds()
            let end = max(now, line.busyUntil) + options.ingressSerialization(frame.count)
            let isOn = line.append(byteCount: frame.count, due: end + options.ingressDelay) { target in
                target.copy(frame)
            }
            if isOn { line.busyUntil = end } else { engine.countDrops(.arrivalFull, port: options.number) }
        }
    }

    /// Arms the timer for the next thing that is due; gives the milliseconds to wait, nil for no
    /// limit. What a busy interface did not take is tried again soon.
    private borrowing func prepareToWait(_ timer: borrowing TimerDescriptor, _ armed: inout UInt64?) throws -> Int32? {
        guard let due = Self.earlier(engine.nextDeparture, ports.nextDue) else { return ports.hasUnsent ? 1 : nil }
        if due <= DomainClock.monotonicNanoseconds() + Self.shortWait { return 0 }
        if armed != due {
            try timer.arm(atMonotonic: due)
            armed = due
        }
        return ports.hasUnsent ? 1 : nil
    }

    private static func earlier(_ one: UInt64?, _ other: UInt64?) -> UInt64? {
        guard let one else { return other }
        return min(one, other ?? .max)
    }

    /// Takes nothing more in and sends what waits, as its rates and delays allow.
    private mutating func drain() {
        let end = DomainClock.monotonicNanoseconds() + Self.drainTime
        while engine.packetsHeld > 0 || !ports.areLinksEmpty, DomainClock.monotonicNanoseconds() < end {
            _ = send()
        }
        _ = send()
    }
}

extension MutableRawSpan {
    /// Copies `bytes`, which must be as many as the span has.
    @_lifetime(self: copy self)
    mutating func copy(_ bytes: Span<UInt8>) {
        precondition(bytes.count == byteCount)
        unsafe withUnsafeMutableBytes { target in
            unsafe bytes.withUnsafeBytes { source in unsafe target.copyMemory(from: source) }
        }
    }
}
