// SPDX-License-Identifier: Apache-2.0

import LinuxSystem
import SwitchEngine

/// What becomes of the ports' interfaces while the switch runs.
extension SwitchProcess {
    /// Turns of receiving before a ring gives way to another: more than its slots.
    private static let lastTurns = 64

    /// Notes what descriptors that report an error say.
    mutating func noteFailures(_ epoll: borrowing Epoll, _ onEvent: (PortEvent) -> Void) throws {
        for place in 0..<ports.count where ports[place].isWatched {
            ports[place].noteFailure()
            try settle(place, epoll, onEvent)
        }
        try endIfAllAreGone()
    }

    /// Notes what the kernel reports of the interfaces, each change by itself: a link that was down for a moment was down.
    mutating func noteChanges(_ epoll: borrowing Epoll, _ onEvent: (PortEvent) -> Void) throws {
        for change in try links.changes() {
            for place in 0..<ports.count {
                switch change {
                case .present(let link): try note(link, at: place, epoll, onEvent)
                case .gone(let index): if ports[place].index == index { ports[place].noteGone() }
                case .missed(let all): try note(all, at: place, epoll, onEvent)
                }
                try settle(place, epoll, onEvent)
            }
        }
        try endIfAllAreGone()
    }

    private mutating func note(
        _ all: [Link], at place: Int, _ epoll: borrowing Epoll, _ onEvent: (PortEvent) -> Void
    ) throws {
        if !all.contains(where: { $0.index == ports[place].index }) { ports[place].noteGone() }
        try settle(place, epoll, onEvent)
        for link in all { try note(link, at: place, epoll, onEvent) }
    }

    private mutating func note(
        _ link: Link, at place: Int, _ epoll: borrowing Epoll, _ onEvent: (PortEvent) -> Void
    ) throws {
        let before = ports[place].mtu
        let wasGone = ports[place].health == .gone
        if ports[place].note(link) {
            // The interface may have been replaced without a word of it: its host is another one.
            if ports[place].index != link.index { ports[place].noteGone() }
            try settle(place, epoll, onEvent)
            try reopen(place, link, epoll, onEvent)
        }
        if !wasGone, ports[place].mtu != before { announce(place, .mtu(ports[place].mtu), onEvent) }
    }

    private mutating func reopen(
        _ place: Int, _ link: Link, _ epoll: borrowing Epoll, _ onEvent: (PortEvent) -> Void
    ) throws {
        // What waits in the old ring is the last that it gives.
        for _ in 0..<Self.lastTurns where ports[place].health != .gone {
            if Self.receive(&ports[place], &engine, clock) == 0 { break }
            _ = send()
        }
        let isBack = ports[place].health == .gone
        if ports[place].isWatched { try epoll.remove(ports[place].ring.number) }
        ports[place].isWatched = false
        do throws(SystemError) {
            try ports[place].reopen(link)
            try epoll.add(ports[place].ring.number, for: .readable, token: UInt64(place))
            ports[place].isWatched = true
        } catch {
            return announce(place, .refused("\(error)"), onEvent)
        }
        guard isBack else { return }
        announce(place, .attachedAgain, onEvent)
        // The rest is reported if it is not up altogether.
        ports[place].reported = .up
    }

    /// Reports how a port is if that is new, and no longer waits for an interface that is gone.
    private mutating func settle(_ place: Int, _ epoll: borrowing Epoll, _ onEvent: (PortEvent) -> Void) throws {
        report(place, onEvent)
        guard ports[place].health == .gone, ports[place].isWatched else { return }
        try epoll.remove(ports[place].ring.number)
        ports[place].isWatched = false
    }

    /// Reports how a port is if that is new. A program that has asked for it learns that a port is no longer up, and
    /// forgets what it knew of the host there.
    mutating func report(_ place: Int, _ onEvent: (PortEvent) -> Void) {
        let state = ports[place].state
        guard state != ports[place].reported else { return }
        if ports[place].reported == .up { engine.reportPortDown(ports[place].options.number, now: clock.times) }
        ports[place].reported = state
        announce(place, .state(state), onEvent)
    }

    private borrowing func announce(_ place: Int, _ change: PortEvent.Change, _ onEvent: (PortEvent) -> Void) {
        let options = ports[place].options
        onEvent(PortEvent(port: options.number, interface: options.interface, change: change))
    }

    private borrowing func endIfAllAreGone() throws(SwitchError) {
        if ports.areAllGone { throw SwitchError(.interfacesGone, ["all interfaces of the switch are gone"]) }
    }

    /// What `show_ports` prints: a line per port.
    borrowing func portLines() -> [String] {
        var lines: [String] = []
        for place in 0..<ports.count {
            let options = ports[place].options
            lines.append(
                "port \(options.number): \(options.interface), \(ports[place].state.rawValue), mtu \(ports[place].mtu)")
        }
        return lines
    }
}
