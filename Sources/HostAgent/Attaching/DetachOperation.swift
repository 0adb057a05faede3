// SPDX-License-Identifier: Apache-2.0

internal import BPF
internal import Glibc

/// The steps of one detach. A client first begins no more telemetry, and waits for what is on its way: without XDP its
/// replies would be lost. Then XDP goes: nothing is saved any more while replies can still take theirs. A detach that
/// is cut short is completed by whatever is run next, which knows it by its mark, or behind that by there being no live
/// XDP link.
struct DetachOperation {
    let interface: String
    let place: InterfacePlace
    let pins: AttachmentPins

    /// Microseconds that a client waits for replies that are on their way.
    static let patience: UInt32 = 250_000

    func run() throws(HostAgentError) {
        do {
            try pins.markDetaching()
            let held = pins.generations.filter { (try? HostMaps(pinnedIn: $0).holdStamping()) == true }
            if !held.isEmpty { usleep(Self.patience) }
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
