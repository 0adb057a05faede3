// SPDX-License-Identifier: Apache-2.0

public import Journeys

/// How a level's hop records are laid out, and what follows from it.
public struct LevelLayout: Sendable, Hashable {
    /// The level.
    public let level: Level
    /// The fields in their order on the wire, without gaps.
    public let fields: [LevelField]
    /// The hops whose records a frame contains.
    public let coverage: JourneyReport.Coverage
    /// Bytes of one record, `next_proto` included.
    public let recordSize: Int
    /// Whether each record announces by a `next_proto`, its last 16 bits, what follows it. Else the shim's flags do.
    public let isChained: Bool
    /// Orders the levels by content: the smallest rank has most.
    let rank: Int

    init(_ level: Level, rank: Int, coverage: JourneyReport.Coverage = .everyHop, _ fields: [LevelField]) {
        let bits = fields.reduce(0) { $0 + $1.bits }
        precondition(bits.isMultiple(of: 8), "level \(level.rawValue) has \(bits) bits")
        self.level = level
        self.rank = rank
        self.coverage = coverage
        self.fields = fields
        recordSize = bits / 8
        isChained = fields.last?.content == .nextProtocol
    }

    /// The field that holds this value; nil if the level does not have it.
    public func field(_ value: HopValue) -> LevelField? { fields.first { $0.value == value } }

    /// The fields as documentation writes them, such as `switch_id:32 enq_qdepth:19`.
    public var text: String { fields.map { "\($0.name):\($0.bits)" }.joined(separator: " ") }
}

/// One field of a hop record.
public struct LevelField: Sendable, Hashable {
    /// What a field contains.
    public enum Content: Sendable, Hashable {
        /// A value of the hop.
        case value(HopValue, Coding)
        /// 0 when sent, ignored when received.
        case reserved
        /// The type of what follows the record.
        case nextProtocol
    }

    /// How a value's bits are to be read.
    public enum Coding: Sendable, Hashable {
        /// A number: packets, bytes, or the number of a port, switch or hop.
        case number
        /// Microseconds: a duration, or a time modulo the field's width.
        case microseconds
        /// One of four classes: see `LoadClass`.
        case loadClass
        /// A number as `LogarithmicCode`.
        case logarithm
        /// Microseconds as `LogarithmicCode`.
        case logarithmOfMicroseconds
    }

    /// As in P4 and in the documentation.
    public let name: String
    /// From 1 to 64.
    public let bits: Int
    /// What it contains.
    public let content: Content

    /// The value that it holds; nil if it holds none.
    public var value: HopValue? { if case .value(let value, _) = content { value } else { nil } }

    static func value(_ name: String, _ bits: Int, _ value: HopValue, _ coding: Coding = .number) -> LevelField {
        LevelField(name: name, bits: bits, content: .value(value, coding))
    }

    static func reserved(_ bits: Int) -> LevelField { LevelField(name: "reserved", bits: bits, content: .reserved) }

    static let next = LevelField(name: "next_proto", bits: 16, content: .nextProtocol)
}

extension Level {
    /// Its row of the table.
    public var layout: LevelLayout { LevelLayout.all[Int(rawValue) - 1] }

    /// Bytes of one record, `next_proto` included.
    public var recordSize: Int { layout.recordSize }

    /// Whether each record announces by a `next_proto` what follows it. Else the shim's flags do.
    public var isChained: Bool { layout.isChained }

    /// The number of records in a frame after this many hops.
    public func records(ofHops hops: Int) -> Int { layout.coverage == .oneHop ? min(hops, 1) : hops }

    /// The numbers of all levels, for options and settings.
    public static let range: ClosedRange<Int> = 1...allCases.count

    /// The same for people, such as `1 to 6`.
    public static let rangeText = "\(range.lowerBound) to \(range.upperBound)"
}
