// SPDX-License-Identifier: Apache-2.0

/// A `register<T>(size)`: `count` elements of `width` bits, 0 at start.
public struct RegisterSchema: Sendable {
    /// The full name, with the control's in front.
    public var name: String
    /// Bits of an element.
    public var width: Int
    /// Elements.
    public var count: Int

    /// An array of registers.
    public init(name: String, width: Int, count: Int) {
        self.name = name
        self.width = width
        self.count = count
    }
}

/// A `counter` (`count` elements) or, with `count` 0, a table's `direct_counter`. Packets and bytes are always kept.
public struct CounterSchema: Sendable {
    /// The full name, with the control's in front.
    public var name: String
    /// Elements.
    public var count: Int

    /// An array of counters, or a direct counter.
    public init(name: String, count: Int) {
        self.name = name
        self.count = count
    }
}

/// A `meter` or, with `count` 0, a table's `direct_meter`.
public struct MeterSchema: Sendable {
    /// What a meter's rates and bursts count.
    public enum Unit: Sendable { case packets, bytes }

    /// The full name, with the control's in front.
    public var name: String
    /// Packets or bytes.
    public var unit: Unit
    /// Elements.
    public var count: Int

    /// An array of meters, or a direct meter.
    public init(name: String, unit: Unit, count: Int) {
        self.name = name
        self.unit = unit
        self.count = count
    }
}

/// The user metadata that a clone, a resubmitted or a recirculated packet keeps: what `@field_list(id)` marks.
public struct FieldList: Sendable {
    /// The list's number in the source; nil for the empty list of a plain `clone`.
    public var id: Int?
    /// Runs of metadata slots, in declared order.
    public var slots: [Range<Int>]

    /// A field list of runs of slots.
    public init(id: Int?, slots: [Range<Int>]) {
        self.id = id
        self.slots = slots
    }
}

/// A `log_msg`, `assert` or `assume`: its text, and the slots its `{}` stand for.
public struct LogMessage: Sendable {
    /// The text with `{}` for each argument; `\\{` and `\\}` are the braces themselves.
    public var format: String
    /// The values in order: a slot, or the first of a run, and the width in bits.
    public var arguments: [(slot: Int, width: Int)]

    /// A message with the slots of its values.
    public init(format: String, arguments: [(slot: Int, width: Int)]) {
        self.format = format
        self.arguments = arguments
    }
}
