// SPDX-License-Identifier: Apache-2.0

internal import BPF
internal import LinuxSystem

/// The steps of one detach. A client first stops inserting telemetry and waits for the replies on their way: without
/// XDP they would be lost. Then the switch at the other end is answered that telemetry is no longer stripped here, and
/// goes on being stripped until the switch knows. Then XDP is detached: nothing more is saved, while replies can still get
/// their telemetry.
///
/// The store's lock is held for `begin` and for `finish`, not while `wait` lasts: others go on. A detach that is
/// cut short is completed by whatever is run next, which recognises it by its mark without anybody's lock or, once that is
/// removed, by the missing XDP link.
struct DetachOperation {
    let interface: String
    let place: InterfacePlace
    let pins: AttachmentPins

    /// Microseconds that a client waits for replies that are on their way.
    static let replyWait: UInt32 = 250_000

    /// A detach that was decided, as long as its process lives.
    final class Begun {
        private let lock: DirectoryLock
        fileprivate let maps: [HostMaps]
        fileprivate let holdsClient: Bool

        init(_ lock: consuming DirectoryLock, _ maps: [HostMaps], holdsClient: Bool) {
            self.lock = lock
            self.maps = maps
            self.holdsClient = holdsClient
        }
    }

    /// Decides it: from here on nothing is inserted, and no switch gets the answer that telemetry is stripped.
    /// - Returns: nil if another process is at it.
    func begin() throws(HostAgentError) -> Begun? {
        do {
            guard let lock = try DirectoryLock.ifFree(pins.path) else { return nil }
            try pins.markDetaching()
            let maps = pins.generations.compactMap { try? HostMaps(pinnedIn: $0) }
            let held = maps.filter { (try? $0.pauseInsertion()) == true }
            for generation in maps { try? Discovery.withdraw(from: generation) }
            return Begun(lock, maps, holdsClient: !held.isEmpty)
        } catch {
            throw HostAgentError(error, interface: interface)
        }
    }

    /// Goes on stripping until nobody sends telemetry any more.
    /// - Parameter forSwitches: false waits for the replies to this host's own requests only.
    func wait(_ begun: Begun, forSwitches: Bool = true) {
        if begun.holdsClient { Pause.microseconds(Self.replyWait) }
        for maps in begun.maps where forSwitches { try? Discovery.waitUntilForgotten(in: maps) }
    }

    /// Removes everything, unless another process has, and may have attached again.
    func finish() throws(HostAgentError) {
        guard pins.isDetaching else { return }
        do {
            for generation in pins.generations { try? BPFLink(pinnedAt: generation.path(of: .xdp)).detach() }
            for generation in pins.generations {
                try? generation.filter(interfaceIndex: place.index)?.detach()
                for hook in generation.hooks() where hook != .xdp {
                    // Tracing's links know no detach; they go with their pins.
                    try? BPFLink(pinnedAt: generation.path(of: hook)).detach()
                }
            }
            try pins.remove()
        } catch {
            throw HostAgentError(error, interface: interface)
        }
    }
}
