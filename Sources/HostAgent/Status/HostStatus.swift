// SPDX-License-Identifier: Apache-2.0

internal import BPF
internal import CHostPrograms

/// What is attached to an interface, and what it has done so far.
public struct HostStatus: Sendable, Hashable, Encodable {
    public let interface: String
    /// `server`, `client` or `both`.
    public let role: String
    /// Of the programs and maps: what an upgrade compares.
    public let version: Int
    /// `native` or `generic`.
    public let xdpMode: String
    /// `tcx` or `clsact`.
    public let egressHook: String
    /// Why XDP is not native; nil if it is, or was not asked to be, and once the attaching process is gone.
    public internal(set) var nativeRefusal: String?
    /// After a replacement: whether the maps, and the telemetry that waits in them, were kept. Else nil.
    public internal(set) var keptMaps: Bool?
    /// Nanoseconds of CLOCK_REALTIME.
    public let since: UInt64
    public let xdpProgramID: UInt32
    /// nil when the egress program has been taken away by others.
    public let egressProgramID: UInt32?
    public let referenceLevel: Int
    /// 0 for a client, which saves none.
    public let maximumRequests: Int
    /// Whose telemetry is believed: `everyone`, `nobody`, prefixes, or how many there are.
    public let trust: String
    /// Of ports that have another rule than the default.
    public let rules: [MatchingRule]
    /// Kernel memory of all maps.
    public let memoryBytes: Int?
    /// Requests whose telemetry waits for the reply now.
    public let waiting: Int
    /// Requests answered with telemetry.
    public let answered: UInt64
    public let counts: FrameCounts
    /// Of requests that clients' hosts numbered; nil for a client alone.
    public let arrivals: Arrivals?
    /// Of a client's part; nil without one.
    public let client: ClientCounts?
    /// Parts that the kernel did not take, with its reasons.
    public let absent: [AbsentPart]
    /// Where the host's time is split.
    public let split: SplitStatus

    public var saved: UInt64 { counts[.xdpSaved] }
    public var restored: UInt64 { counts[.tcRestored] }
    public var evicted: UInt64 { counts[.xdpEvicted] }

    enum CodingKeys: String, CodingKey {
        case interface, role, version, trust, rules, since, waiting, answered, counts, arrivals, client, absent, split
        case xdpMode = "xdp_mode"
        case egressHook = "egress_hook"
        case keptMaps = "kept_maps"
        case nativeRefusal = "native_refusal"
        case xdpProgramID = "xdp_program_id"
        case egressProgramID = "egress_program_id"
        case referenceLevel = "reference_level"
        case maximumRequests = "max_requests"
        case memoryBytes = "memory_bytes"
    }
}

extension HostStatus {
    /// Reads the pins of a complete attachment.
    init(_ interface: String, _ place: InterfacePlace, pinnedIn generation: PinDirectory) throws {
        guard let record = generation.record(), record.version == Int(P4NI_ABI_VERSION) else {
            throw HostAgentError(.otherVersion, interface: interface)
        }
        let maps = try HostMaps(pinnedIn: generation)
        let filter = generation.filter(interfaceIndex: place.index)
        self.interface = interface
        role = record.role.rawValue
        version = record.version
        absent = generation.absentParts()
        split = SplitStatus(hooks: generation.hooks(), absent: absent)
        xdpMode = record.xdpMode == .native ? "native" : "generic"
        egressHook = filter == nil ? "tcx" : "clsact"
        nativeRefusal = nil
        keptMaps = nil
        since = record.since
        xdpProgramID = try BPFLink(pinnedAt: generation.path(of: .xdp)).information().programID
        egressProgramID = filter.map { $0.programID() } ?? Self.egressProgram(generation)
        referenceLevel = record.referenceLevel
        maximumRequests = record.maximumRequests
        trust = record.trust
        memoryBytes = maps.memory()
        // Hosts of another role have none.
        rules = (try? maps.readRules()) ?? []
        waiting = try maps.waiting()
        answered = try maps.answered()
        counts = try maps.counts()
        arrivals = record.role == .client ? nil : try maps.arrivals()
        client = try maps.clientCounts()
    }

    private static func egressProgram(_ generation: PinDirectory) -> UInt32? {
        guard let link = try? BPFLink(pinnedAt: generation.path(of: .egress)),
            let information = try? link.information(), information.interfaceIndex != 0
        else { return nil }
        return information.programID
    }
}
