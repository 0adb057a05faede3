// SPDX-License-Identifier: Apache-2.0

internal import BPF
internal import CHostPrograms
internal import EmbeddedPrograms
internal import Journeys
internal import TelemetryFormats

extension ProgramPlan {
    /// The plan of the role that the options ask for.
    static func of(_ options: AttachOptions, seed: UInt64, namespace: UInt64 = 0) -> ProgramPlan {
        switch options.role {
        case .server: .server(options, seed: seed, namespace: namespace)
        case .client:
            client(options, .client, egress: "p4ni_tc_source", seed: seed, namespace)
        case .both: client(options, .both, egress: "p4ni_tc_both", seed: seed, namespace)
        }
    }

    /// bpf/client.bpf.c in place of bpf/host.bpf.c: it holds the server's part as well.
    private static func client(
        _ options: AttachOptions, _ role: HostRole, egress: String, seed: UInt64,
        _ namespace: UInt64
    ) -> ProgramPlan {
        var server = options
        // A client alone saves nothing, so there is no time to break down.
        if role == .client {
            server.maximumRequests = 1
            server.breakdown = .off
        }
        let breakdown = server.breakdown
        let plan = ProgramPlan.server(server, seed: seed, namespace: namespace)
        let client = options.client
        return ProgramPlan(
            role: role,
            objects: [
                Object(
                    name: "p4ni_client", image: .client,
                    programs: [
                        .required(xdpProgram(of: role), at: .xdp), .required(egress, at: .egress), Discovery.program,
                    ]
                        + (client.timesCalls ? calls : []))
            ] + BreakdownPrograms.objects(breakdown),
            configure: { (file: borrowing ObjectFile) throws(BPFError) in
                try plan.configure(file)
                if file.hasMap("p4ni_flows") { try file.setMaximumEntries(of: "p4ni_flows", to: client.maximumFlows) }
                if file.hasMap("p4ni_reports") { try file.setMaximumEntries(of: "p4ni_reports", to: client.ringBytes) }
            },
            fill: { (maps: HostMaps) throws(BPFError) in
                try plan.fill(maps)
                try maps.write(client)
                try Discovery.answer(
                    role, as: client.hostID, sink: client.sink, from: options.address, in: maps)
            },
            filled: plan.filled.union(["p4ni_client", "p4ni_peers"]))
    }
}

/// The programs of bpf/client_calls.bpf.c, which is part of the same object.
private let calls: [ProgramPlan.Program] = [
    .optional("p4ni_send_begins", at: .tracing("client_send")),
    .optional("p4ni_receive_ends", at: .tracing("client_receive")),
]

extension ProgramPlan {
    /// The hooks of the programs that time the application's calls.
    static let callHooks = calls.map(\.hook)
}

extension HostMaps {
    /// Writes peers and sampling, also while the programs run.
    func write(_ client: ClientOptions) throws(BPFError) {
        let table = try PeerTable(client.peers)
        var settings = p4ni_client_settings()
        settings.host_id = client.hostID.rawValue
        settings.level = UInt32(client.level)
        client.sampling.set(in: &settings)
        settings.learns = client.peers.contains { $0.isLearned } ? 1 : 0
        settings.reports_sent = client.sink == .switch ? 1 : 0
        settings.probes = client.probes ? 1 : 0
        try map("p4ni_client").value.write(settings)
        try table.write(to: map("p4ni_peers").value)
    }

    /// Stops inserting telemetry. Replies to requests that already carry it are still stripped. Required while XDP is not
    /// attached.
    /// - Returns: whether there is a client's part.
    func pauseInsertion() throws(BPFError) -> Bool {
        guard let map = self["p4ni_client"] else { return false }
        var settings = p4ni_client_settings()
        try map.value.read(&settings)
        // A threshold of 0 selects no request.
        settings.sampling = UInt32(P4NI_SAMPLE_SHARE)
        settings.threshold = 0
        try map.value.write(settings)
        return true
    }

    func clientCounts() throws(BPFError) -> ClientCounts? {
        guard let counts = self["p4ni_client_counts"] else { return nil }
        return ClientCounts(Array(try counts.value.readCounters().prefix(Int(P4NI_CLIENT_REASONS.rawValue))))
    }
}
