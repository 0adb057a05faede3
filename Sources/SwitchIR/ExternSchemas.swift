// SPDX-License-Identifier: Apache-2.0

/// A `register<T>(size)`: `count` elements of `width` bits, 0 at start.
public struct RegisterSchema: Sendable {
    public var name: String
    public var width: Int
    public var count: Int

    public init(name: String, width: Int, count: Int) {
        self.name = name
        self.width = width
        self.count = count
    }
}

/// A `counter` (`count` elements) or, with `count` 0, a table's `direct_counter`. Packets and bytes are always kept.
public struct CounterSchema: Sendable {
    public var name: String
    public var count: Int

    public init(name: String, count: Int) {
        self.name = name
        self.count = count
    }
}

/// A `meter` or, with `count` 0, a table's `direct_meter`.
public struct MeterSchema: Sendable {
    public enum Unit: Sendable { case packets, bytes }
    public var name: String
    public var unit: Unit
    public var count: Int

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

    public init(id: Int?, slots: [Range<Int>]) {
        self.id = id
        self.slots = slots
    }
}

/// A `log_msg`, `assert` or `assume`: its text, and the slots its `{}` stand for.
public struct LogMessage: Sendable {
    public var format: String
    public var arguments: [(slot: Int, width: Int)]

    public init(format: String, arguments: [(slot: Int, width: Int)]) {
        self.format = format
        self.arguments = arguments
    }
}
