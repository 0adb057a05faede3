// SPDX-License-Identifier: Apache-2.0

public import BPF
internal import CHostPrograms

/// What is attached to an interface, and what it has done so far.
public struct HostStatus: Sendable, Hashable {
    /// The name of the interface.
    public let interface: String
    /// What the host does.
    public let role: HostRole
    /// The version of the programs and maps, which an upgrade compares.
    public let version: Int
    /// Where the XDP program runs.
    public let xdpMode: XDPMode
    /// `tcx` or `clsact`.
    public let egressHook: String
    /// Why XDP is not native; nil if it is, or was not asked to be, and once the attaching process is gone.
    public internal(set) var nativeRefusal: String?
    /// After a replacement: whether the maps, and the telemetry that waits in them, were kept. Else nil.
    public internal(set) var keptMaps: Bool?
    /// After a replacement: why ports that had their first telemetry during it are not known. Else nil.
    public internal(set) var lostMarks: String?
    /// Nanoseconds of CLOCK_REALTIME.
    public let since: UInt64
    /// The kernel's number of the XDP program.
    public let xdpProgramID: UInt32
    /// nil when the egress program has been taken away by others.
    public let egressProgramID: UInt32?
    /// Kernel memory of all maps.
    public let memoryBytes: Int?
    /// Frames of both hooks by reason.
    public let counts: FrameCounts
    /// nil for a client alone.
    public let server: ServerStatus?
    /// nil for a server alone.
    public let client: ClientStatus?
    /// Probes of the switch at the other end; nil where the kernel has no TCX.
    public let probes: ProbeStatus?
    /// Parts that the kernel did not accept, with its reasons.
    public let absent: [AbsentPart]

    /// Requests whose telemetry was saved since the counters began.
    public var saved: UInt64 { counts[.xdpSaved] }
    /// Replies that left with their telemetry.
    public var restored: UInt64 { counts[.tcRestored] }
    /// Requests whose saved telemetry gave way to that of a newer request.
    public var evicted: UInt64 { counts[.xdpEvicted] }

    /// Level of the records of frames in the reference format; nil for a client alone.
    public var referenceLevel: Int? { server?.referenceLevel }
    /// How many requests may wait for their reply at the same time; nil for a client alone.
    public var maximumRequests: Int? { server?.maximumRequests }
    /// Whose telemetry is kept, as text; nil for a client alone.
    public var trust: String? { server?.trust }
    /// Rules of ports that do not have the default; nil for a client alone.
    public var rules: [MatchingRule]? { server?.rules }
    /// Requests whose telemetry waits for the reply now.
    public var waiting: Int { server?.waiting ?? 0 }
    /// Requests answered with telemetry.
    public var answered: UInt64 { server?.answered ?? 0 }
    /// Numbered requests that have arrived; nil for a client alone.
    public var arrivals: Arrivals? { server?.arrivals }
    /// Which stages of the latency breakdown are measured; nil for a client alone.
    public var breakdown: BreakdownStatus? { server?.breakdown }
}

/// One flat object: what belongs to a part that the role has not is left out.
extension HostStatus: Encodable {
    private enum CodingKeys: String, CodingKey {
        case interface, role, version, trust, rules, since, waiting, answered, counts, arrivals, client, absent,
            probes, breakdown
        case oldestWaiting = "oldest_waiting_seconds"
        case xdpMode = "xdp_mode"
        case egressHook = "egress_hook"
        case keptMaps = "kept_maps"
        case lostMarks = "lost_marks"
        case nativeRefusal = "native_refusal"
        case xdpProgramID = "xdp_program_id"
        case egressProgramID = "egress_program_id"
        case referenceLevel = "reference_level"
        case maximumRequests = "max_requests"
        case memoryBytes = "memory_bytes"
        case clientSettings = "client_settings"
    }

    /// The form of `host status --json`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(interface, forKey: .interface)
        try container.encode(role.rawValue, forKey: .role)
        try container.encode(version, forKey: .version)
        try container.encode(xdpMode.rawValue, forKey: .xdpMode)
        try container.encode(egressHook, forKey: .egressHook)
        try container.encodeIfPresent(nativeRefusal, forKey: .nativeRefusal)
        try container.encodeIfPresent(keptMaps, forKey: .keptMaps)
        try container.encodeIfPresent(lostMarks, forKey: .lostMarks)
        try container.encode(since, forKey: .since)
        try container.encode(xdpProgramID, forKey: .xdpProgramID)
        try container.encodeIfPresent(egressProgramID, forKey: .egressProgramID)
        try container.encodeIfPresent(memoryBytes, forKey: .memoryBytes)
        try container.encode(counts, forKey: .counts)
        try container.encode(absent, forKey: .absent)
        try container.encodeIfPresent(probes, forKey: .probes)
        try container.encodeIfPresent(client, forKey: .clientSettings)
        try container.encodeIfPresent(client?.counts, forKey: .client)
        guard let server else { return }
        try container.encode(server.referenceLevel, forKey: .referenceLevel)
        try container.encode(server.maximumRequests, forKey: .maximumRequests)
        try container.encode(server.trust, forKey: .trust)
        try container.encode(server.rules, forKey: .rules)
        try container.encode(server.waiting, forKey: .waiting)
        try container.encode(server.oldestWaiting, forKey: .oldestWaiting)
        try container.encode(server.answered, forKey: .answered)
        try container.encode(server.arrivals, forKey: .arrivals)
        try container.encode(server.breakdown, forKey: .breakdown)
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
        role = record.role
        version = record.version
        absent = generation.absentParts()
        xdpMode = record.xdpMode ?? .generic
        egressHook = filter == nil ? "tcx" : "clsact"
        nativeRefusal = nil
        keptMaps = nil
        lostMarks = nil
        since = record.since
        xdpProgramID = try BPFLink(pinnedAt: generation.path(of: .xdp)).information().programID
        egressProgramID = filter.map { $0.programID() } ?? Self.egressProgram(generation)
        memoryBytes = maps.memory()
        counts = try maps.counts(of: record.role)
        server =
            record.role == .client
            ? nil : try ServerStatus(record, maps, hooks: generation.hooks(), absent: generation.absentParts())
        client = try ClientStatus(maps, hooks: generation.hooks())
        probes = generation.hooks().contains(.ingress) ? try Discovery.read(from: maps).map(ProbeStatus.init) : nil
    }

    private static func egressProgram(_ generation: PinDirectory) -> UInt32? {
        guard let link = try? BPFLink(pinnedAt: generation.path(of: .egress)),
            let information = try? link.information(), information.interfaceIndex != 0
        else { return nil }
        return information.programID
    }
}
