// SPDX-License-Identifier: Apache-2.0

public import Addresses

/// Everything known about one request and its reply. Its parts are computed when it is made, and stay with it.
public struct Journey: Sendable, Hashable {
    /// What was reported.
    public let report: JourneyReport
    /// What the client knows of its request; nil if nobody has both.
    public let client: ClientTimes?
    /// What the server's agent reports of the request; nil if nothing came in time.
    public let hostReport: HostReport?
    /// It was taken for one that did not return, by its server's agent or by the collector, and came after all.
    public let returnedLate: Bool
    /// When the collector saw the report: nanoseconds of the domain's clock.
    public let time: UInt64
    /// What is missing; empty for a complete journey.
    public let missing: MissingData
    /// Switches and hosts in it whose reports the collector does not expect.
    public let unexpectedNodes: [ReportingNode]
    /// The journey divided into parts, in the order of travel.
    public private(set) var parts: [JourneyPart] = []

    /// The end of assembly.
    /// - Parameters:
    ///   - time: when the collector saw the report, nanoseconds of the domain's clock.
    ///   - client: what the client knows of the request.
    ///   - hostReport: what the server's agent reports of it.
    ///   - returnedLate: whether the collector took it for one that did not return.
    ///   - expected: whose reports are expected.
    public init(
        _ report: JourneyReport, seenAt time: UInt64, client: ClientTimes? = nil, hostReport: HostReport? = nil,
        returnedLate: Bool = false, expected: ExpectedNodes = ExpectedNodes()
    ) {
        self.report = report
        self.client = client
        self.hostReport = hostReport
        self.returnedLate = returnedLate || hostReport?.outcome == .answered(late: true)
        self.time = time
        missing = MissingData(in: report)
        unexpectedNodes = expected.unexpected(in: report)
        parts = computedParts
    }
}

extension Journey {
    /// The first 4 bytes of the UDP or TCP payload; nil if the packet was cut before them.
    public var requestID: UInt32? { report.requestID }
    /// The request id where it tells requests apart: over UDP. The first bytes of a TCP segment are what the application
    /// says, such as `HTTP`.
    public var distinctID: UInt32? { flow.ipProtocol == .udp ? requestID : nil }
    /// Of TCP: the place of the reported segment, usually the reply's, in its connection.
    public var segment: TCPSegment? { report.segment }
    /// What the request asked for, by the server's agent; nil if nothing came in time.
    public var identity: RequestIdentity? { hostReport?.identity }
    /// The complete reply over TCP, by the server's agent; nil if nothing came in time.
    public var reply: ReplyMeasurement? { hostReport?.reply }
    /// In the request's direction, client first.
    public var flow: Flow { report.flow }
    /// How the report was encoded.
    public var encoding: TelemetryEncoding { report.encoding }
    /// In the order of travel: the request path, then the return path.
    public var hops: [HopMeasurement] { report.hops }
    /// Hops that the packet met and that took part.
    public var hopsMet: Int { report.hopsMet }
    /// How many of `hops` are on the request path; nil if that is unknown.
    public var requestHopCount: Int? { report.requestHopCount }
    /// How many of `hopsMet` are on the request path; nil if that is unknown.
    public var requestHopsMet: Int? { report.requestHopsMet }
    /// Which hops `hops` contains.
    public var coverage: JourneyReport.Coverage { report.coverage }
    /// The server's host.
    public var host: HostMeasurement? { report.host }
    /// The client's host, if it was the INT source.
    public var source: SourceMeasurement? { report.source }
    /// Bytes that the telemetry added to the packet.
    public var telemetrySize: Int { report.telemetry.total }
    /// Hops of the request path, in the order of travel; empty if the direction is unknown.
    public var requestPath: ArraySlice<HopMeasurement> { hops.prefix(requestHopCount ?? 0) }
    /// Hops of the return path, in the order of travel; empty if the direction is unknown.
    public var returnPath: ArraySlice<HopMeasurement> { requestHopCount.map { hops.dropFirst($0) } ?? [] }
    /// Whether its telemetry came back with a reply, as far as is known.
    public var hasReturned: Bool { missing.isDisjoint(with: .notReturned) }
    /// Nothing is missing.
    public var isComplete: Bool { missing.isEmpty }
}
