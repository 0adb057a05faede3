// SPDX-License-Identifier: Apache-2.0

internal import BPF
internal import CHostPrograms
public import Journeys

/// The client role's settings and counters, read from the maps.
public struct ClientStatus: Sendable, Hashable {
    /// The host's number in source records.
    public let hostID: HostID
    /// The level of the hop records that switches add.
    public let level: Int
    /// `every`, `1/100`, `100/s`; `none` while no telemetry is inserted.
    public let sampling: String
    /// The INT sink.
    public let sink: ClientOptions.Sink
    /// Prefixes whose requests get telemetry.
    public let peers: Int
    /// Whether the application's calls are timed.
    public let timesCalls: Bool
    /// Devices that requests went to, and whether they take telemetry; nil: they are not asked.
    public let neighbours: [NeighbourStatus]?
    /// Services towards which no more telemetry is inserted.
    public let stopped: [StoppedService]
    /// Frames by what the client role made of them.
    public let counts: ClientCounts

    /// nil where there is no client's part.
    init?(_ maps: HostMaps, hooks: [HostHook]) throws(BPFError) {
        guard let counts = try maps.clientCounts() else { return nil }
        var settings = p4ni_client_settings()
        try maps.map("p4ni_client").value.read(&settings)
        hostID = HostID(rawValue: settings.host_id)
        level = Int(settings.level)
        sampling = Sampling(settings).map(\.description) ?? "none"
        sink = settings.reports_sent == 1 ? .switch : .host
        peers = try maps.map("p4ni_peers").value.keys(startingFrom: p4ni_peer_key()).count
        timesCalls = ProgramPlan.callHooks.allSatisfy(hooks.contains)
        neighbours = settings.probes == 1 ? try NeighbourStatus.all(in: maps) : nil
        stopped = settings.probes == 1 ? try StoppedService.all(in: maps) : []
        self.counts = counts
    }
}

extension ClientStatus: Encodable {
    private enum CodingKeys: String, CodingKey {
        case level, sampling, sink, peers, neighbours, stopped
        case hostID = "host_id"
        case timesCalls = "times_calls"
    }

    /// The form of `host status --json`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(hostID.rawValue, forKey: .hostID)
        try container.encode(level, forKey: .level)
        try container.encode(sampling, forKey: .sampling)
        try container.encode(sink.rawValue, forKey: .sink)
        try container.encode(peers, forKey: .peers)
        try container.encode(timesCalls, forKey: .timesCalls)
        try container.encode(neighbours, forKey: .neighbours)
        try container.encode(stopped, forKey: .stopped)
    }
}
