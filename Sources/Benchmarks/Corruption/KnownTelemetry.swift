// SPDX-License-Identifier: Apache-2.0

internal import LinuxSystem
internal import TelemetryFormats

/// Shim and records of a request whose every byte is known, and the bytes of its reply's that are: built byte by byte,
/// so that nothing of the code under test is used.
struct KnownTelemetry: Sendable {
    /// Those with different seeds share no record.
    static let seeds = 251

    /// Of the request, followed by the EtherType of IPv4.
    let request: [UInt8]
    /// Of the reply, from its EtherType on, except the type before the host's record.
    let returned: [UInt8]

    /// - Parameter level: of those whose records say what follows them.
    init(level: Level, records: Int, seed: UInt8) {
        var telemetry: [UInt8] = [level.rawValue, 0, 0, UInt8(records)]
        for record in 0..<records {
            for offset in 0..<(level.recordSize - 2) {
                telemetry.append(seed &* 31 &+ UInt8(record) &* 7 &+ UInt8(truncatingIfNeeded: offset) &* 3)
            }
            telemetry += record == records - 1 ? [0x08, 0x00] : [0x12, 0x13]
        }
        request = telemetry
        telemetry[1] |= 0x80
        telemetry[2] = UInt8(records)
        returned = [0x12, 0x12] + telemetry.dropLast(2)
    }

    /// Of the host's record: 18, or 60 for an extended one; nil if neither is announced.
    ///
    /// - Parameter front: bytes of the reply in front of that announcement.
    static func hostRecordSize(of reply: Span<UInt8>, front: Int) -> Int? {
        guard reply.count > front + 2 else { return nil }
        return hostRecords[reply.uint16(at: front)]
    }

    /// Sizes by type: the plain one, and the extended one.
    private static let hostRecords: [UInt16: Int] = [0x1214: 18, 0x1216: 60]

    /// Keeps replies away that go to the ports of other checkers, `all` without `own`: while one's thread does not run
    /// they would fill its ring, and its own replies be lost. What is not in the shape of a reply comes.
    static func filter(front: Int, own: Range<UInt16>, of all: Range<UInt16>) -> FrameFilter {
        let others = [all.lowerBound..<own.lowerBound, own.upperBound..<all.upperBound].filter { !$0.isEmpty }
        return FrameFilter(
            refusing: others.map { $0.lowerBound...$0.upperBound - 1 }.flatMap { other in
                let bare = [FrameFilter.Field(at: 12, 0x0800), .init(at: 36, other)]
                return [bare]
                    + hostRecords.map { type, size in
                        [.init(at: 12, 0x1212), .init(at: front, type), .init(at: front + size + 24, other)]
                    }
            })
    }

    /// Whether the host's record, whose times and ordinal the server chooses, can be right.
    static func hostRecordIsSane(_ reply: Span<UInt8>, _ start: Int, _ size: Int) -> Bool {
        let ordinal = reply.uint64(at: start + (size == 18 ? 0 : 8))
        let total = reply.uint64(at: start + (size == 18 ? 8 : 24))
        return ordinal > 0 && total > 0 && total < 10_000_000_000 && reply.uint16(at: start + size - 2) == 0x0800
    }
}

/// The sum of the Internet's checksums.
enum KnownSum {
    static func of(_ bytes: some Sequence<UInt8>) -> UInt16 {
        var sum: UInt32 = 0
        for (index, byte) in bytes.enumerated() { sum += index % 2 == 0 ? UInt32(byte) << 8 : UInt32(byte) }
        while sum > 0xffff { sum = sum >> 16 + sum & 0xffff }
        return UInt16(sum)
    }
}
