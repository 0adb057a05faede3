// SPDX-License-Identifier: Apache-2.0

public import BPF
internal import CHostPrograms
internal import EmbeddedPrograms
internal import FoundationEssentials
internal import Journeys
internal import TelemetryFormats

/// The server's programs, loaded and not yet attached, for tests and benchmarks that run them without an interface.
public struct HostPrograms: ~Copyable, Sendable {
    /// The program of the XDP hook.
    public let strip: BPFProgram
    /// The program of TC egress.
    public let restore: BPFProgram
    let maps: HostMaps

    /// - Parameter seed: of the hash that spreads requests over the store; random except in tests and benchmarks.
    public init(
        _ options: AttachOptions, seed: UInt64 = UInt64.random(in: 1 ... .max)
    ) throws(BPFError) {
        let loaded = try LoadedPrograms(.server(options, seed: seed))
        let strip = try loaded.program(at: .xdp).value.copy()
        let restore = try loaded.program(at: .egress).value.copy()
        self.strip = strip
        self.restore = restore
        maps = loaded.maps
    }

    /// Frames by what became of them, since the programs were loaded.
    public func counts() throws(BPFError) -> FrameCounts { try maps.counts() }

    /// Requests whose telemetry waits for a reply now.
    public func waiting() throws(BPFError) -> Int { try maps.waiting().count }
}

extension ProgramPlan {
    /// bpf/host.bpf.c: XDP saves and strips telemetry, TC egress restores it.
    /// - Parameter namespace: inode of the interface's network namespace, whose sockets alone are looked at.
    static func server(_ options: AttachOptions, seed: UInt64, namespace: UInt64 = 0) -> ProgramPlan {
        let layout = StoreLayout(maximumRequests: options.maximumRequests)
        let constants = p4ni_config(
            version: UInt32(P4NI_ABI_VERSION), reference_level: UInt32(options.referenceLevel.rawValue),
            sets: UInt32(layout.sets), front_sets: UInt32(layout.frontSets), hash_seed: seed,
            trust: options.trust.number, legacy: options.isLegacy ? 1 : 0, host_id: options.hostID?.rawValue ?? 0,
            queued: UInt32(BreakdownPrograms.queued(layout)), namespace: UInt32(truncatingIfNeeded: namespace),
            reserved: 0)
        return ProgramPlan(
            role: .server,
            objects: [
                Object(
                    name: "p4ni_host", image: .host,
                    programs: [
                        .required(ProgramPlan.xdpProgram(of: .server), at: .xdp),
                        .required("p4ni_tc_restore", at: .egress),
                        Discovery.program,
                    ])
            ] + BreakdownPrograms.objects(options.breakdown),
            configure: { (file: borrowing ObjectFile) throws(BPFError) in
                if file.hasMap("p4ni_index") { try file.setMaximumEntries(of: "p4ni_index", to: layout.sets) }
                if file.hasMap("p4ni_slots") { try file.setMaximumEntries(of: "p4ni_slots", to: layout.slots) }
                if file.hasMap("p4ni_connections") {
                    try file.setMaximumEntries(of: "p4ni_connections", to: layout.connections)
                }
                try BreakdownPrograms.size(file, for: layout, options.breakdown)
                if file.hasMap(".rodata.config") { try file.setInitialValue(of: ".rodata.config", to: constants) }
            },
            fill: { (maps) throws(BPFError) in
                try maps.writeRules(options.rules)
                try maps.writeTrusted(options.trust)
                try Discovery.answer(.server, as: options.hostID, from: options.address, in: maps)
            }, filled: ["p4ni_rules", "p4ni_trusted"])
    }
}

/// How many slots telemetry waits in, and how they are grouped.
struct StoreLayout: Sendable, Hashable {
    /// Sets that new telemetry goes to while they have room: 128 slots, 200 KB, stay in a processor's cache.
    static let largestFront = 16

    let sets: Int
    let frontSets: Int

    var slots: Int { sets * Int(P4NI_WAYS) }
    /// TCP connections that are remembered; beyond that the least used is forgotten.
    let connections: Int

    /// Half as many slots again as requests: a key may be in three sets, and with this much overflow room, all three
    /// are hardly ever full before the store is.
    init(maximumRequests: Int) {
        let requests = min(
            max(maximumRequests, AttachOptions.maximumRequestsRange.lowerBound),
            AttachOptions.maximumRequestsRange.upperBound)
        let overflow = (requests * 3 / 2 + Int(P4NI_WAYS) - 1) / Int(P4NI_WAYS)
        connections = min(max(requests, 1024), 1 << 18)
        frontSets = min(Self.largestFront, max(1, overflow / 4))
        sets = overflow + frontSets
    }
}
