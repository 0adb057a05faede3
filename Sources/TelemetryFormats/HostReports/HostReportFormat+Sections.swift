// SPDX-License-Identifier: Apache-2.0

internal import Addresses
internal import Journeys
internal import Wire

/// The parts of a report of version 2: kind, 1 byte that is ignored, the content's length in 2 bytes, content.
private enum SectionKind: UInt8 {
    case identity = 1
    case request = 2
    case host = 3
    case reply = 4
}

extension HostReportFormat {
    static func sections(of message: Message) -> [UInt8] {
        var writer = PacketWriter()
        if message.report.outcome != .completion {
            append(.identity, message.report.identity.encoded, to: &writer)
        }
        if let request = message.request { append(.request, request.encoded, to: &writer) }
        if let host = message.host, host.details != nil {
            var record = PacketWriter()
            HostRecord.write(host, next: .ipv4, into: &record)
            append(.host, record.bytes, to: &writer)
        }
        if let reply = message.report.reply { append(.reply, reply.encoded, to: &writer) }
        return writer.bytes
    }

    private static func append(_ kind: SectionKind, _ content: [UInt8], to writer: inout PacketWriter) {
        writer.uint8(kind.rawValue)
        writer.uint8(0)
        writer.uint16(UInt16(content.count))
        writer.append(content)
    }

    /// Reads sections to the end; those of unknown kind are skipped.
    /// - Returns: false if one is damaged, or a known kind comes twice.
    static func readSections(_ cursor: inout PacketCursor, into message: inout Message) -> Bool {
        var found: Set<SectionKind> = []
        while cursor.remaining > 0 {
            guard let number = try? cursor.uint8(), (try? cursor.skip(1)) != nil, let length = try? cursor.uint16(),
                let content = try? cursor.span(Int(length))
            else { return false }
            guard let kind = SectionKind(rawValue: number) else { continue }
            guard found.insert(kind).inserted, read(kind, content, into: &message) else { return false }
        }
        return true
    }

    private static func read(_ kind: SectionKind, _ content: Span<UInt8>, into message: inout Message) -> Bool {
        var cursor = PacketCursor(content)
        switch kind {
        case .identity:
            guard let identity = RequestIdentity(parsing: &cursor) else { return false }
            message.report.identity = identity
        case .request:
            guard let request = RequestTelemetry(parsing: &cursor) else { return false }
            message.request = request
        case .host:
            guard let read = try? HostRecord.parse(.extendedHostRecord, from: &cursor) else { return false }
            message.host = read.host
        case .reply:
            guard let reply = ReplyMeasurement(parsing: &cursor) else { return false }
            message.report.reply = reply
        }
        return cursor.remaining == 0
    }
}

extension RequestIdentity {
    private static let targetFlag: UInt8 = 0x01
    private static let traceFlag: UInt8 = 0x02

    /// Texts are cut to 255 bytes.
    var encoded: [UInt8] {
        let operation = Array(operation.utf8.prefix(255))
        let target = target.map { Array($0.utf8.prefix(255)) }
        var writer = PacketWriter()
        writer.uint64(connection)
        writer.uint32(sequence)
        writer.uint8(kind.rawValue)
        writer.uint8((target == nil ? 0 : Self.targetFlag) | (trace == nil ? 0 : Self.traceFlag))
        writer.uint8(UInt8(operation.count))
        writer.uint8(UInt8(target?.count ?? 0))
        writer.uint32(0)
        writer.append(operation)
        writer.append(target ?? [])
        if let trace {
            writer.append(Self.bytes(ofDigits: trace.traceID) + Self.bytes(ofDigits: trace.parentID) + [trace.flags])
        }
        return writer.bytes
    }

    /// Nil if it is cut off, of unknown kind, or has a text that is not printable ASCII.
    init?(parsing cursor: inout PacketCursor) {
        guard let connection = try? cursor.uint64(), let sequence = try? cursor.uint32(),
            let kind = (try? cursor.uint8()).flatMap(RequestIdentity.Kind.init), let flags = try? cursor.uint8(),
            let operationLength = try? cursor.uint8(), let targetLength = try? cursor.uint8(),
            (try? cursor.skip(4)) != nil, let operation = Self.text(&cursor, operationLength),
            let target = Self.text(&cursor, targetLength)
        else { return nil }
        self.init(kind: kind, operation: operation)
        if flags & Self.targetFlag != 0 { self.target = target }
        if flags & Self.traceFlag != 0 {
            guard let trace = Self.trace(&cursor) else { return nil }
            self.trace = trace
        }
        self.connection = connection
        self.sequence = sequence
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
