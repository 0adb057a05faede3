// SPDX-License-Identifier: Apache-2.0

import BigInt
import SwitchIR

/// Turns a checked program for v1model into the flat program that a switch runs.
///
/// Parsers, controls, functions and actions called by name are expanded where they are called; an action that a table
/// may run becomes code of its own. What the compiler cannot do yet is reported where the program uses it.
///
/// ## Where a variable lives
///
/// `Storage` is the answer for a value of any type, `Slot` for a scalar that is not in a header:
///
/// | in the program                       | lives in                                         | decided in |
/// |--------------------------------------|--------------------------------------------------|------------|
/// | standard and user metadata           | metadata slots, from index 0                     | +Program   |
/// | header, header stack, union          | one or more header instances, by number          | +Layout    |
/// | field of a header                    | bits of the header's bytes                       | +Layout    |
/// | struct or tuple                      | the storages of its members                      | +Layout    |
/// | variable of a parser or control      | persistent slots, the same at each application   | +Calls     |
/// | other local variable, temporary      | stack slots, released at the end of its block    | +Layout    |
/// | parameter                            | the argument's storage if nothing else can write | +Calls     |
/// |                                      | it, else stack slots and a copy back             |            |
/// | parameter of a block applied twice   | persistent slots                                 | +Objects   |
/// | direct meter's colour, table key     | persistent slots                                 | +Objects, +Tables |
/// | constant                             | the constant pool, shared by equal values        | `FramePlan` |
/// | register, counter, meter, block      | no storage: an object, by number                 | +Objects   |
/// | constructor parameter, `int`, string | no storage: an expression known at compile time  | +Objects   |
///
/// The files answer one question each:
///
/// - `Storage.swift`: which kinds of place are there?
/// - `Slot.swift`: which part of the frame is a slot in, and what is its final index?
/// - `Lowering+Places.swift`: where is the value of this *expression* already? How is a scalar loaded and stored?
/// - `Lowering+Values.swift`: how is a value of any type computed into a place, copied, cleared?
/// - `Lowering+Objects.swift`: what did a declared *object* become, and under which name?
///
/// `storages` maps the variables that are visible to the code being expanded; a call replaces it while its callee is
/// expanded, so the same variable may live elsewhere in the next expansion.
final class Lowering {
    let diagnostics: Diagnostics
    let program: TypedProgram
    var code: CodeBuffer
    var frame = FramePlan()
    var headers: [HeaderLayout] = []
    var stacks: [HeaderStack] = []
    /// For a header that is a member of a union, the other members.
    var unionPeers: [Int: [Int]] = [:]
    /// Header types that were checked for whole bytes already.
    var measured: Set<RecordType> = []
    /// Where variables of the code being expanded live.
    var storages: [Variable: Storage] = [:]
    /// The object whose code is being expanded.
    var instance: BlockInstance?
    var topLevelObjects: [InstanceSymbol: SwitchObject] = [:]
    /// What `return` does in the code being expanded, innermost last.
    var returns: [ReturnPlace] = []
    var loops: [LoopPlace] = []
    /// Results of `out` and `inout` parameters that `exit` must still hand back, innermost last.
    var pendingCopies: [[CopyBack]] = []
    var section = Section.ingress
    var standardMetadata: Storage = .members([])
    var userMetadata: (type: P4Type, storage: Storage)?
    // The parts of the program that were made so far.
    var actions: [ActionPlan] = []
    var actionIndices: [ActionKey: Int] = [:]
    var nextAction = 0
    var tables: [TableSchema] = []
    var registers: [RegisterSchema] = []
    var counters: [CounterSchema] = []
    var meters: [MeterSchema] = []
    var messages: [LogMessage] = []
    var fieldLists: [FieldList] = []
    /// Calls expanded so far, and objects made so far.
    var expandedCalls = 0
    var objectCount = 0
    /// A limit was passed, and that was reported.
    private(set) var isTooLarge = false

    /// The part of `V1Switch` being made: some externs are allowed in some of them only.
    enum Section { case parser, verifyChecksum, ingress, egress, computeChecksum, deparser }

    struct ReturnPlace {
        let label: Label
        let result: Storage?
        let type: P4Type
    }

    struct LoopPlace {
        let onBreak: Label
        let onContinue: Label
    }

    /// A result to be put where the caller wants it.
    struct CopyBack {
        let from: Storage
        let to: Storage?
        /// Instead of `to`: some bits of a scalar.
        let part: SlotPart?
        let type: P4Type
        let range: SourceRange
    }

    init(_ program: TypedProgram, diagnostics: Diagnostics, start: SourceRange) {
        self.program = program
        self.diagnostics = diagnostics
        code = CodeBuffer(range: start)
    }

    func error(_ message: String, at range: SourceRange) { diagnostics.error(message, at: range) }

    func unsupported(_ what: String, at range: SourceRange) {
        diagnostics.error("not supported yet: \(what)", at: range)
    }

    /// Runs `body` and gives back the slots that it allocated.
    func withTemporaries<Result>(_ body: () -> Result) -> Result {
        let mark = frame.mark
        defer { frame.release(to: mark) }
        return body()
    }

    /// Reports, once, that the program needs more than `limit` of something.
    func reportTooLarge(_ limit: Int, _ what: String, at range: SourceRange) {
        if !isTooLarge { error("the program is too large: more than \(limit) \(what)", at: range) }
        isTooLarge = true
    }

    // MARK: Slots of constants

    func constantSlot(_ value: BigInt, width: Int) -> Slot { frame.constant(value.words(width: width)) }
    func constantSlot(_ value: Int) -> Slot { frame.constant([UInt64(truncatingIfNeeded: value)]) }

    /// Bits of a scalar in slots. A number without a width, such as a shift amount, takes 64.
    func width(of type: P4Type) -> Int { type.width ?? 64 }
}
