// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import HostAgent
import TelemetryFormats

/// What `host attach` asks of a client's host.
struct ClientArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "server: strip telemetry from requests and restore it on replies. client: insert it into requests to peers, and remove it from their replies. both: both of these. (default: server, or that of the configuration file)",
            valueName: "role"))
    var role: HostRole?

    @Option(
        help: ArgumentHelp(
            "Insert telemetry into requests to these addresses, as long as the next device takes it and replies bring it back: "
                + "10.0.2.0/24, 10.0.2.2:1234, 10.0.2.2:443/tcp, [2001:db8::/64]:53/udp. May be repeated; without it, no request gets telemetry.",
            valueName: "prefix[:port][/protocol]"), transform: { try Peer(parsing: $0) })
    var peer: [Peer] = []

    @Option(
        help: ArgumentHelp(
            "Like --peer, but only for services that strip telemetry themselves, or have sent a reply with a host record.",
            valueName: "prefix[:port][/protocol]"), transform: { try Peer(parsing: $0) })
    var learn: [Peer] = []

    @Option(
        help: ArgumentHelp(
            "Requests to trace: every, 1/100 (one in 100, at random), 100/s (at most 100 per second). (default: every)",
            valueName: "sampling"),
        transform: { try Sampling(parsing: $0) })
    var sample: Sampling?

    @Option(
        help: ArgumentHelp(
            "Who removes the telemetry from replies: this host, or a switch. With switch 'monitor --client' has no journeys to "
                + "show; 'monitor --interface' at the collector of that switch has.", valueName: "sink"))
    var sink: ClientOptions.Sink?

    @Flag(
        help:
            "Do not time the application's calls, which without this flag costs every system call on the machine some 80 ns."
    )
    var noCalls = false

    @Flag(
        help: ArgumentHelp(
            "Insert telemetry without asking. By default the next device on the way, a switch or the server itself, is probed, "
                + "and gets telemetry only while it answers that it takes it; and a service gets no more after 8 requests in a row "
                + "whose replies brought none, except for one after a pause."))
    var noProbe = false

    /// Options that apply only to the client role.
    var givenOptions: [String] {
        [
            ("--peer", !peer.isEmpty), ("--learn", !learn.isEmpty), ("--sample", sample != nil),
            ("--sink", sink != nil), ("--no-calls", noCalls), ("--no-probe", noProbe),
        ]
        .filter(\.1).map(\.0)
    }

    /// Overrides the configuration with the given options.
    /// - Parameter level: as `host attach` was given it.
    func set(in options: inout AttachOptions, level: UInt8?) {
        if let role { options.role = role }
        if !peer.isEmpty || !learn.isEmpty { options.client.peers = peer + learn.map(\.learned) }
        if let level { options.client.level = level }
        if let sample { options.client.sampling = sample }
        if let sink { options.client.sink = sink }
        if noCalls { options.client.timesCalls = false }
        if noProbe { options.client.probes = false }
    }
}
