// SPDX-License-Identifier: Apache-2.0

public import Journeys
public import Wire

/// The bytes of a host's measurement. Plain, 18 bytes: `tx_reqs:64 time_reqs:64 next_proto:16`. Extended, 60 bytes:
/// `host_id:32 flags:16 cpu:16 ordinal:64 arrival:64 total:64 to_queue:32 to_receive:32 application:32 to_egress:32
/// run_queue:32 queue_depth:32 retransmits:16 next_proto:16`.
public enum HostRecord {
    /// Bytes of the plain record.
    public static let plainSize = 18
    /// Bytes of the extended record.
    public static let extendedSize = 60

    /// Bytes of the record of `host`: plain if it has no details.
    public static func size(of host: HostMeasurement) -> Int { host.details == nil ? plainSize : extendedSize }

    /// What announces the record of `host` in the `next_proto` before it.
    public static func etherType(of host: HostMeasurement) -> EtherType {
        host.details == nil ? .hostRecord : .extendedHostRecord
    }

    /// Reads the record that `type` announces, and the type of what follows it; nil if `type` announces no host record.
    public static func parse(
        _ type: EtherType, from cursor: inout PacketCursor
    ) throws(ShortRead) -> (host: HostMeasurement, next: EtherType)? {
        switch type {
        case .hostRecord: try plain(&cursor)
        case .extendedHostRecord: try extended(&cursor)
        default: nil
        }
    }

    /// Writes the record of `host`, an impossible time as all ones, followed by the type of what follows it.
    public static func write(_ host: HostMeasurement, next: EtherType, into writer: inout PacketWriter) {
        if let details = host.details {
            write(host, details, into: &writer)
        } else {
            writer.uint64(host.ordinal)
            writer.uint64(host.duration?.count ?? .max)
        }
        writer.uint16(next.rawValue)
    }

    private static func plain(_ cursor: inout PacketCursor) throws(ShortRead) -> (HostMeasurement, EtherType) {
        try require(plainSize, cursor)
        let host = HostMeasurement(ordinal: try cursor.uint64(), duration: Nanoseconds(measured: try cursor.uint64()))
        return (host, EtherType(rawValue: try cursor.uint16()))
    }

    private static func extended(_ cursor: inout PacketCursor) throws(ShortRead) -> (HostMeasurement, EtherType) {
        try require(extendedSize, cursor)
        let hostID = HostID(rawValue: try cursor.uint32())
        let flags = try cursor.uint16()
        let processor = try cursor.uint16()
        let ordinal = try cursor.uint64()
        var details = HostDetails(hostID: hostID, processor: processor, arrival: try cursor.uint64())
        let duration = Nanoseconds(measured: try cursor.uint64())
        var counts: [UInt32] = []
        for _ in Measured.fields { counts.append(try cursor.uint32()) }
        set(&details, flags: flags, counts: counts, retransmits: try cursor.uint16())
        let host = HostMeasurement(ordinal: ordinal, duration: duration, details: details)
        return (host, EtherType(rawValue: try cursor.uint16()))
    }

    /// The fields after `flags` that are optional; `counts` in the order of the wire.
    static func set(_ details: inout HostDetails, flags: UInt16, counts: [UInt32], retransmits: UInt16) {
        let measured = Measured(rawValue: flags & 0xFF)
        details.late = lateness(ofCode: UInt8(flags >> 8))
        for ((flag, field), count) in zip(Measured.fields, counts) where measured.contains(flag) {
            details[keyPath: field] = count
        }
        if measured.contains(.retransmits) { details.retransmits = retransmits }
    }

    /// The field `flags`.
    static func flags(of details: HostDetails) -> UInt16 {
        Measured(details).rawValue | UInt16(code(ofLateness: details.late)) << 8
    }

    /// Microseconds; less than one is not late.
    private static func lateness(ofCode code: UInt8) -> Nanoseconds? {
        code == 0 ? nil : Nanoseconds(measured: LogarithmicCode(rawValue: code).value * 1000)
    }

    private static func code(ofLateness late: Nanoseconds?) -> UInt8 {
        late.map { LogarithmicCode(of: $0.count / 1000).rawValue } ?? 0
    }

    private static func require(_ size: Int, _ cursor: borrowing PacketCursor) throws(ShortRead) {
        guard cursor.remaining >= size else {
            throw ShortRead(offset: cursor.offset, needed: size, available: cursor.remaining)
        }
    }

    private static func write(_ host: HostMeasurement, _ details: HostDetails, into writer: inout PacketWriter) {
        writer.uint32(details.hostID.rawValue)
        writer.uint16(flags(of: details))
        writer.uint16(details.processor)
        writer.uint64(host.ordinal)
        writer.uint64(details.arrival)
        writer.uint64(host.duration?.count ?? .max)
        for (_, field) in Measured.fields { writer.uint32(details[keyPath: field] ?? 0) }
        writer.uint16(details.retransmits ?? 0)
    }
}

/// What a host measured, by the extended record's flags.
private struct Measured: OptionSet {
    let rawValue: UInt16

    static let toQueue = Measured(rawValue: 0x0001)
    static let toReceive = Measured(rawValue: 0x0002)
    static let application = Measured(rawValue: 0x0004)
    static let toEgress = Measured(rawValue: 0x0008)
    static let runQueue = Measured(rawValue: 0x0010)
    static let queueDepth = Measured(rawValue: 0x0020)
    static let retransmits = Measured(rawValue: 0x0040)

    /// The 32-bit fields in their order on the wire.
    static var fields: [(flag: Measured, field: WritableKeyPath<HostDetails, UInt32?>)] {
        [
            (.toQueue, \.stages.kernelIn), (.toReceive, \.stages.socketWait),
            (.application, \.stages.application), (.toEgress, \.stages.kernelOut),
            (.runQueue, \.runQueue), (.queueDepth, \.queueDepth),
        ]
    }

    init(rawValue: UInt16) { self.rawValue = rawValue }

    init(_ details: HostDetails) {
        self = details.retransmits == nil ? [] : .retransmits
        for (flag, field) in Self.fields where details[keyPath: field] != nil { insert(flag) }
    }
}
