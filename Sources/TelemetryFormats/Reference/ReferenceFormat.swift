// SPDX-License-Identifier: Apache-2.0

internal import Addresses
public import Journeys
internal import Wire

/// The format of the P4NetIntel reference scripts: a 32-bit count of records in the shim's place, and nothing that says
/// their level, which hops are on the request path, or whether a host record follows.
///
/// As the count is at most 20, the first byte is 0, a level that this project's format does not have.
public enum ReferenceFormat: FrameFormat {
    /// As output names it.
    public static let name = TelemetryEncoding.Format(rawValue: "reference")

    /// The numbers of the levels that its frames can have: those of the reference scripts.
    public static let levels = Int(Level.minimal.rawValue)...Int(Level.discretized.rawValue)

    /// The same for people, such as `1 to 4`.
    public static let levelsText = "\(levels.lowerBound) to \(levels.upperBound)"

    /// The level of this number; nil if frames of this format cannot have it.
    public static func level(_ number: UInt8) -> Level? {
        levels.contains(Int(number)) ? Level(rawValue: number) : nil
    }

    static func decode(_ frame: borrowing LinkFrame, _ options: TelemetryDecoder) -> DecodedFrame? {
        guard frame.type == .telemetryShim, (try? frame.payload.peek()) == 0 else { return nil }
        do throws(Malformed) {
            let read = try ReferenceFrame(frame, options.referenceLevel)
            let length = frame.packetLength(after: read.telemetrySize, isIPv6: read.inner.etherType == .ipv6)
            return .journey(read.report(packetLength: length))
        } catch {
            return .malformed(error)
        }
    }
}

extension ReferenceFrame {
    /// The frame as measurements.
    public var report: JourneyReport { report(packetLength: nil) }

    func report(packetLength: Int?) -> JourneyReport {
        let isReply = host != nil
        var report = JourneyReport(
            flow: isReply ? inner.flow.reversed : inner.flow, hops: hops.reversed(),
            requestHopCount: isReply ? turningPoint : hops.count,
            encoding: TelemetryEncoding(format: ReferenceFormat.name, variant: level.rawValue),
            telemetry: TelemetrySize(
                header: Shim.size, record: level.recordSize, records: hops.count,
                host: host.map(HostRecord.size) ?? 0))
        report.requestID = inner.requestID
        report.segment = inner.segment
        report.host = host
        report.packetLength = packetLength
        report.identifiesPacket = level.layout.field(.enqueueTime) != nil || host != nil
        return report
    }

    /// A reply that came back through the same switches reads the same in both directions, and its first half is the
    /// request's. Nil for others: nothing in the frame says where the return path begins.
    private var turningPoint: Int? {
        let ids = hops.map(\.switchID)
        return ids.count.isMultiple(of: 2) && ids.elementsEqual(ids.reversed()) ? ids.count / 2 : nil
    }

    /// Reads a frame whose first byte after EtherType 0x1212 is 0.
    init(_ frame: borrowing LinkFrame, _ configuredLevel: Level?) throws(Malformed) {
        var cursor = frame.payload
        guard let count = try? cursor.uint32() else { throw .shortShim }
        guard let configuredLevel else { throw .unknownLevel }
        guard count > 0, count <= Shim.maximumCount else { throw .countOutOfRange }
        var next = EtherType.ipv4
        ethernet = frame.ethernet
        tags = frame.tags
        level = configuredLevel
        (hops, next) = try RecordReader.hops(Int(count), configuredLevel.layout, announced: next, from: &cursor)
        host = try RecordReader.host(&next, from: &cursor)
        inner = try RecordReader.inner(next, from: &cursor)
    }
}
