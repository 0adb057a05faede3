// SPDX-License-Identifier: Apache-2.0

internal import Journeys
internal import Wire

/// What bytes turned out to be as a frame of this project's format.
public enum FrameReading: Sendable, Hashable {
    /// A frame with a shim.
    case telemetry(TelemetryFrame)
    /// No shim, or too short to have one.
    case plain
    /// A shim that is not understood.
    case malformed(Malformed)
}

extension TelemetryFrame {
    /// Reads a frame, whatever its bytes are: nothing throws and nothing is read past the end.
    ///
    /// The inner packet may be cut anywhere after its UDP header. `TelemetryDecoder` makes measurements of frames of every
    /// format; this is for tests of the bytes.
    public static func decode(_ bytes: Span<UInt8>) -> FrameReading {
        guard let frame = LinkFrame(bytes), frame.type == .telemetryShim else { return .plain }
        do throws(Malformed) {
            return .telemetry(try TelemetryFrame(frame))
        } catch {
            return .malformed(error)
        }
    }

    /// Reads a frame with a shim.
    init(_ frame: borrowing LinkFrame) throws(Malformed) {
        var cursor = frame.payload
        let (shim, level) = try Self.shim(&cursor)
        var (hops, next) = try RecordReader.hops(
            level.records(ofHops: Int(shim.count)), level.layout, announced: shim.announced, from: &cursor)
        // Without a hop nothing announces what the flag does.
        if hops.isEmpty { next = .sourceRecord }
        let source = try Self.source(shim, &next, &cursor)
        let announcesHost = next == .hostRecord || next == .extendedHostRecord
        guard shim.flags.contains(.hostRecord) == announcesHost else { throw .chainDisagrees }
        let host = try RecordReader.host(&next, from: &cursor)
        let inner = try RecordReader.inner(next, from: &cursor)
        self.init(
            ethernet: frame.ethernet, tags: frame.tags, shim: shim, level: level, hops: hops, sourceRecord: source,
            host: host, inner: inner)
    }

    private static func shim(_ cursor: inout PacketCursor) throws(Malformed) -> (Shim, Level) {
        guard let shim = try? Shim(parsing: &cursor) else { throw .shortShim }
        guard let level = Level(rawValue: shim.level) else { throw .unknownLevel }
        let isEmpty = shim.count == 0 && !shim.flags.contains(.sourceRecord)
        guard !isEmpty, shim.count <= Shim.maximumCount else { throw .countOutOfRange }
        guard shim.forward <= shim.count else { throw .forwardBeyondCount }
        return (shim, level)
    }

    /// The source record, if `next` announces one; `next` becomes the type of what follows it.
    private static func source(
        _ shim: Shim, _ next: inout EtherType, _ cursor: inout PacketCursor
    ) throws(Malformed) -> SourceMeasurement? {
        guard shim.flags.contains(.sourceRecord) == (next == .sourceRecord) else { throw .chainDisagrees }
        guard next == .sourceRecord else { return nil }
        guard let read = try? SourceRecord.parse(from: &cursor) else { throw .recordsBeyondFrame }
        next = read.next
        return read.source
    }
}
