// SPDX-License-Identifier: Apache-2.0

/// Why a switch program cannot be run: it breaks a rule that executors rely on, or is larger than they accept.
public struct InvalidProgram: Error, Sendable, Hashable, CustomStringConvertible {
    /// The program's name and the part of it at fault: an instruction, a table, a header …
    public var object: String
    /// Which rule is broken.
    public var reason: String

    /// Object and reason in one line.
    public var description: String { "\(object): \(reason)" }
}

extension SwitchProgram {
    /// Checks every operand, index and size once, so that an executor can rely on them without further checks.
    public func check() throws(InvalidProgram) { try ProgramCheck(self).run() }
}

/// Checks once, when a program is loaded, what the inner loop then relies on: every slot, header, table
/// and jump target exists, every width is one its operation can have, no path leads off the code's end.
struct ProgramCheck {
    /// Bounds on what a program may ask for, so that no program can exhaust the machine.
    private static let maxHeaderStorage = 1 << 20
    private static let maxArrayBytes = 1 << 30

    let program: SwitchProgram
    let largestHeaderBits: Int

    init(_ program: SwitchProgram) {
        self.program = program
        largestHeaderBits = (program.headers.map(\.maxBytes).max() ?? 0) * 8
    }

    func run() throws(InvalidProgram) {
        try checkFrame()
        try checkHeaders()
        try checkArrays()
        try checkActions()
        for table in program.tables { try checkTable(table) }
        try checkEntries()
        for index in program.code.indices { try InstructionCheck(self, index).run() }
    }

    func refuse(_ object: String, _ reason: String) -> InvalidProgram {
        InvalidProgram(object: "\(program.name): \(object)", reason: reason)
    }

    private func checkFrame() throws(InvalidProgram) {
        let frame = program.frame
        guard frame.metadataEnd >= StandardMetadata.allCases.count, frame.metadataEnd <= frame.localsEnd,
            frame.slotCount <= 1 << 16
        else {
            throw refuse("frame", "slots \(frame.metadataEnd), \(frame.localsEnd), \(frame.slotCount) are not in order")
        }
        for list in program.fieldLists {
            for run in list.slots
            where run.lowerBound < StandardMetadata.allCases.count || run.upperBound > frame.metadataEnd {
                throw refuse("field list", "slots \(run) are not user metadata")
            }
        }
        for message in program.messages {
            for argument in message.arguments where !holds(argument.slot, BitString.wordCount(argument.width)) {
                throw refuse("message", "slot \(argument.slot) does not exist")
            }
        }
    }

    private func checkHeaders() throws(InvalidProgram) {
        guard !program.headers.isEmpty, program.headers.count <= 1 << 16 else {
            throw refuse("headers", "there must be 1 to 65536, the last a sentinel")
        }
        var storage = 0
        for header in program.headers {
            guard header.fixedBytes >= 0, header.varbitMaxBytes >= 0, header.maxBytes <= 0xFFFF else {
                throw refuse(header.name, "a header of \(header.maxBytes) bytes is too large")
            }
            storage += header.maxBytes + 32
            for field in header.fields where !field.isVarbit {
                guard field.bitOffset >= 0, field.width >= 0, field.bitOffset + field.width <= header.fixedBytes * 8
                else {
                    throw refuse("\(header.name).\(field.name)", "the field ends beyond the header")
                }
            }
        }
        guard storage <= Self.maxHeaderStorage else { throw refuse("headers", "they take \(storage) bytes per packet") }
        for stack in program.stacks {
            guard stack.count >= 0, stack.first >= 0, stack.first + stack.count < program.headers.count else {
                throw refuse(stack.name, "the stack's headers do not exist")
            }
            let sizes = Set(program.headers[stack.first..<stack.first + stack.count].map(\.maxBytes))
            guard sizes.count <= 1 else { throw refuse(stack.name, "its elements differ in size") }
        }
    }

    private func checkArrays() throws(InvalidProgram) {
        for register in program.registers {
            let words = BitString.wordCount(register.width)
            guard register.width > 0, register.count >= 0, register.count <= Self.maxArrayBytes / 8 / words else {
                throw refuse(register.name, "\(register.count) elements of \(register.width) bits are too many")
            }
        }
        for (name, count) in program.counters.map({ ($0.name, $0.count) }) + program.meters.map({ ($0.name, $0.count) })
        {
            guard count >= 0, count <= Self.maxArrayBytes / 64 else {
                throw refuse(name, "\(count) elements are too many")
            }
        }
    }

    private func checkActions() throws(InvalidProgram) {
        for action in program.actions {
            guard program.code.indices.contains(action.entry) else {
                throw refuse(action.name, "its code does not exist")
            }
            for parameter in action.parameters where !writes(parameter.slot, BitString.wordCount(parameter.width)) {
                throw refuse("\(action.name).\(parameter.name)", "its slot does not exist")
            }
        }
    }

    private func checkTable(_ table: TableSchema) throws(InvalidProgram) {
        guard table.size >= 0 else { throw refuse(table.name, "size \(table.size) is negative") }
        for key in table.keys where key.width <= 0 || !holds(key.slot, BitString.wordCount(key.width)) {
            throw refuse("\(table.name): \(key.name)", "its slot does not exist")
        }
        guard table.keys.count(where: { $0.match == .lpm }) <= 1 else {
            throw refuse(table.name, "it has two lpm keys")
        }
        for action in table.actions.map(\.action) + [table.defaultAction.action]
        where !program.actions.indices.contains(action) {
            throw refuse(table.name, "its action \(action) does not exist")
        }
        if let counter = table.directCounter, !program.counters.indices.contains(counter) {
            throw refuse(table.name, "its direct counter does not exist")
        }
        if let meter = table.directMeter, !program.meters.indices.contains(meter) {
            throw refuse(table.name, "its direct meter does not exist")
        }
        if let slot = table.directMeterSlot, !writes(slot, 1) {
            throw refuse(table.name, "its direct meter's slot does not exist")
        }
    }

    private func checkEntries() throws(InvalidProgram) {
        let starts = program.entries
        for start in [
            starts.parser, starts.verifyChecksum, starts.ingress, starts.egress, starts.computeChecksum,
            starts.deparser,
        ] where !program.code.indices.contains(start) {
            throw refuse("entry points", "instruction \(start) does not exist")
        }
        let parts = [
            starts.parser, starts.verifyChecksum, starts.ingress, starts.egress, starts.computeChecksum,
            starts.deparser,
        ].filter { program.code[$0].opcode != .end }
        guard Set(parts).count == parts.count else { throw refuse("entry points", "two begin at the same instruction") }
        switch program.code.last?.opcode {
        case .end, .ret, .jump, .rejectParse: break
        default: throw refuse("code", "execution runs off its end")
        }
    }

    /// Whether slots `first ..< first + count` can be read.
    func holds(_ first: Int, _ count: Int) -> Bool { first >= 0 && first + count <= program.frame.slotCount }

    /// Whether they can be written: constants cannot.
    func writes(_ first: Int, _ count: Int) -> Bool { first >= 0 && first + count <= program.frame.localsEnd }
}
