// SPDX-License-Identifier: Apache-2.0

public import SwitchIR

/// Puts a switch program together by hand, as the compiler would, for tests of what runs it.
///
/// Slots have fixed places: user metadata from 16, locals from `metadataEnd`, constants from `localsEnd`.
public struct Assembly {
    public static let metadataEnd = 64
    public static let localsEnd = 192

    /// A place in the code that jumps name before or after it is known.
    public struct Label: Hashable { let number: Int }

    public var headers: [HeaderLayout] = []
    public var stacks: [HeaderStack] = []
    public var code: [Instruction] = [Instruction(.end)]
    public var actions: [ActionSchema] = []
    public var tables: [TableSchema] = []
    public var registers: [RegisterSchema] = []
    public var counters: [CounterSchema] = []
    public var meters: [MeterSchema] = []
    public var fieldLists: [FieldList] = [FieldList(id: nil, slots: [])]
    public var messages: [LogMessage] = []
    public var entries = EntryPoints(
        parser: 0, verifyChecksum: 0, ingress: 0, egress: 0, computeChecksum: 0, deparser: 0)
    private var constants: [UInt64] = []
    private var nextMetadata = StandardMetadata.allCases.count
    private var nextLocal = Assembly.metadataEnd
    private var places: [Label: Int] = [:]
    private var jumps: [(index: Int, label: Label)] = []
    private var labelCount = 0

    public init() {}

    // MARK: Values

    public mutating func metadata(_ width: Int = 64) -> Int {
        defer { nextMetadata += BitString.wordCount(width) }
        return nextMetadata
    }

    public mutating func local(_ width: Int = 64) -> Int {
        defer { nextLocal += BitString.wordCount(width) }
        return nextLocal
    }

    public mutating func constant(_ value: UInt64) -> Int {
        if let index = constants.firstIndex(of: value) { return Self.localsEnd + index }
        constants.append(value)
        return Self.localsEnd + constants.count - 1
    }

    // MARK: Declarations

    /// Fields are given with their widths and follow each other.
    @discardableResult
    public mutating func header(_ name: String, _ fields: [(String, Int)], varbitMaxBytes: Int = 0) -> Int {
        var offset = 0
        var layout: [HeaderField] = []
        for (field, width) in fields {
            layout.append(HeaderField(name: field, bitOffset: offset, width: width))
            offset += width
        }
        headers.append(
            HeaderLayout(name: name, fields: layout, fixedBytes: offset / 8, varbitMaxBytes: varbitMaxBytes))
        return headers.count - 1
    }

    public mutating func stack(_ name: String, count: Int, _ fields: [(String, Int)]) -> Int {
        let first = headers.count
        for index in 0..<count { header("\(name)[\(index)]", fields) }
        stacks.append(HeaderStack(name: name, first: first, count: count))
        return stacks.count - 1
    }

    /// The body is written in place: declare actions outside of controls.
    @discardableResult
    public mutating func action(
        _ name: String, _ parameters: [(String, Int)] = [], _ body: (inout Assembly, [Int]) -> Void = { _, _ in }
    ) -> Int {
        let schemas = parameters.map { ParameterSchema(name: $0.0, width: $0.1, slot: local($0.1)) }
        actions.append(ActionSchema(name: name, parameters: schemas, entry: code.count))
        body(&self, schemas.map(\.slot))
        op(.ret)
        return actions.count - 1
    }

    /// Gives the table's index; the action listed first is the default, without arguments or with `defaults`.
    public mutating func table(
        _ name: String, keys: [(String, MatchKind, Int, Int)], actions: [Int], defaults: [BitString] = [],
        size: Int = 1024
    ) -> Int {
        tables.append(
            TableSchema(
                name: name, keys: keys.map { KeySchema(name: $0.0, match: $0.1, width: $0.2, slot: $0.3) },
                actions: actions.map { TableAction(action: $0) },
                defaultAction: ActionCall(action: actions[0], arguments: defaults), size: size))
        return tables.count - 1
    }

    // MARK: Code

    public mutating func op(_ opcode: Opcode, w: Int = 0, a: Int = 0, b: Int = 0, c: Int = 0, d: Int = 0) {
        code.append(Instruction(opcode, width: w, a: a, b: b, c: c, d: d))
    }

    public mutating func set(_ field: StandardMetadata, _ value: UInt64) {
        op(.copy, w: field.width, a: field.slot, b: constant(value))
    }

    public mutating func label() -> Label {
        labelCount += 1
        return Label(number: labelCount)
    }

    public mutating func place(_ label: Label) { places[label] = code.count }

    public mutating func jump(_ opcode: Opcode, a: Int = 0, b: Int = 0, c: Int = 0, to label: Label) {
        jumps.append((code.count, label))
        op(opcode, a: a, b: b, c: c)
    }

    /// Runs `body` only if a packet is of one of these instance types.
    public mutating func ifInstance(_ type: UInt64, _ body: (inout Assembly) -> Void) {
        let skip = label()
        jump(.branchIfNotEqual, b: StandardMetadata.instanceType.slot, c: constant(type), to: skip)
        body(&self)
        place(skip)
    }

    public mutating func parser(_ body: (inout Assembly) -> Void) { entries.parser = section(body) }
    public mutating func verifyChecksum(_ body: (inout Assembly) -> Void) { entries.verifyChecksum = section(body) }
    public mutating func ingress(_ body: (inout Assembly) -> Void) { entries.ingress = section(body) }
    public mutating func egress(_ body: (inout Assembly) -> Void) { entries.egress = section(body) }
    public mutating func computeChecksum(_ body: (inout Assembly) -> Void) { entries.computeChecksum = section(body) }
    public mutating func deparser(_ body: (inout Assembly) -> Void) { entries.deparser = section(body) }

    private mutating func section(_ body: (inout Assembly) -> Void) -> Int {
        let start = code.count
        body(&self)
        op(.end)
        return start
    }

    public func program(_ name: String = "test.p4") -> SwitchProgram {
        var linked = code
        for jump in jumps { linked[jump.index].d = UInt32(places[jump.label] ?? 0) }
        return SwitchProgram(
            name: name, headers: headers + [HeaderLayout(name: "(none)", fields: [], fixedBytes: 0)], stacks: stacks,
            frame: FrameLayout(metadataEnd: Self.metadataEnd, localsEnd: Self.localsEnd, constants: constants),
            code: linked, locations: linked.indices.map { SourceLine(file: name, line: $0) }, entries: entries,
            actions: actions, tables: tables, registers: registers, counters: counters, meters: meters,
            fieldLists: fieldLists, messages: messages,
            errors: [
                "NoError", "PacketTooShort", "NoMatch", "StackOutOfBounds", "HeaderTooShort", "ParserTimeout",
                "ParserInvalidArgument",
            ])
    }
}
