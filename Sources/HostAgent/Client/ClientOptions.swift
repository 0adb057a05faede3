// SPDX-License-Identifier: Apache-2.0

import Addresses
public import TelemetryFormats

/// What a client's host begins telemetry for, and where its journeys end.
public struct ClientOptions: Sendable, Hashable {
    public enum Sink: String, Sendable, Hashable, CaseIterable {
        /// This host takes the telemetry off the reply and hands it to its own agent.
        case host
        /// A switch does. This host tells its agent of each request that it began telemetry for; what comes with
        /// telemetry nevertheless is handled as with `host`.
        case `switch`
    }

    /// Whom requests are stamped for; nobody by default.
    public var peers: [Peer] = []
    /// Of the hop records that switches add.
    public var level: UInt8 = Level.standard.rawValue
    public var sampling = Sampling.every
    public var sink = Sink.host
    /// Whether the application's send and receive calls are timed, by programs that every such call on the machine
    /// passes.
    public var timesCalls = true
    /// In the source records; attaching sets it to the host's.
    public var hostID: HostID = 1
    /// Flows that are numbered at once; the one that was silent longest gives way, and begins anew at 1.
    public var maximumFlows = 4096
    /// Bytes of the ring between programs and agent: a power of two, and whole pages.
    public var ringBytes = 1 << 20

    public init() {}
}
