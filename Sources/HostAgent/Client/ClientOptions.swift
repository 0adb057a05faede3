// SPDX-License-Identifier: Apache-2.0

import Addresses
public import Journeys
internal import TelemetryFormats

/// Into which requests a client's host, the INT source, inserts telemetry, and which device is the sink.
public struct ClientOptions: Sendable, Hashable {
    /// The device at which the telemetry of replies ends.
    public enum Sink: String, Sendable, Hashable, CaseIterable {
        /// This host removes the telemetry from the reply and reports it to its own agent.
        case host
        /// A switch removes it. This host reports each request into which it inserted telemetry; a reply that comes
        /// with telemetry nevertheless is handled as with `host`.
        case `switch`
    }

    /// Destinations whose requests get telemetry; none by default.
    public var peers: [Peer] = []
    /// The level of the hop records that switches add.
    public var level: UInt8 = Level.standard.rawValue
    /// Which of the requests to peers get telemetry.
    public var sampling = Sampling.every
    /// The INT sink.
    public var sink = Sink.host
    /// Whether the application's send and receive calls are timed, by programs that run in every such call on the
    /// machine.
    public var timesCalls = true
    /// Whether telemetry is inserted only while the next device on the way answers probes that it takes it, and while the
    /// replies of a service bring it.
    public var probes = true
    /// The number in the source records; attaching sets it to the host's.
    public var hostID: HostID = 1
    /// Flows numbered at the same time. The least recently used flow is evicted and restarts at 1.
    public var maximumFlows = 4096
    /// Bytes of the ring between programs and agent: a power of two, and whole pages.
    public var ringBytes = 1 << 20

    /// No peers: no request gets telemetry.
    public init() {}
}
