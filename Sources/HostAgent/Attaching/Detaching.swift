// SPDX-License-Identifier: Apache-2.0

internal import BPF

/// The steps of one detach. XDP goes first: nothing is saved any more while replies can still take theirs. A detach that
/// is cut short leaves no live XDP link, and is completed by whatever is run next.
struct Detaching {
    let interface: String
    let place: InterfacePlace
    let pins: AttachmentPins

    func run() throws(HostAgentError) {
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
