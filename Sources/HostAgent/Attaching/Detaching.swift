// SPDX-License-Identifier: Apache-2.0

internal import BPF

/// The steps of one detach. XDP goes first: nothing is saved any more while replies can still take theirs.
struct Detaching {
    let interface: String
    let directory: PinDirectory

    func run() throws(HostAgentError) {
        do {
            let filter = try? HostMaps(pinnedIn: directory).readAttachment()
            try BPFLink(pinnedAt: directory.path(of: .xdp)).detach()
            if let filter = filter.flatMap({ ClassicFilter($0) }) {
                // Someone else may have taken it away.
                if filter.programID() != nil { try filter.detach() }
            }
            for hook in directory.hooks() where hook != .xdp {
                try? BPFLink(pinnedAt: directory.path(of: hook)).detach()
            }
            try directory.remove()
        } catch {
            throw HostAgentError(error, interface: interface)
        }
    }
}
