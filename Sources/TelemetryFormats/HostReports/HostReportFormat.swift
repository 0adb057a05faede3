// SPDX-License-Identifier: Apache-2.0

public import Journeys
internal import Wire

/// The datagrams in which a host's agent reports requests: docs/reference/host-report.md has the layout.
public enum HostReportFormat {
    /// One report as it is on the wire.
    public struct Message: Sendable, Hashable {
        /// The report; its `request` is nil.
        public var report: HostReport
        /// The request as it arrived at the host; nil: not contained.
        public var request: RequestTelemetry?
        /// The host's times; nil: not contained. It has details.
        public var host: HostMeasurement?

        /// A message.
        public init(_ report: HostReport, request: RequestTelemetry? = nil, host: HostMeasurement? = nil) {
            self.report = report
            self.request = request
            self.host = host
        }

        /// The report with its request decoded.
        public func decoded(by decoder: TelemetryDecoder = TelemetryDecoder()) -> HostReport {
            var decoded = report
            decoded.request = request?.report(by: decoder)
            decoded.request?.host = host
            return decoded
        }
    }

    /// The first 4 bytes: "P4HR".
    static let magic: UInt32 = 0x5034_4852
    /// What is written.
    static let version: UInt8 = 2
    /// What is read.
    static let versions: ClosedRange<UInt8> = 1...2
    /// Bytes of a datagram at most, so that it fits an MTU of 1500 with any headers.
    public static let largestDatagram = 1400
    static let headerSize = 8
    /// Where the number of reports is.
    public static let countOffset = 5
    /// Of one report without its sections, after its length.
    static let fixedSize = 14

    /// Datagrams with these reports, in their order. Telemetry that no datagram has room for is left out.
    public static func datagrams(of messages: [Message]) -> [[UInt8]] {
        var datagrams: [[UInt8]] = []
        var bodies: [[UInt8]] = []
        var size = headerSize
        for body in messages.map(body) {
            if size + body.count > largestDatagram || bodies.count == 255 {
                datagrams.append(datagram(bodies))
                bodies = []
                size = headerSize
            }
            bodies.append(body)
            size += body.count
        }
        if !bodies.isEmpty { datagrams.append(datagram(bodies)) }
        return datagrams
    }

    /// Datagrams with reports that contain no request.
    public static func datagrams(of reports: [HostReport]) -> [[UInt8]] { datagrams(of: reports.map { Message($0) }) }

    /// The messages of a datagram, without those of unknown type; nil if it is not of version 1 or 2, or damaged
    /// anywhere.
    public static func messages(in datagram: Span<UInt8>) -> [Message]? {
        var cursor = PacketCursor(datagram)
        guard datagram.count <= largestDatagram, (try? cursor.uint32()) == magic, let version = try? cursor.uint8(),
            versions.contains(version), let count = try? cursor.uint8(), (try? cursor.skip(2)) != nil
        else { return nil }
        var messages: [Message] = []
        for _ in 0..<count {
            guard let length = try? cursor.uint16(), let body = try? cursor.span(Int(length)),
                let found = version == 1 ? reportOfVersion1(body).map({ Message($0) }) : message(body)
            else { return nil }
            if let message = found { messages.append(message) }
        }
        return cursor.remaining == 0 ? messages : nil
    }

    /// The reports of a datagram with their requests decoded; nil as for `messages(in:)`.
    public static func reports(
        in datagram: Span<UInt8>, by decoder: TelemetryDecoder = TelemetryDecoder()
    ) -> [HostReport]? {
        messages(in: datagram)?.map { $0.decoded(by: decoder) }
    }

    private static func datagram(_ bodies: [[UInt8]]) -> [UInt8] {
        var writer = PacketWriter(reserving: largestDatagram)
        writer.uint32(magic)
        writer.uint8(version)
        writer.uint8(UInt8(bodies.count))
        writer.uint16(0)
        for body in bodies { writer.append(body) }
        return writer.bytes
    }
}

extension HostReportFormat {
    /// One report with its length in front.
    private static func body(_ message: Message) -> [UInt8] {
        let body = body(message, sections(of: message))
        guard headerSize + body.count > largestDatagram else { return body }
        var shorter = message
        shorter.request?.bytes = []
        return self.body(shorter, sections(of: shorter))
    }

    private static func body(_ message: Message, _ sections: [UInt8]) -> [UInt8] {
        let code = OutcomeCode(message.report.outcome)
        var writer = PacketWriter()
        writer.uint16(UInt16(fixedSize + sections.count))
        writer.uint8(code.type)
        writer.uint8(code.detail)
        writer.uint32(message.report.key.host.rawValue)
        writer.uint64(message.report.key.ordinal)
        writer.append(sections)
        return writer.bytes
    }

    /// - Returns: nil if it is damaged; a message that is nil if its type is unknown.
    private static func message(_ body: Span<UInt8>) -> Message?? {
        var cursor = PacketCursor(body)
        guard let type = try? cursor.uint8(), let detail = try? cursor.uint8(), let host = try? cursor.uint32(),
            let ordinal = try? cursor.uint64()
        else { return nil }
        let outcome = OutcomeCode(type: type, detail: detail).outcome
        let key = HostReport.Key(host: HostID(rawValue: host), ordinal: ordinal)
        var message = Message(HostReport(key, RequestIdentity(kind: .connection), outcome ?? .givenUp))
        guard readSections(&cursor, into: &message) else { return nil }
        return .some(outcome == nil ? nil : message)
    }

    private static func reportOfVersion1(_ body: Span<UInt8>) -> HostReport? {
        var cursor = PacketCursor(body)
        guard let host = try? cursor.uint32(), let ordinal = try? cursor.uint64(),
            let identity = RequestIdentity(parsing: &cursor), cursor.remaining == 0
        else { return nil }
        return HostReport(HostReport.Key(host: HostID(rawValue: host), ordinal: ordinal), identity)
    }
}

/// An outcome as two bytes.
struct OutcomeCode: Hashable {
    var type: UInt8
    var detail: UInt8
}

extension OutcomeCode {
    init(_ outcome: HostReport.Outcome) {
        switch outcome {
        case .answered(let late): self.init(type: 0, detail: late ? 1 : 0)
        case .unanswered: self.init(type: 1, detail: 0)
        case .noRoom(let obstacle): self.init(type: 2, detail: obstacle.rawValue)
        case .givenUp: self.init(type: 3, detail: 0)
        case .completion: self.init(type: 4, detail: 0)
        }
    }

    /// Nil for an unknown type. An unknown detail counts as none.
    var outcome: HostReport.Outcome? {
        switch type {
        case 0: .answered(late: detail == 1)
        case 1: .unanswered
        case 2: .noRoom(HostReport.Obstacle(rawValue: detail) ?? .other)
        case 3: .givenUp
        case 4: .completion
        default: nil
        }
    }
}
