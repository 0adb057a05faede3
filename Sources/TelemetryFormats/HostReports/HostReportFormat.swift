// SPDX-License-Identifier: Apache-2.0

public import Journeys
internal import Wire

/// The datagrams in which a host's agent reports requests: docs/reference/host-report.md has the layout.
public enum HostReportFormat {
    /// The first 4 bytes: "P4HR".
    static let magic: UInt32 = 0x5034_4852
    static let version: UInt8 = 1
    /// Bytes of a datagram at most, so that it fits an MTU of 1500 with any headers.
    public static let largestDatagram = 1400
    static let headerSize = 8
    /// Where the number of reports is.
    public static let countOffset = 5
    /// Of one report without its texts.
    static let fixedSize = 32
    static let traceSize = 25

    static let targetFlag: UInt8 = 0x01
    static let traceFlag: UInt8 = 0x02

    /// Datagrams with these reports, in their order.
    public static func datagrams(of reports: [HostReport]) -> [[UInt8]] {
        var datagrams: [[UInt8]] = []
        var bodies: [[UInt8]] = []
        var size = headerSize
        for body in reports.map(body) {
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

    /// The reports of a datagram; nil if it is not of this version, or damaged anywhere.
    public static func reports(in datagram: Span<UInt8>) -> [HostReport]? {
        var cursor = PacketCursor(datagram)
        guard datagram.count <= largestDatagram, (try? cursor.uint32()) == magic, (try? cursor.uint8()) == version,
            let count = try? cursor.uint8(), (try? cursor.skip(2)) != nil
        else { return nil }
        var reports: [HostReport] = []
        for _ in 0..<count {
            guard let length = try? cursor.uint16(), let body = try? cursor.span(Int(length)),
                let report = report(body)
            else { return nil }
            reports.append(report)
        }
        return cursor.remaining == 0 ? reports : nil
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
    /// One report with its length in front. Texts are cut to 255 bytes.
    private static func body(_ report: HostReport) -> [UInt8] {
        let identity = report.identity
        let operation = Array(identity.operation.utf8.prefix(255))
        let target = identity.target.map { Array($0.utf8.prefix(255)) }
        var writer = PacketWriter()
        let trace = identity.trace == nil ? 0 : traceSize
        writer.uint16(UInt16(fixedSize + operation.count + (target?.count ?? 0) + trace))
        writer.uint32(report.key.host.rawValue)
        writer.uint64(report.key.ordinal)
        writer.uint64(identity.connection)
        writer.uint32(identity.sequence)
        writer.uint8(identity.kind.rawValue)
        writer.uint8((target == nil ? 0 : targetFlag) | (identity.trace == nil ? 0 : traceFlag))
        writer.uint8(UInt8(operation.count))
        writer.uint8(UInt8(target?.count ?? 0))
        writer.uint32(0)
        writer.append(operation)
        writer.append(target ?? [])
        if let trace = identity.trace {
            writer.append(bytes(ofDigits: trace.traceID) + bytes(ofDigits: trace.parentID) + [trace.flags])
        }
        return writer.bytes
    }

    private static func report(_ body: Span<UInt8>) -> HostReport? {
        var cursor = PacketCursor(body)
        guard let host = try? cursor.uint32(), let ordinal = try? cursor.uint64(),
            let connection = try? cursor.uint64(), let sequence = try? cursor.uint32(),
            let kind = (try? cursor.uint8()).flatMap(RequestIdentity.Kind.init), let flags = try? cursor.uint8(),
            let operationLength = try? cursor.uint8(), let targetLength = try? cursor.uint8(),
            (try? cursor.skip(4)) != nil, let operation = text(&cursor, operationLength),
            let target = text(&cursor, targetLength)
        else { return nil }
        var identity = RequestIdentity(kind: kind, operation: operation)
        if flags & targetFlag != 0 { identity.target = target }
        if flags & traceFlag != 0 {
            guard let trace = trace(&cursor) else { return nil }
            identity.trace = trace
        }
        identity.connection = connection
        identity.sequence = sequence
        guard cursor.remaining == 0 else { return nil }
        return HostReport(HostReport.Key(host: HostID(rawValue: host), ordinal: ordinal), identity)
    }

    /// Printable ASCII, or nil: what others send must not control a terminal.
    private static func text(_ cursor: inout PacketCursor, _ length: UInt8) -> String? {
        guard let bytes = try? cursor.array(Int(length)), bytes.allSatisfy({ (0x20...0x7e).contains($0) }) else {
            return nil
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func trace(_ cursor: inout PacketCursor) -> TraceContext? {
        guard let id = try? cursor.array(16), let parent = try? cursor.array(8), let flags = try? cursor.uint8() else {
            return nil
        }
        return TraceContext(traceID: digits(of: id), parentID: digits(of: parent), flags: flags)
    }

    private static func digits(of bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private static func bytes(ofDigits text: String) -> [UInt8] {
        let digits = text.utf8.map { $0 < 0x3a ? $0 &- 0x30 : $0 &- 0x57 }
        return stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }
}
