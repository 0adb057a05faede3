// SPDX-License-Identifier: Apache-2.0

public import Wire

/// 18 bytes: `tx_reqs:64 time_reqs:64 next_proto:16`. Extended, 60 bytes: `host_id:32 flags:16 cpu:16 ordinal:64
/// arrival:64 total:64 to_queue:32 to_receive:32 application:32 to_egress:32 run_queue:32 queue_depth:32
/// retransmits:16 next_proto:16`.
extension HostRecord {
    public static let plainSize = 18
    public static let extendedSize = 60

    public var size: Int { details == nil ? Self.plainSize : Self.extendedSize }

    /// What announces this record in the `next_proto` before it.
    public var etherType: EtherType { details == nil ? .hostRecord : .extendedHostRecord }

    /// Reads the record that `type` announces; nil if that is no host record.
    public static func parse(_ type: EtherType, from cursor: inout PacketCursor) throws(ShortRead) -> (
        record: HostRecord, next: EtherType
    )? {
        switch type {
        case .hostRecord: try plain(&cursor)
        case .extendedHostRecord: try extended(&cursor)
        default: nil
        }
    }

    private static func plain(_ cursor: inout PacketCursor) throws(ShortRead) -> (HostRecord, EtherType) {
        try require(plainSize, cursor)
        let record = HostRecord(ordinal: try cursor.uint64(), duration: try cursor.uint64())
        return (record, EtherType(rawValue: try cursor.uint16()))
    }

    private static func extended(_ cursor: inout PacketCursor) throws(ShortRead) -> (HostRecord, EtherType) {
        try require(extendedSize, cursor)
        let hostID = try cursor.uint32()
        let measured = Measured(rawValue: try cursor.uint16())
        let processor = try cursor.uint16()
        let ordinal = try cursor.uint64()
        var details = HostDetails(hostID: hostID, processor: processor, arrival: try cursor.uint64())
        let duration = try cursor.uint64()
        for (flag, field) in Measured.fields {
            let value = try cursor.uint32()
            if measured.contains(flag) { details[keyPath: field] = value }
        }
        let retransmits = try cursor.uint16()
        if measured.contains(.retransmits) { details.retransmits = retransmits }
        let record = HostRecord(ordinal: ordinal, duration: duration, details: details)
        return (record, EtherType(rawValue: try cursor.uint16()))
    }

    private static func require(_ size: Int, _ cursor: borrowing PacketCursor) throws(ShortRead) {
        guard cursor.remaining >= size else {
            throw ShortRead(offset: cursor.offset, needed: size, available: cursor.remaining)
        }
    }

    public func write(next: EtherType, into writer: inout PacketWriter) {
        if let details {
            write(details, into: &writer)
        } else {
            writer.uint64(ordinal)
            writer.uint64(duration)
        }
        writer.uint16(next.rawValue)
    }

    private func write(_ details: HostDetails, into writer: inout PacketWriter) {
        writer.uint32(details.hostID)
        writer.uint16(Measured(details).rawValue)
        writer.uint16(details.processor)
        writer.uint64(ordinal)
        writer.uint64(details.arrival)
        writer.uint64(duration)
        for (_, field) in Measured.fields { writer.uint32(details[keyPath: field] ?? 0) }
        writer.uint16(details.retransmits ?? 0)
    }
}

/// Which parts a host measured, as the extended record's flags tell it.
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
            (.toQueue, \.toQueue), (.toReceive, \.toReceive), (.application, \.application),
            (.toEgress, \.toEgress), (.runQueue, \.runQueue), (.queueDepth, \.queueDepth),
        ]
    }

    init(rawValue: UInt16) { self.rawValue = rawValue }

    init(_ details: HostDetails) {
        self = details.retransmits == nil ? [] : .retransmits
        for (flag, field) in Self.fields where details[keyPath: field] != nil { insert(flag) }
    }
}
