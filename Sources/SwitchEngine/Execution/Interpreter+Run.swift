// SPDX-License-Identifier: Apache-2.0

import SwitchIR

/// All ones in the low `width` (1 to 64) bits.
@inline(__always)
func lowMask(_ width: UInt16) -> UInt64 { .max &>> UInt64(64 &- width) }

/// `value`, a number of `width` bits, as a signed one.
@inline(__always)
func signed(_ value: UInt64, _ width: Int) -> Int64 {
    let up = UInt64(64 &- width)
    return Int64(bitPattern: value &<< up) &>> Int64(up)
}

extension Interpreter {
    /// Runs operations from `entry` to `stop`: true. False: `leaveEgress` found something that the engine has to do.
    ///
    /// One flat `switch` over trivial operations. It is longer than a function should be, because the loop's values would
    /// not stay in registers if it were divided. Frequent operations are written out here; the others are called.
    /// `SwitchProgram.check` and `Translator` have checked every operand.
    @discardableResult
    mutating func run(from entry: Entry, _ context: Context) -> Bool {
        flow = unsafe Flow(onEnd: InstructionPointer(code.pointer(at: entry.onEnd)), turns: turnLimit)
        var pc = unsafe InstructionPointer(code.pointer(at: entry.start))
        while true {
            var i = pc
            pc = pc.following(1)
            switch i.code {
            case .move: context.set(i.a, context.slot(i.b))
            case .moveTwice:
                context.set(i.a, context.slot(i.b))
                context[slot: Int(i.c)] = context[slot: Int(i.d)]
            case .fill: context.fill(i)
            case .copy: context.set(i.a, context.slot(i.b) & i.mask)
            case .add: context.set(i.a, (context.slot(i.b) &+ context.slot(i.c)) & i.mask)
            case .sub: context.set(i.a, (context.slot(i.b) &- context.slot(i.c)) & i.mask)
            case .mul: context.set(i.a, (context.slot(i.b) &* context.slot(i.c)) & i.mask)
            case .and: context.set(i.a, context.slot(i.b) & context.slot(i.c))
            case .or: context.set(i.a, context.slot(i.b) | context.slot(i.c))
            case .xor: context.set(i.a, context.slot(i.b) ^ context.slot(i.c))
            case .not: context.set(i.a, ~context.slot(i.b) & i.mask)
            case .shl:
                let shift = context.slot(i.c)
                context.set(i.a, shift < UInt64(i.n) ? (context.slot(i.b) &<< shift) & i.mask : 0)
            case .shrUnsigned:
                let shift = context.slot(i.c)
                context.set(i.a, shift < UInt64(i.n) ? context.slot(i.b) &>> shift : 0)
            case .slice: context.set(i.a, (context.slot(i.b) &>> UInt64(i.d)) & i.mask)
            case .insert:
                let mask = i.mask &<< UInt64(i.d)
                context.set(i.a, (context.slot(i.a) & ~mask) | ((context.slot(i.b) &<< UInt64(i.d)) & mask))
            case .equal: context.set(i.a, context.slot(i.b) == context.slot(i.c) ? 1 : 0)
            case .notEqual: context.set(i.a, context.slot(i.b) != context.slot(i.c) ? 1 : 0)
            case .less: context.set(i.a, context.slot(i.b) < context.slot(i.c) ? 1 : 0)
            case .lessEqual: context.set(i.a, context.slot(i.b) <= context.slot(i.c) ? 1 : 0)

            case .load8: context.set(i.a, UInt64(context.byte(context.base(i.b) &+ Int(i.d))))
            case .load16: context.set(i.a, context.load16(context.base(i.b) &+ Int(i.d)))
            case .load32: context.set(i.a, context.load32(context.base(i.b) &+ Int(i.d)))
            case .loadBits: context.set(i.a, context.field(i))
            case .loadSpan: context.set(i.a, context.bits(context.base(i.b), Int(i.d), i.n))
            case .store8: if let base = context.writable(i.a) { context.store8(base &+ Int(i.d), context.slot(i.b)) }
            case .store16: if let base = context.writable(i.a) { context.store16(base &+ Int(i.d), context.slot(i.b)) }
            case .store32: if let base = context.writable(i.a) { context.store32(base &+ Int(i.d), context.slot(i.b)) }
            case .store48: if let base = context.writable(i.a) { context.store48(base &+ Int(i.d), context.slot(i.b)) }
            case .store64: if let base = context.writable(i.a) { context.store64(base &+ Int(i.d), context.slot(i.b)) }
            case .storeBits:
                guard let base = context.writable(i.a) else { break }
                context.setWithinWord(base &+ i.byteOffset, Int(i.bitOffset), i.n, context.slot(i.b))
            case .storeSpan:
                if let base = context.writable(i.a) { context.setBits(base, Int(i.d), i.n, context.slot(i.b)) }
            case .copyField48: context.copyField48(i)
            case .copyField: context.copyField(i)
            case .increaseByte: context.changeByte(i, by: context.slot(i.c))
            case .decreaseByte: context.changeByte(i, by: 0 &- context.slot(i.c))
            case .increaseField: context.changeField(i, by: context.slot(i.c))
            case .decreaseField: context.changeField(i, by: 0 &- context.slot(i.c))
            case .pack:
                if let base = context.writable(i.a) { context.pack(i, at: base &+ Int(i.d)) }
                pc = pc.following(i.n)
            case .isValid: context.set(i.a, context.isValid(i.b) ? 1 : 0)
            case .setValid: setValid(Int(i.a), bytes: i.d, context)
            case .setInvalid: setInvalid(Int(i.a), bytes: i.d, context)

            case .jump: pc = i.target
            case .jumpBack: pc = jumpBack(to: i.target, context)
            case .branchIfZero: if context.slot(i.b) == 0 { pc = i.target }
            case .branchIfNotZero: if context.slot(i.b) != 0 { pc = i.target }
            case .branchIfEqual: if context.slot(i.b) == context.slot(i.c) { pc = i.target }
            case .branchIfNotEqual: if context.slot(i.b) != context.slot(i.c) { pc = i.target }
            case .branchIfMaskedNotEqual:
                if context.slot(i.b) & context.slot(i.a) != context.slot(i.c) { pc = i.target }
            case .branchIfLess: if compare(i, context, <) { pc = i.target }
            case .branchIfNotLess: if !compare(i, context, <) { pc = i.target }
            case .branchIfLessEqual: if compare(i, context, <=) { pc = i.target }
            case .branchIfNotLessEqual: if !compare(i, context, <=) { pc = i.target }
            case .branchIfValid:
                let isValid = context.isValid(i.b)
                context.set(i.a, isValid ? 1 : 0)
                if isValid { pc = i.target }
            case .branchIfInvalid:
                let isValid = context.isValid(i.b)
                context.set(i.a, isValid ? 1 : 0)
                if !isValid { pc = i.target }
            case .branchIfFieldZero: if loadedField(i, context) == 0 { pc = i.target }
            case .branchIfFieldNotZero: if loadedField(i, context) != 0 { pc = i.target }
            case .branchIfFieldEqual: if loadedField(i, context) == context.slot(i.c) { pc = i.target }
            case .branchIfFieldNotEqual: if loadedField(i, context) != context.slot(i.c) { pc = i.target }

            case .applyDefault:
                let isNested = flow.returnTo != nil
                flow.returnTo = pc
                pc =
                    isNested
                    ? flow.end()
                    : unsafe InstructionPointer(code.pointer(at: runAction(of: Int(i.d), entry: -1, i, context)))
            case .apply:
                // Actions apply no tables; code that did would make `ret` ambiguous, and so ends here.
                let isNested = flow.returnTo != nil
                flow.returnTo = pc
                pc = isNested ? flow.end() : unsafe InstructionPointer(code.pointer(at: apply(i, context)))
            case .call:
                let isNested = flow.returnTo != nil
                flow.returnTo = pc
                pc = isNested ? flow.end() : i.target
            case .ret:
                pc = flow.returnTo ?? flow.onEnd
                flow.returnTo = nil
            case .end: pc = flow.end()
            case .enter:
                flow = Flow(onEnd: i.next, turns: turnLimit)
                pc = i.target
            case .leaveEgress:
                guard !needsEngine(context) else { return false }
                pc = i.target
            case .stop: return true

            case .extract: if !extract(i.a, bytes: i.d, context) { pc = flow.end() }
            case .emit: emit(Int(i.a), count: Int(i.d), context)
            case .registerRead: registers[Int(i.d)].read(context.slot(i.b), into: context, at: Int(i.a))
            case .registerWrite: registers[Int(i.d)].write(context.slot(i.a), from: context, at: Int(i.b))
            case .count: counters[Int(i.d)].add(context.slot(i.a), bytes: context.state.receivedBytes)
            case .checksum:
                context.set(i.a, checksum(i, context) & UInt64(i.c))
                pc = pc.following(i.n)
            case .rare: if !runRare(Int(i.d), context) { pc = flow.end() }
            case .data: pc = flow.end()

            // Pairs: the first operation, then the second unless the first led elsewhere.
            case .moveThenJump:
                context.set(i.a, context.slot(i.b))
                pc = pc.target
            case .moveThenReturn:
                context.set(i.a, context.slot(i.b))
                pc = flow.returnTo ?? flow.onEnd
                flow.returnTo = nil
            case .moveThenBranchIfZero:
                context.set(i.a, context.slot(i.b))
                i = Self.step(&pc)
                if context.slot(i.b) == 0 { pc = i.target }
            case .moveThenBranchIfNotZero:
                context.set(i.a, context.slot(i.b))
                i = Self.step(&pc)
                if context.slot(i.b) != 0 { pc = i.target }
            case .moveThenBranchIfNotEqual:
                context.set(i.a, context.slot(i.b))
                i = Self.step(&pc)
                if context.slot(i.b) != context.slot(i.c) { pc = i.target }
            case .moveThenBranchIfInvalid:
                context.set(i.a, context.slot(i.b))
                i = Self.step(&pc)
                if !validity(i, context) { pc = i.target }
            case .moveThenBranchIfValid:
                context.set(i.a, context.slot(i.b))
                i = Self.step(&pc)
                if validity(i, context) { pc = i.target }
            case .moveThenBranchIfFieldNotZero:
                context.set(i.a, context.slot(i.b))
                i = Self.step(&pc)
                if loadedField(i, context) != 0 { pc = i.target }
            case .load8ThenBranchIfEqual:
                context.set(i.a, UInt64(context.byte(context.base(i.b) &+ Int(i.d))))
                i = Self.step(&pc)
                if context.slot(i.b) == context.slot(i.c) { pc = i.target }
            case .load8ThenBranchIfLess:
                context.set(i.a, UInt64(context.byte(context.base(i.b) &+ Int(i.d))))
                i = Self.step(&pc)
                if compare(i, context, <) { pc = i.target }
            case .load8ThenBranchIfNotLessEqual:
                context.set(i.a, UInt64(context.byte(context.base(i.b) &+ Int(i.d))))
                i = Self.step(&pc)
                if !compare(i, context, <=) { pc = i.target }
            case .loadBitsThenBranchIfLessEqual:
                context.set(i.a, context.field(i))
                i = Self.step(&pc)
                if compare(i, context, <=) { pc = i.target }
            case .loadBitsTwice:
                context.set(i.a, context.field(i))
                i = Self.step(&pc)
                context.set(i.a, context.field(i))
            case .loadBitsThenShl:
                context.set(i.a, context.field(i))
                i = Self.step(&pc)
                let shift = context.slot(i.c)
                context.set(i.a, shift < UInt64(i.n) ? (context.slot(i.b) &<< shift) & i.mask : 0)
            case .addThenBranchIfNotLessEqual:
                context.set(i.a, (context.slot(i.b) &+ context.slot(i.c)) & i.mask)
                i = Self.step(&pc)
                if !compare(i, context, <=) { pc = i.target }
            case .branchIfEqualTwice:
                if context.slot(i.b) == context.slot(i.c) {
                    pc = i.target
                } else {
                    i = Self.step(&pc)
                    if context.slot(i.b) == context.slot(i.c) { pc = i.target }
                }
            case .branchIfNotEqualTwice:
                if context.slot(i.b) != context.slot(i.c) {
                    pc = i.target
                } else {
                    i = Self.step(&pc)
                    if context.slot(i.b) != context.slot(i.c) { pc = i.target }
                }
            case .branchIfNotZeroTwice:
                if context.slot(i.b) != 0 {
                    pc = i.target
                } else {
                    i = Self.step(&pc)
                    if context.slot(i.b) != 0 { pc = i.target }
                }
            case .branchIfNotZeroThenBranchIfNotEqual:
                if context.slot(i.b) != 0 {
                    pc = i.target
                } else {
                    i = Self.step(&pc)
                    if context.slot(i.b) != context.slot(i.c) { pc = i.target }
                }
            case .branchIfNotEqualThenBranchIfInvalid:
                if context.slot(i.b) != context.slot(i.c) {
                    pc = i.target
                } else {
                    i = Self.step(&pc)
                    if !validity(i, context) { pc = i.target }
                }
            case .branchIfNotEqualThenLoad8:
                if context.slot(i.b) != context.slot(i.c) {
                    pc = i.target
                } else {
                    i = Self.step(&pc)
                    context.set(i.a, UInt64(context.byte(context.base(i.b) &+ Int(i.d))))
                }
            case .branchIfInvalidTwice:
                if !validity(i, context) {
                    pc = i.target
                } else {
                    i = Self.step(&pc)
                    if !validity(i, context) { pc = i.target }
                }
            case .branchIfInvalidThenLoad32:
                if !validity(i, context) {
                    pc = i.target
                } else {
                    i = Self.step(&pc)
                    context.set(i.a, context.load32(context.base(i.b) &+ Int(i.d)))
                }
            case .branchIfInvalidThenChecksum:
                if !validity(i, context) {
                    pc = i.target
                } else {
                    i = Self.step(&pc)
                    context.set(i.a, checksum(i, context) & UInt64(i.c))
                    pc = pc.following(i.n)
                }
            case .branchIfInvalidThenBranchIfFieldNotEqual:
                if !validity(i, context) {
                    pc = i.target
                } else {
                    i = Self.step(&pc)
                    if loadedField(i, context) != context.slot(i.c) { pc = i.target }
                }
            case .copyField48ThenStore48:
                context.copyField48(i)
                i = Self.step(&pc)
                if let base = context.writable(i.a) { context.store48(base &+ Int(i.d), context.slot(i.b)) }
            case .extractThenBranchIfFieldEqual:
                guard extract(i.a, bytes: i.d, context) else {
                    pc = flow.end()
                    break
                }
                i = Self.step(&pc)
                if loadedField(i, context) == context.slot(i.c) { pc = i.target }
            case .extractThenBranchIfFieldNotEqual:
                guard extract(i.a, bytes: i.d, context) else {
                    pc = flow.end()
                    break
                }
                i = Self.step(&pc)
                if loadedField(i, context) != context.slot(i.c) { pc = i.target }
            case .extractThenMove:
                guard extract(i.a, bytes: i.d, context) else {
                    pc = flow.end()
                    break
                }
                i = Self.step(&pc)
                context.set(i.a, context.slot(i.b))
            case .extractThenJump: pc = extract(i.a, bytes: i.d, context) ? pc.target : flow.end()
            case .store16ThenEmit:
                if let base = context.writable(i.a) { context.store16(base &+ Int(i.d), context.slot(i.b)) }
                i = Self.step(&pc)
                emit(Int(i.a), count: Int(i.d), context)
            case .registerReadThenAdd:
                registers[Int(i.d)].read(context.slot(i.b), into: context, at: Int(i.a))
                i = Self.step(&pc)
                context.set(i.a, (context.slot(i.b) &+ context.slot(i.c)) & i.mask)
            }
        }
    }

    /// The next operation, which `pointer` then lies after.
    @inline(__always)
    private static func step(_ pointer: inout InstructionPointer) -> InstructionPointer {
        let operation = pointer
        pointer = pointer.following(1)
        return operation
    }

    /// Whether header b is valid, which [a] then says as well.
    @inline(__always)
    private func validity(_ i: InstructionPointer, _ context: Context) -> Bool {
        let isValid = context.isValid(i.b)
        context.set(i.a, isValid ? 1 : 0)
        return isValid
    }

    private mutating func jumpBack(to target: InstructionPointer, _ context: Context) -> InstructionPointer {
        flow.turns &-= 1
        if flow.turns > 0 { return target }
        fail(.parserTimeout, context)
        return flow.end()
    }

    @inline(__always)
    private func compare(_ i: InstructionPointer, _ context: Context, _ holds: (UInt64, UInt64) -> Bool) -> Bool {
        let result = holds(context.slot(i.b), context.slot(i.c))
        context.set(i.a, result ? 1 : 0)
        return result
    }

    @inline(__always)
    private func loadedField(_ i: InstructionPointer, _ context: Context) -> UInt64 {
        let value = context.field(i)
        context.set(i.a, value)
        return value
    }

    /// Whether checksum update and deparser cannot simply follow egress.
    @inline(__always)
    private func needsEngine(_ context: Context) -> Bool {
        context.state.cloneSession >= 0 || context.state.assertionFailed
            || context[slot: StandardMetadata.egressSpec.slot] == UInt64(Engine.dropPort)
    }

    /// Looks a table up, counts the hit, loads the arguments of the action that is to run, and gives its code.
    @inline(__always)
    private mutating func apply(_ i: InstructionPointer, _ context: Context) -> Int {
        let table = Int(i.d)
        let entry = tables[table].lookup(context)
        if entry >= 0, tables[table].hasDirect { applyDirect(table, entry, context) }
        return runAction(of: table, entry: entry, i, context)
    }

    /// Readies the action of an entry, or with -1 the default one.
    @inline(__always)
    private mutating func runAction(of table: Int, entry: Int, _ i: InstructionPointer, _ context: Context) -> Int {
        let action = Int(tables[table].load(entry &+ 1, into: context, actions, actionSlots))
        context.set(i.a, entry >= 0 ? 1 : 0)
        context.set(i.b, UInt64(action))
        return actions[action].entry
    }

    @inline(never)
    private mutating func applyDirect(_ table: Int, _ entry: Int, _ context: Context) {
        tables[table].count(entry, bytes: context.state.receivedBytes)
        guard let meter = tables[table].schema.directMeter, let slot = tables[table].schema.directMeterSlot else {
            return
        }
        let bytes = context.state.receivedBytes
        if let colour = meters[meter].execute(UInt64(entry), bytes: bytes, now: now) { context[slot: slot] = colour }
    }

    /// Adds up what follows.
    @inline(__always)
    private func checksum(_ i: InstructionPointer, _ context: Context) -> UInt64 {
        var sum = InternetSum()
        var part = i
        var left = i.n
        while left > 0 {
            left &-= 1
            part = part.following(1)
            let header = context.header(inCell: part.b)
            if part.c != 0 {
                if header.isValid { sum.add(context, Int(header.base) &+ Int(part.d), bytes: Int(header.varbitBytes)) }
                continue
            }
            var words = part.n
            left &-= words
            guard header.isValid else {
                part = part.following(words)
                continue
            }
            while words > 0 {
                words &-= 1
                part = part.following(1)
                sum.add(context.nativeWord(Int(header.base) &+ Int(part.c)) & part.long)
            }
        }
        return sum.checksum
    }

    /// Ends a parser with an error, which ingress will see.
    mutating func fail(_ error: ParserError, _ context: Context) {
        context[slot: StandardMetadata.parserError.slot] = UInt64(error.rawValue)
    }
}
