// SPDX-License-Identifier: Apache-2.0

public import Journeys
public import Wire

/// The bytes of one hop's measurement, as a `LevelLayout` describes them.
public enum HopRecord {
    /// Reads one record and the `next_proto` that is its last field, at levels that have one.
    public static func parse(
        _ layout: LevelLayout, from cursor: inout PacketCursor
    ) throws(ShortRead) -> (hop: HopMeasurement, next: EtherType?) {
        var bits = BitReader(try cursor.span(layout.recordSize))
        var hop = HopMeasurement(switchID: 0)
        var next: EtherType?
        for index in layout.fields.indices {
            let width = layout.fields[index].bits
            switch layout.fields[index].content {
            case .value(let value, let coding): hop.set(value, coding, to: bits.next(width), width)
            case .reserved: bits.skip(width)
            case .nextProtocol: next = EtherType(rawValue: UInt16(truncatingIfNeeded: bits.next(width)))
            }
        }
        return (hop, next)
    }

    /// Writes the record of `hop`; a value that it does not have is written as zero, as is reserved space. Layouts without
    /// `next_proto` have no place for `next`.
    public static func write(
        _ hop: HopMeasurement, _ layout: LevelLayout, next: EtherType, into writer: inout PacketWriter
    ) {
        var bits = BitWriter()
        for field in layout.fields {
            let value =
                switch field.content {
                case .value(let value, let coding): hop.field(value, coding)
                case .reserved: UInt64(0)
                case .nextProtocol: UInt64(next.rawValue)
                }
            bits.put(value, field.bits, into: &writer)
        }
    }
}

/// The values of a hop that formats have fields for.
public enum HopValue: Sendable, Hashable, CaseIterable {
    case switchID, ingressPort, egressPort, enqueueTime, enqueueDepth, queueTime, dequeueDepth, ingressTime, egressTime
    case packetLength, latency, packetsSinceLast, lastTelemetryTime, position
}

extension HopMeasurement {
    mutating func set(_ value: HopValue, _ coding: LevelField.Coding, to field: UInt64, _ width: Int) {
        switch value {
        case .switchID: switchID = SwitchID(rawValue: UInt32(truncatingIfNeeded: field))
        case .ingressPort: ingressPort = UInt32(truncatingIfNeeded: field)
        case .egressPort: egressPort = UInt32(truncatingIfNeeded: field)
        case .enqueueTime: enqueueTime = .microseconds(field, width: width)
        case .enqueueDepth: enqueueDepth = Measurement(field, coding)
        case .queueTime: queueTime = Measurement(field, coding)
        case .dequeueDepth: dequeueDepth = Measurement(field, coding)
        case .ingressTime: ingressTime = .microseconds(field, width: width)
        case .egressTime: egressTime = .microseconds(field, width: width)
        case .packetLength: packetLength = Measurement(field, coding)
        case .latency: latency = Measurement(field, coding)
        case .packetsSinceLast: packetsSinceLast = field
        case .lastTelemetryTime: lastTelemetryTime = .microseconds(field, width: width)
        case .position: position = UInt8(truncatingIfNeeded: field)
        }
    }

    func field(_ value: HopValue, _ coding: LevelField.Coding) -> UInt64 {
        switch value {
        case .switchID: UInt64(switchID.rawValue)
        case .ingressPort: UInt64(ingressPort ?? 0)
        case .egressPort: UInt64(egressPort ?? 0)
        case .enqueueTime: enqueueTime?.microseconds ?? 0
        case .enqueueDepth: enqueueDepth?.field(coding) ?? 0
        case .queueTime: queueTime?.field(coding) ?? 0
        case .dequeueDepth: dequeueDepth?.field(coding) ?? 0
        case .ingressTime: ingressTime?.microseconds ?? 0
        case .egressTime: egressTime?.microseconds ?? 0
        case .packetLength: packetLength?.field(coding) ?? 0
        case .latency: latency?.field(coding) ?? 0
        case .packetsSinceLast: packetsSinceLast ?? 0
        case .lastTelemetryTime: lastTelemetryTime?.microseconds ?? 0
        case .position: UInt64(position ?? 0)
        }
    }
}

extension Measurement {
    /// Nanoseconds in a microsecond.
    private static let microsecond: UInt64 = 1000

    fileprivate init(_ field: UInt64, _ coding: LevelField.Coding) {
        switch coding {
        case .number: self = .exact(field)
        case .microseconds: self = .exact(Self.nanoseconds(field))
        case .loadClass: self = .classified(LoadClass(rawValue: UInt8(truncatingIfNeeded: field)) ?? .critical)
        case .logarithm: self = .quantized(Self.decoded(field), relativeError: LogarithmicCode.relativeError)
        case .logarithmOfMicroseconds:
            self = .quantized(Self.nanoseconds(Self.decoded(field)), relativeError: LogarithmicCode.relativeError)
        }
    }

    fileprivate func field(_ coding: LevelField.Coding) -> UInt64 {
        let number =
            switch self {
            case .exact(let value), .quantized(let value, _): value
            case .classified(let load, _): UInt64(load.rawValue)
            }
        return switch coding {
        case .number, .loadClass: number
        case .microseconds: number / Self.microsecond
        case .logarithm: UInt64(LogarithmicCode(of: number).rawValue)
        case .logarithmOfMicroseconds: UInt64(LogarithmicCode(of: number / Self.microsecond).rawValue)
        }
    }

    private static func decoded(_ field: UInt64) -> UInt64 {
        LogarithmicCode(rawValue: UInt8(truncatingIfNeeded: field)).value
    }

    /// More than 2^64 nanoseconds, 584 years, are the most microseconds that fit.
    private static func nanoseconds(_ microseconds: UInt64) -> UInt64 { min(microseconds, .max / 1000) * 1000 }
}
