// SPDX-License-Identifier: Apache-2.0

internal import BPF
internal import LinuxSystem

/// The steps of one detach. A client first stops inserting telemetry and waits for the replies on their way: without
/// XDP they would be lost. Then the switch at the other end is answered that telemetry is no longer stripped here, and
/// goes on being stripped until the switch knows. Then XDP is detached: nothing more is saved, while replies can still get their telemetry. A
/// detach that is cut short is completed by whatever is run next, which recognises it by its mark or, once that is
/// removed, by the missing XDP link.
struct DetachOperation {
    let interface: String
    let place: InterfacePlace
    let pins: AttachmentPins
    /// Goes on stripping until the switch knows.
    let waits: Bool

    /// Microseconds that a client waits for replies that are on their way.
    static let replyWait: UInt32 = 250_000

    func run() throws(HostAgentError) {
        do {
            try pins.markDetaching()
            let held = pins.generations.filter { (try? HostMaps(pinnedIn: $0).pauseInsertion()) == true }
            if !held.isEmpty { Pause.microseconds(Self.replyWait) }
            for generation in pins.generations where waits {
                try? Discovery.withdraw(from: HostMaps(pinnedIn: generation))
            }
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
