// SPDX-License-Identifier: Apache-2.0

import SwitchIR

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
            case .setValid: setValid(Int(i.a), bytes: i.d, isFilled: i.n != 0, context)
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
            case .extractVariable:
                if !extractVariable(Int(i.a), bits: context.slot(i.b), context) { pc = flow.end() }
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
}
