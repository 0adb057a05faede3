// SPDX-License-Identifier: Apache-2.0

public import Addresses

/// What one report says of a request and its reply: what a codec makes of bytes. Assembly makes a `Journey` of it.
public struct JourneyReport: Sendable, Hashable {
    /// Which hops of the paths a report contains.
    public enum Coverage: Sendable, Hashable {
        /// All that added to it.
        case everyHop
        /// One, chosen by chance among those that the packet met.
        case oneHop
    }

    /// In the request's direction, client first.
    public var flow: Flow
    /// The first 4 bytes of the UDP or TCP payload; nil if the packet was cut before them.
    public var requestID: UInt32?
    /// Of TCP: the place of the reported segment, usually the reply's, in its connection.
    public var segment: TCPSegment?
    /// In the order of travel: the request path, then the return path.
    public var hops: [HopMeasurement]
    /// How many of `hops` are on the request path; nil if the report does not say.
    public var requestHopCount: Int?
    /// Which hops `hops` contains.
    public var coverage = Coverage.everyHop
    /// Hops that the packet met and that took part, on both paths.
    public var hopsMet: Int
    /// How many of `hopsMet` are on the request path; nil if the report does not say.
    public var requestHopsMet: Int?
    /// The server's host.
    public var host: HostMeasurement?
    /// The client's host, if it was the INT source.
    public var source: SourceMeasurement?
    /// What the report itself says is missing; absent hops and hosts are found when the journey is made.
    public var missing: MissingData = []
    /// How it was encoded.
    public var encoding: TelemetryEncoding
    /// Bytes of the telemetry.
    public var telemetry: TelemetrySize
    /// Bytes of the packet without its telemetry, Ethernet header included; nil if its length was cut off.
    public var packetLength: Int?
    /// Equal bytes are the same packet: they contain a time or a counter.
    public var identifiesPacket = true

    /// A report of all hops; `hopsMet` and `requestHopsMet` follow from the hops.
    /// - Parameter requestHopCount: how many of `hops` are on the request path; nil if that is unknown.
    public init(
        flow: Flow, hops: [HopMeasurement], requestHopCount: Int?, encoding: TelemetryEncoding, telemetry: TelemetrySize
    ) {
        self.flow = flow
        self.hops = hops
        self.requestHopCount = requestHopCount
        self.encoding = encoding
        self.telemetry = telemetry
        hopsMet = hops.count
        requestHopsMet = requestHopCount
    }
}
