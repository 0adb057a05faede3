// SPDX-License-Identifier: Apache-2.0

package import LinuxSystem
import SwitchEngine

/// A port at work: its interface's ring, the frames on its link, and how the interface is.
package struct Port: ~Copyable {
    enum Health { case up, down, gone }

    /// How many ports the switch has. Many share what memory a few have for themselves.
    private let siblings: Int
    /// Bytes that an Ethernet header and one VLAN tag add to an interface's MTU.
    private static let linkHeader = 18
    /// Nanoseconds between two questions to an interface that is down whether it is up again.
    private static let retry: UInt64 = 50_000_000

    let options: PortOptions
    var ring: PacketRing
    private(set) var mtu: Int
    /// The kernel's number of the interface.
    private(set) var index: Int32
    private(set) var health = Health.up
    /// Whether what the interface leads to is up.
    private(set) var hasCarrier: Bool
    /// What was last said of it.
    var reported = PortState.up
    /// Whether the loop waits for its descriptor.
    var isWatched = true
    private var nextRetry: UInt64 = 0
    private var departures: DelayLine
    var arrivals: DelayLine
    /// Counts of the ring that the engine knows already.
    private var refusedBefore: UInt64 = 0
    private var missedBefore: UInt64 = 0
    /// Frames the kernel refused and the engine does not know of yet.
    private var refusals: [DropReason: UInt64] = [:]

    /// - Parameter ports: how many the switch has. Many share what memory a few have for themselves.
    package init(_ options: PortOptions, ofPorts ports: Int = 1) throws(SystemError) {
        var session = try RouteSession()
        let link = try session.link(named: options.interface)
        ring = try Self.openRing(options.interface, mtu: link.mtu, siblings: ports)
        (mtu, index, hasCarrier) = (link.mtu, link.index, link.isRunning)
        health = link.isUp ? .up : .down
        siblings = ports
        self.options = options
        departures = DelayLine(capacity: options.delaysDepartures ? 4 << 20 : 32)
        arrivals = DelayLine(capacity: options.delaysArrivals ? 4 << 20 : 32)
    }

    private static func capacity(mtu: Int) -> Int {
        min(max(2048 - 128, mtu + linkHeader), PacketRingOptions.largestFrame)
    }

    private static func openRing(_ interface: String, mtu: Int, siblings: Int) throws(SystemError) -> PacketRing {
        let capacity = capacity(mtu: mtu)
        // Jumbo frames get fewer slots, so that a ring keeps to a few megabytes.
        let isJumbo = capacity > 4096 - 128
        let share = siblings <= 4 ? 1 : siblings <= 8 ? 2 : 4
        return try PacketRing(
            interface: interface,
            options: PacketRingOptions(
                frameCapacity: capacity, receiveSlots: (isJumbo ? 256 : 1024) / share,
                transmitSlots: isJumbo ? 64 : 128))
    }

    /// The interface's ring alone, as a forwarder without a program uses it.
    package consuming func intoRing() -> PacketRing { ring }

    // MARK: Out

    /// Sends a frame that the switch is done with: at once, or by the link's delay. Nil, or why it was dropped.
    mutating func send(_ frame: borrowing OutgoingFrame, now: UInt64) -> DropReason? {
        guard health == .up || recovers(now) else { return .interfaceDown }
        let byteCount = frame.byteCount
        guard byteCount <= mtu + Self.linkHeader else { return .overMTU }
        if options.delaysDepartures {
            let due = now + options.serialization(byteCount) + options.delay
            let isOn = departures.append(byteCount: byteCount, due: due) { span in _ = frame.copy(to: &span) }
            return isOn ? nil : .linkFull
        }
        if ring.staged == ring.transmitSlots { flush() }
        let isStaged = ring.withNextTransmitSlot { slot in
            var bytes = unsafe slot.mutableBytes
            return frame.copy(to: &bytes) ? byteCount : 0
        }
        return isStaged ? nil : .transmitFull
    }

    /// When the next frame comes to its link's end, or the next one that arrives has; nil when none is on the way.
    var nextDue: UInt64? {
        guard let departure = departures.nextDue else { return arrivals.nextDue }
        return min(departure, arrivals.nextDue ?? .max)
    }

    var isLinkEmpty: Bool { departures.count == 0 }

    /// Stages the frames that have come to their link's end.
    mutating func sendDelayed(_ now: UInt64) {
        while let due = departures.nextDue, due <= now {
            if ring.staged == ring.transmitSlots { flush() }
            Self.move(from: &departures, to: &ring, now)
        }
    }

    private static func move(from line: inout DelayLine, to ring: inout PacketRing, _ now: UInt64) {
        while ring.staged < ring.transmitSlots, line.removeDue(now, { frame, _ in _ = ring.stage(frame) }) {}
    }

    /// Hands the staged frames to the kernel.
    mutating func flush() {
        guard ring.staged > 0, let failure = ring.flush() else { return }
        note(failure)
        settle(.interfaceDown)
    }

    // MARK: Health

    /// Notes what the interface reports. A descriptor that reports an error does so until it is asked.
    mutating func noteFailure() {
        if let failure = ring.consumeFailure() { note(failure) }
    }

    private mutating func note(_ failure: LinkFailure) {
        switch failure {
        case .gone: health = .gone
        case .down: health = .down
        case .other: break
        }
    }

    private mutating func recovers(_ now: UInt64) -> Bool {
        guard health == .down, now >= nextRetry else { return false }
        nextRetry = now + Self.retry
        switch ring.currentFailure {
        case nil: health = .up
        case .gone?: health = .gone
        default: break
        }
        return health == .up
    }

    // MARK: Changes

    /// How the interface is now.
    var state: PortState {
        switch health {
        case .gone: .gone
        case .down: .down
        case .up: hasCarrier ? .up : .noCarrier
        }
    }

    /// Takes in how the port's interface is.
    /// - Returns: whether it needs a new ring: `reopen`.
    mutating func note(_ link: Link) -> Bool {
        guard link.index == index, health != .gone else {
            // Of a name that was deleted, or moved away, and is there again. Before it is up it can be renamed and removed.
            return link.name == options.interface && link.isUp
        }
        health = link.isUp ? .up : .down
        hasCarrier = link.isRunning
        guard link.mtu != mtu else { return false }
        if Self.capacity(mtu: link.mtu) > ring.frameCapacity { return true }
        mtu = link.mtu
        return false
    }

    mutating func noteGone() { health = .gone }

    /// Takes frames from the interface as it is now. If that fails, the port stays without one.
    mutating func reopen(_ link: Link) throws(SystemError) {
        settle(.transmitError)
        ring.endSending()
        health = .gone
        ring = try Self.openRing(options.interface, mtu: link.mtu, siblings: siblings)
        (refusedBefore, missedBefore) = (0, 0)
        (mtu, index, hasCarrier, health) = (link.mtu, link.index, link.isRunning, .up)
    }

    // MARK: Counts

    /// Frames that the kernel dropped since last asked: before they were received, and refused when they were sent.
    mutating func consumeDrops() -> [DropReason: UInt64] {
        settle(.transmitError)
        defer { refusals = [:] }
        return refusals
    }

    private mutating func settle(_ reason: DropReason) {
        let statistics = ring.statistics()
        let refused = statistics.sendDrops - refusedBefore
        let missed = statistics.receiveDrops - missedBefore
        if refused > 0 { refusals[reason, default: 0] += refused }
        if missed > 0 { refusals[.receiveRing, default: 0] += missed }
        refusedBefore = statistics.sendDrops
        missedBefore = statistics.receiveDrops
    }
}
