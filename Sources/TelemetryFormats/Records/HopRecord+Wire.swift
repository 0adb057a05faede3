// SPDX-License-Identifier: Apache-2.0

public import Wire

extension HopRecord {
    /// Reads one record and the `next_proto` that is its last field, at levels that have one.
    public static func parse(
        _ level: Level, from cursor: inout PacketCursor
    ) throws(ShortRead) -> (record: HopRecord, next: EtherType?) {
        var bits = BitReader(try cursor.take(level.recordSize))
        let record =
            switch level {
            case .minimal: minimal(&bits)
            case .standard: standard(&bits)
            case .full: full(&bits)
            case .discretized: discretized(&bits)
            case .compact, .constant: compact(&bits)
            }
        return (record, level.isChained ? EtherType(rawValue: UInt16(bits.next(16))) : nil)
    }

    private static func minimal(_ bits: inout BitReader) -> HopRecord {
        let record = HopRecord(switchID: SwitchID(rawValue: UInt32(bits.next(32))), enqueueDepth: .exact(bits.next(19)))
        bits.skip(5)
        return record
    }

    private static func standard(_ bits: inout BitReader) -> HopRecord {
        let record = timed(&bits)
        bits.skip(24)
        return record
    }

    private static func full(_ bits: inout BitReader) -> HopRecord {
        var record = timed(&bits)
        record.packetLength = .exact(bits.next(64))
        record.latency = bits.next(64)
        bits.skip(64)
        record.packetsSinceLast = bits.next(64)
        record.lastTelemetryTime = bits.next(48)
        bits.skip(8)
        return record
    }

    /// What levels 2 and 3 share: all up to `egress_timestamp`.
    private static func timed(_ bits: inout BitReader) -> HopRecord {
        var record = HopRecord(switchID: SwitchID(rawValue: UInt32(bits.next(32))), enqueueDepth: .exact(0))
        record.ingressPort = UInt16(bits.next(9))
        record.egressPort = UInt16(bits.next(9))
        record.enqueueTime = UInt32(bits.next(32))
        record.enqueueDepth = .exact(bits.next(19))
        record.queueTime = UInt32(bits.next(32))
        record.dequeueDepth = .exact(bits.next(19))
        record.ingressTime = bits.next(48)
        record.egressTime = bits.next(48)
        return record
    }

    private static func discretized(_ bits: inout BitReader) -> HopRecord {
        var record = HopRecord(switchID: SwitchID(rawValue: UInt32(bits.next(8))), enqueueDepth: .classified(.idle))
        record.ingressPort = UInt16(bits.next(9))
        record.egressPort = UInt16(bits.next(9))
        record.enqueueTime = UInt32(bits.next(32))
        record.enqueueDepth = loadClass(&bits)
        record.queueTime = UInt32(bits.next(32))
        record.dequeueDepth = loadClass(&bits)
        record.packetLength = loadClass(&bits)
        record.latency = bits.next(48)
        bits.skip(128)
        record.lastTelemetryTime = bits.next(48)
        bits.skip(8)
        return record
    }

    private static func compact(_ bits: inout BitReader) -> HopRecord {
        var record = HopRecord(switchID: SwitchID(rawValue: UInt32(bits.next(16))), enqueueDepth: .about(0))
        record.egressPort = UInt16(bits.next(9))
        record.position = UInt8(bits.next(5))
        bits.skip(2)
        record.enqueueDepth = .about(LogarithmicCode(rawValue: UInt8(bits.next(8))).value)
        record.latency = LogarithmicCode(rawValue: UInt8(bits.next(8))).value
        return record
    }

    private static func loadClass(_ bits: inout BitReader) -> Measurement {
        .classified(LoadClass(rawValue: UInt8(bits.next(2))) ?? .critical)
    }

    /// Writes the record as `level` lays it out; a value that it does not have is written as zero, as is reserved
    /// space. Levels 5 and 6 have no place for `next`.
    public func write(_ level: Level, next: EtherType, into writer: inout PacketWriter) {
        var bits = BitWriter()
        for (value, width) in fields(level) { bits.put(value, width, into: &writer) }
        if level.isChained { bits.put(UInt64(next.rawValue), 16, into: &writer) }
    }

    private func code(_ value: UInt64) -> UInt64 { UInt64(LogarithmicCode(of: value).rawValue) }

    private func fields(_ level: Level) -> [(UInt64, Int)] {
        let timed: [(UInt64, Int)] = [
            (UInt64(switchID.rawValue), 32), (UInt64(ingressPort ?? 0), 9), (UInt64(egressPort ?? 0), 9),
            (UInt64(enqueueTime ?? 0), 32), (enqueueDepth.field, 19), (UInt64(queueTime ?? 0), 32),
            (dequeueDepth?.field ?? 0, 19), (ingressTime ?? 0, 48), (egressTime ?? 0, 48),
        ]
        switch level {
        case .minimal:
            return [(UInt64(switchID.rawValue), 32), (enqueueDepth.field, 19), (0, 5)]
        case .standard:
            return timed + [(0, 24)]
        case .full:
            return timed + [
                (packetLength?.field ?? 0, 64), (latency ?? 0, 64), (0, 64), (packetsSinceLast ?? 0, 64),
                (lastTelemetryTime ?? 0, 48), (0, 8),
            ]
        case .discretized:
            return [
                (UInt64(switchID.rawValue), 8), (UInt64(ingressPort ?? 0), 9), (UInt64(egressPort ?? 0), 9),
                (UInt64(enqueueTime ?? 0), 32), (enqueueDepth.field, 2), (UInt64(queueTime ?? 0), 32),
                (dequeueDepth?.field ?? 0, 2), (packetLength?.field ?? 0, 2), (latency ?? 0, 48), (0, 64), (0, 64),
                (lastTelemetryTime ?? 0, 48), (0, 8),
            ]
        case .compact, .constant:
            return [
                (UInt64(switchID.rawValue), 16), (UInt64(egressPort ?? 0), 9), (UInt64(position ?? 0), 5), (0, 2),
                (code(enqueueDepth.field), 8), (code(latency ?? 0), 8),
            ]
        }
    }
}

extension Measurement {
    fileprivate var field: UInt64 {
        switch self {
        case .exact(let value), .about(let value): value
        case .classified(let load): UInt64(load.rawValue)
        }
    }
}
