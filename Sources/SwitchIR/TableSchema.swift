// SPDX-License-Identifier: Apache-2.0

/// A match-action table as the program declares it; its entries live in the engine.
public struct TableSchema: Sendable {
    /// Full name with the control's type name in front, `INTIngress.ipv4_lpm`; `@name` is honoured.
    public var name: String
    /// Key fields in declared order; none for a table that only runs its default action.
    public var keys: [KeySchema]
    /// Actions an entry or the default may name, in declared order.
    public var actions: [TableAction]
    /// The action at a miss.
    public var defaultAction: ActionCall
    /// Whether the control plane may not change the default action.
    public var isDefaultConstant: Bool
    /// Entries the program itself lists, in order; `const entries` when `areEntriesConstant`.
    public var entries: [EntrySchema]
    /// Whether the control plane may not change the entries.
    public var areEntriesConstant: Bool
    /// The most entries it may hold; v1model's default is 1024.
    public var size: Int
    /// Index into `SwitchProgram.counters` or `.meters` of the table's direct ones.
    public var directCounter: Int?
    /// Index into `SwitchProgram.meters` of the table's direct meter.
    public var directMeter: Int?
    /// Slot that a direct meter's colour is written to at every hit.
    public var directMeterSlot: Int?

    /// A table without direct counter or meter, which are set later.
    public init(
        name: String, keys: [KeySchema], actions: [TableAction], defaultAction: ActionCall,
        isDefaultConstant: Bool = false, entries: [EntrySchema] = [], areEntriesConstant: Bool = false,
        size: Int = 1024
    ) {
        self.name = name
        self.keys = keys
        self.actions = actions
        self.defaultAction = defaultAction
        self.isDefaultConstant = isDefaultConstant
        self.entries = entries
        self.areEntriesConstant = areEntriesConstant
        self.size = size
    }
}

/// How a key field is matched, spelled as in P4.
public enum MatchKind: String, Sendable {
    /// The match kind of this name, of core.p4 and v1model.p4.
    case exact, lpm, ternary, range, optional
}

/// One key field. The program puts its value into `slot` (a run, when wide) before it applies the table;
/// a field of an invalid header arrives as 0.
public struct KeySchema: Sendable {
    /// As written in the program (`hdr.ipv4.dst_addr`), or its `@name`.
    public var name: String
    /// How the field is matched.
    public var match: MatchKind
    /// Bits of the field.
    public var width: Int
    /// The slot that holds it, or the first of a run.
    public var slot: Int

    /// A key field whose value lies in `slot` when the table is applied.
    public init(name: String, match: MatchKind, width: Int, slot: Int) {
        self.name = name
        self.match = match
        self.width = width
        self.slot = slot
    }
}

/// An action that a table may run: an index into `SwitchProgram.actions` and where it may stand.
public struct TableAction: Sendable {
    /// Index into `SwitchProgram.actions`.
    public var action: Int
    /// Whether only entries may name it (`@tableonly`).
    public var isTableOnly: Bool
    /// Whether only the default may name it (`@defaultonly`).
    public var isDefaultOnly: Bool

    /// An action that entries and default may name.
    public init(action: Int, isTableOnly: Bool = false, isDefaultOnly: Bool = false) {
        self.action = action
        self.isTableOnly = isTableOnly
        self.isDefaultOnly = isDefaultOnly
    }
}

/// An action with its arguments, one a parameter.
public struct ActionCall: Sendable, Hashable {
    /// Index into `SwitchProgram.actions`.
    public var action: Int
    /// A value per parameter, of the parameter's width.
    public var arguments: [BitString]

    /// A call of an action with its arguments in order.
    public init(action: Int, arguments: [BitString] = []) {
        self.action = action
        self.arguments = arguments
    }
}

/// How an entry matches one key field.
public enum KeyMatch: Sendable, Hashable {
    /// All bits equal.
    case exact(BitString)
    /// The first bits equal.
    case lpm(BitString, prefixLength: Int)
    /// Bits that are 0 in the mask match anything. An `optional` key is this with a mask of all or no bits.
    case ternary(BitString, mask: BitString)
    /// From the first to the second, both included.
    case range(BitString, BitString)
}

/// An entry of a table: what it matches and what it runs.
public struct EntrySchema: Sendable, Hashable {
    /// A match per key field, in the table's order.
    public var keys: [KeyMatch]
    /// The action at a hit.
    public var action: ActionCall
    /// Smaller wins, as in the engine's own order; used by ternary, range and optional tables.
    public var priority: Int

    /// An entry; `priority` only counts in tables with ternary, range or optional fields.
    public init(keys: [KeyMatch], action: ActionCall, priority: Int = 0) {
        self.keys = keys
        self.action = action
        self.priority = priority
    }
}

/// An action as the control plane sees it, and where its code begins.
public struct ActionSchema: Sendable {
    /// Full name (`INTIngress.forward`); actions at the program's top level have none in front (`NoAction`).
    public var name: String
    /// The directionless parameters, which an entry fills in. The engine copies them to their slots.
    public var parameters: [ParameterSchema]
    /// Index into `SwitchProgram.code`; the body ends with `ret`.
    public var entry: Int

    /// An action whose code begins at instruction `entry`.
    public init(name: String, parameters: [ParameterSchema], entry: Int) {
        self.name = name
        self.parameters = parameters
        self.entry = entry
    }
}

/// A parameter of an action that entries give a value.
public struct ParameterSchema: Sendable {
    /// As the action declares it.
    public var name: String
    /// Bits of the value.
    public var width: Int
    /// The slot that holds it, or the first of a run.
    public var slot: Int

    /// A parameter of `width` bits, in `slot` or a run that begins there.
    public init(name: String, width: Int, slot: Int) {
        self.name = name
        self.width = width
        self.slot = slot
    }
}
