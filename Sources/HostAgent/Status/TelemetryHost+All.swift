// SPDX-License-Identifier: Apache-2.0

internal import LinuxSystem

/// Everything attached in one network namespace.
public struct HostAttachments: Sendable {
    /// By interface index.
    public fileprivate(set) var statuses: [HostStatus] = []
    /// Why attachments cannot be read, such as those of another version.
    public fileprivate(set) var unreadable: [HostAgentError] = []
}

extension TelemetryHost {
    /// What is attached in the calling thread's network namespace.
    public static func attachments() throws(HostAgentError) -> HostAttachments {
        let all = TelemetryHost(interface: "all interfaces")
        let namespace = InterfacePlace.currentNamespace()
        return try all.doing(.inspect) { () throws(HostAgentError) in
            try all.completeDetaches()
            return try all.withPins(mounting: false) { (store) throws(HostAgentError) in
                try all.repair(store)
                let pins = store.all().filter { $0.place?.namespace == namespace }
                return read(pins.sorted { ($0.place?.index ?? 0) < ($1.place?.index ?? 0) })
            } ifNone: {
                HostAttachments()
            }
        }
    }

    private static func read(_ pins: [AttachmentPins]) -> HostAttachments {
        var found = HostAttachments()
        for attachment in pins {
            guard let place = attachment.place, let current = attachment.current, let name = place.name() else {
                continue
            }
            do {
                found.statuses.append(try HostStatus(name, place, pinnedIn: current))
            } catch {
                found.unreadable.append(HostAgentError(error, interface: name))
            }
        }
        return found
    }
}
