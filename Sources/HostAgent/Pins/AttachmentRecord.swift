// SPDX-License-Identifier: Apache-2.0

internal import BPF
internal import CHostPrograms

/// What an attachment is, kept beside its pins as one line of words `key=value`.
///
/// A text and not a map's value, so that any version of the agent can read and remove what any other has attached: keys
/// that are not known are left alone, and an absent one only says that the attachment is another version's.
struct AttachmentRecord: Sendable, Hashable {
    /// P4NI_ABI_VERSION of the programs: maps of another one have other layouts, and mean something else.
    var version: Int
    var role: HostRole
    var interface: String
    var xdpMode: XDPMode?
    var referenceLevel: Int
    var maximumRequests: Int
    /// As `TelemetryTrust` describes itself, or how many prefixes there are.
    var trust = "everyone"
    /// Nanoseconds of CLOCK_REALTIME.
    var since: UInt64
    /// The seed of the hash that spreads requests over the store: programs that keep the maps need the same.
    var seed: UInt64

    init?(_ text: String) {
        var values: [Substring: Substring] = [:]
        for word in text.split(separator: " ") {
            let parts = word.split(separator: "=", maxSplits: 1)
            if parts.count == 2 { values[parts[0]] = parts[1] }
        }
        guard let version = values["version"].flatMap({ Int($0) }),
            let role = values["role"].flatMap({ HostRole(rawValue: String($0)) }),
            let interface = values["interface"], let level = values["level"].flatMap({ Int($0) }),
            let requests = values["max_requests"].flatMap({ Int($0) }),
            let since = values["since"].flatMap({ UInt64($0) }), let seed = values["seed"].flatMap({ UInt64($0) })
        else { return nil }
        self.init(
            version: version, role: role, interface: String(interface),
            xdpMode: values["xdp"].flatMap { XDPMode(rawValue: String($0)) },
            referenceLevel: level, maximumRequests: requests, since: since, seed: seed)
        if let trust = values["trust"] { self.trust = String(trust) }
    }

    init(
        version: Int = Int(P4NI_ABI_VERSION), role: HostRole, interface: String, xdpMode: XDPMode? = nil,
        referenceLevel: Int, maximumRequests: Int, since: UInt64, seed: UInt64
    ) {
        self.version = version
        self.role = role
        self.interface = interface
        self.xdpMode = xdpMode
        self.referenceLevel = referenceLevel
        self.maximumRequests = maximumRequests
        self.since = since
        self.seed = seed
    }

    var text: String {
        let mode = xdpMode.map { " xdp=\($0.rawValue)" } ?? ""
        return "version=\(version) role=\(role.rawValue) interface=\(interface)\(mode) level=\(referenceLevel)"
            + " max_requests=\(maximumRequests) trust=\(trust) since=\(since) seed=\(seed)"
    }
}

extension ClassicFilter {
    /// As it is kept beside the pins, from before the filter is made: `handle priority owned` or `… shared`, for the
    /// qdisc.
    var text: String { "\(handle) \(priority) \(ownsQueueingDiscipline ? "owned" : "shared")" }

    init?(_ text: String, interfaceIndex: UInt32) {
        let words = text.split(separator: " ")
        guard words.count == 3, let handle = UInt32(words[0]), let priority = UInt32(words[1]) else { return nil }
        self.init(
            interfaceIndex: interfaceIndex, handle: handle, priority: priority,
            ownsQueueingDiscipline: words[2] == "owned")
    }
}
