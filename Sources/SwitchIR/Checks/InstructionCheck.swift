// SPDX-License-Identifier: Apache-2.0

/// Checks one instruction's operands against the program they index.
struct InstructionCheck {
    private let check: ProgramCheck
    private let index: Int
    private let instruction: Instruction
    private var program: SwitchProgram { check.program }
    private var width: Int { Int(instruction.width) }
    private var a: Int { Int(instruction.a) }
    private var b: Int { Int(instruction.b) }
    private var c: Int { Int(instruction.c) }
    private var d: Int { Int(instruction.d) }

    init(_ check: ProgramCheck, _ index: Int) {
        self.check = check
        self.index = index
        instruction = check.program.code[index]
    }

    func run() throws(InvalidProgram) {
        switch instruction.opcode {
        case .copy, .not, .neg: try narrow([b])
        case .signExtend: try narrow([b], also: (1...64).contains(d))
        case .add, .sub, .mul, .div, .mod, .and, .or, .xor, .shl, .shrUnsigned, .shrSigned, .satAddUnsigned,
            .satSubUnsigned, .satAddSigned, .satSubSigned, .equal, .notEqual, .lessUnsigned, .lessEqualUnsigned,
            .lessSigned, .lessEqualSigned, .random:
            try narrow([b, c])
        case .slice, .insert: try narrow([b], also: d + width <= 64)
        case .copyWide, .notWide: try wide(a: width, b: width)
        case .addWide, .subWide, .andWide, .orWide, .xorWide: try wide(a: width, b: width, c: width)
        case .shlWide, .shrWide: try wide(a: width, b: width, c: 1)
        case .equalWide, .lessUnsignedWide: try wide(a: 1, b: width, c: width)
        case .sliceWide: try wide(a: width, b: c, also: d + width <= c)
        case .insertWide: try wide(a: c, b: width, also: d + width <= c)
        default: try checkHeaderOperation()
        }
    }

    private func checkHeaderOperation() throws(InvalidProgram) {
        switch instruction.opcode {
        case .loadField: try narrow([], also: field(b))
        case .storeField: try require(narrowWidth && check.holds(b, 1) && field(a))
        case .loadFieldWide: try require(width > 0 && check.writes(a, words(width)) && field(b))
        case .storeFieldWide: try require(width > 0 && check.holds(b, words(width)) && field(a))
        case .loadFieldAt: try narrow([b], also: anyField)
        case .storeFieldAt: try require(narrowWidth && check.holds(a, 1) && check.holds(b, 1) && anyField)
        case .loadFieldWideAt:
            try require(width > 0 && check.writes(a, words(width)) && check.holds(b, 1) && anyField)
        case .storeFieldWideAt:
            try require(width > 0 && check.holds(a, 1) && check.holds(b, words(width)) && anyField)
        case .isValid: try require(check.writes(a, 1) && header(b))
        case .isValidAt: try require(check.writes(a, 1) && check.holds(b, 1))
        case .setValid, .setInvalid, .extract, .emit: try require(header(a))
        case .setValidAt, .setInvalidAt, .extractAt: try require(check.holds(a, 1))
        case .copyHeader: try require(sameSize(a, b))
        case .copyHeaderAt: try require(check.holds(a, 1) && check.holds(b, 1))
        case .equalHeader: try require(check.writes(a, 1) && sameSize(b, c))
        case .extractVariable: try require(header(a) && check.holds(b, 1))
        case .extractVariableAt: try require(check.holds(a, 1) && check.holds(b, 1))
        case .stackElement: try require(check.writes(a, 1) && check.holds(b, 1) && stack)
        case .stackNext, .stackLast, .stackLastIndex: try require(check.writes(a, 1) && stack)
        case .stackAdvance, .pushFront, .popFront: try require(stack)
        default: try checkParserOperation()
        }
    }

    private func checkParserOperation() throws(InvalidProgram) {
        switch instruction.opcode {
        case .advance, .truncate: try require(check.holds(b, 1))
        case .lookahead: try narrow([])
        case .lookaheadWide: try require(width > 0 && check.writes(a, words(width)))
        case .verify: try require(check.holds(b, 1) && check.holds(c, 1))
        case .rejectParse, .ret, .end, .hashBegin, .hashPayload: break
        case .jump, .call: try require(target)
        case .branchIfZero, .branchIfNotZero: try require(check.holds(b, 1) && target)
        case .branchIfEqual, .branchIfNotEqual: try require(check.holds(b, 1) && check.holds(c, 1) && target)
        case .branchIfMaskedNotEqual:
            try require(check.holds(a, 1) && check.holds(b, 1) && check.holds(c, 1) && target)
        case .apply: try require(check.writes(a, 1) && check.writes(b, 1) && program.tables.indices.contains(d))
        default: try checkExternOperation()
        }
    }

    private func checkExternOperation() throws(InvalidProgram) {
        switch instruction.opcode {
        case .registerRead:
            try require(program.registers.indices.contains(d))
            try require(check.writes(a, words(program.registers[d].width)) && check.holds(b, 1))
        case .registerWrite:
            try require(program.registers.indices.contains(d))
            try require(check.holds(a, 1) && check.holds(b, words(program.registers[d].width)))
        case .count: try require(program.counters.indices.contains(d) && check.holds(a, 1))
        case .meter: try require(program.meters.indices.contains(d) && check.writes(a, 1) && check.holds(b, 1))
        case .hashField: try require(width > 0 && field(b))
        case .hashVarbit: try require(header(b))
        case .hashSlot: try require(width > 0 && check.holds(b, words(width)))
        case .hashEnd: try narrow([], also: HashAlgorithm(rawValue: instruction.d) != nil)
        case .hashRange: try narrow([b, c], also: HashAlgorithm(rawValue: instruction.d) != nil)
        case .cloneIngress, .cloneEgress:
            try require(check.holds(b, 1) && program.fieldLists.indices.contains(d))
        case .resubmit, .recirculate: try require(program.fieldLists.indices.contains(d))
        case .log: try require(program.messages.indices.contains(d))
        case .assert: try require(check.holds(b, 1) && program.messages.indices.contains(d))
        default: throw refuse()
        }
    }

    // MARK: Operands

    private var narrowWidth: Bool { (1...64).contains(width) }
    private var stack: Bool { program.stacks.indices.contains(d) }
    private var target: Bool { program.code.indices.contains(d) }
    private var anyField: Bool { d + width <= check.largestHeaderBits }

    private func header(_ index: Int) -> Bool { program.headers.indices.contains(index) }

    private func field(_ index: Int) -> Bool { header(index) && d + width <= program.headers[index].maxBytes * 8 }

    private func sameSize(_ one: Int, _ other: Int) -> Bool {
        header(one) && header(other) && program.headers[one].fixedBytes == program.headers[other].fixedBytes
            && program.headers[one].varbitMaxBytes == program.headers[other].varbitMaxBytes
    }

    private func words(_ width: Int) -> Int { BitString.wordCount(width) }

    private func narrow(_ sources: [Int], also: Bool = true) throws(InvalidProgram) {
        try require(narrowWidth && check.writes(a, 1) && sources.allSatisfy { check.holds($0, 1) } && also)
    }

    /// `a`, `b` and `c` are runs of this many bits.
    private func wide(a aWidth: Int, b bWidth: Int, c cWidth: Int = 0, also: Bool = true) throws(InvalidProgram) {
        try require(
            width > 0 && check.writes(a, words(aWidth)) && check.holds(b, words(bWidth))
                && (cWidth == 0 || check.holds(c, words(cWidth))) && also)
    }

    private func require(_ condition: Bool) throws(InvalidProgram) {
        if !condition { throw refuse() }
    }

    private func refuse() -> InvalidProgram {
        let line = program.locations.indices.contains(index) ? " (line \(program.locations[index].line))" : ""
        return check.refuse("instruction \(index)\(line)", "operands of \(instruction) are out of range")
    }
}
