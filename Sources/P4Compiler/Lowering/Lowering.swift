// SPDX-License-Identifier: Apache-2.0

import BigInt
import SwitchIR

/// Turns a checked program for v1model into the flat program that a switch runs.
///
/// Parsers, controls, functions and actions called by name are expanded where they are called; what a table may
/// run becomes code of its own. What it can't do yet it reports at its place as "not supported yet".
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
    // What the program is made of, in the making.
    var actions: [ActionPlan] = []
    var actionIndices: [ActionKey: Int] = [:]
    var nextAction = 0
    var tables: [TableSchema] = []
    var registers: [RegisterSchema] = []
    var counters: [CounterSchema] = []
    var meters: [MeterSchema] = []
    var messages: [LogMessage] = []
    var fieldLists: [FieldList] = []
    /// Reported already.
    var isTooLarge = false

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

    /// Calls inside calls, and instructions: what a program may need at most.
    static let maximumDepth = 128
    static let maximumCode = 1 << 18

    // MARK: Slots of constants

    func constantSlot(_ value: BigInt, width: Int) -> Slot { frame.constant(value.words(width: width)) }
    func constantSlot(_ value: Int) -> Slot { frame.constant([UInt64(truncatingIfNeeded: value)]) }

    /// Bits of a scalar in slots. A number without a width, such as a shift amount, takes 64.
    func width(of type: P4Type) -> Int { type.width ?? 64 }
}
