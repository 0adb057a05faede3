// SPDX-License-Identifier: Apache-2.0

import SwitchProgram

/// All ones in the low `width` (1 to 64) bits.
@inline(__always)
func lowMask(_ width: UInt16) -> UInt64 { .max &>> UInt64(64 &- width) }

/// `value`, a number of `width` bits, as a signed one.
@inline(__always)
func signed(_ value: UInt64, _ width: Int) -> Int64 {
    let up = UInt64(64 &- width)
    return Int64(bitPattern: value &<< up) &>> Int64(up)
}

extension Processor {
    /// `run`, whose way in and out costs as much as a few operations, unless there is nothing to run.
    @inline(__always)
    mutating func runUnlessEmpty(_ entry: Int, _ context: Context) {
        if code[entry].opcode != .end { run(from: entry, context) }
    }

    /// Runs a parser, control or deparser from `entry` to its end.
    ///
    /// One flat `switch` over trivial instructions. What programs do most is written out here; the rest is
    /// called, so that the loop's values stay in registers. `ProgramCheck` has made sure of every operand.
    mutating func run(from entry: Int, _ context: Context) {
        let code = unsafe code.pointer(at: 0)
        // Made anew and not taken from where the caller's lies: no store can then be suspected of changing it.
        let context = unsafe Context(memory: context.memory, layout: layout)
        var pc = entry
        /// Where `ret` leads; -1 outside an action.
        var returnTo = -1
        var turns = turnLimit
        while true {
            let i = unsafe code[pc]
            pc &+= 1
            var target = -1
            switch i.opcode {
            case .copy: context.set(i.a, context.slot(i.b) & lowMask(i.width))
            case .add: context.set(i.a, (context.slot(i.b) &+ context.slot(i.c)) & lowMask(i.width))
            case .sub: context.set(i.a, (context.slot(i.b) &- context.slot(i.c)) & lowMask(i.width))
            case .and: context.set(i.a, context.slot(i.b) & context.slot(i.c))
            case .or: context.set(i.a, context.slot(i.b) | context.slot(i.c))
            case .xor: context.set(i.a, context.slot(i.b) ^ context.slot(i.c))
            case .not: context.set(i.a, ~context.slot(i.b) & lowMask(i.width))
            case .shl:
                let shift = context.slot(i.c)
                context.set(i.a, shift < UInt64(i.width) ? (context.slot(i.b) &<< shift) & lowMask(i.width) : 0)
            case .shrUnsigned:
                let shift = context.slot(i.c)
                context.set(i.a, shift < UInt64(i.width) ? context.slot(i.b) &>> shift : 0)
            case .slice: context.set(i.a, (context.slot(i.b) &>> UInt64(i.d)) & lowMask(i.width))
            case .insert:
                let mask = lowMask(i.width) &<< UInt64(i.d)
                context.set(i.a, (context.slot(i.a) & ~mask) | ((context.slot(i.b) &<< UInt64(i.d)) & mask))

            case .equal: context.set(i.a, context.slot(i.b) == context.slot(i.c) ? 1 : 0)
            case .notEqual: context.set(i.a, context.slot(i.b) != context.slot(i.c) ? 1 : 0)
            case .lessUnsigned: context.set(i.a, context.slot(i.b) < context.slot(i.c) ? 1 : 0)
            case .lessEqualUnsigned: context.set(i.a, context.slot(i.b) <= context.slot(i.c) ? 1 : 0)

            case .loadField:
                let header = context.header(Int(i.b))
                context.set(i.a, context.bits(Int(header.base), Int(i.d), Int(i.width)))
            case .storeField:
                let base = writableBase(Int(i.a), context)
                guard base >= 0 else { break }
                if i.c > 0 {
                    context.storeBytes(base &+ Int(i.d &>> 3), Int(i.c), context.slot(i.b))
                } else {
                    context.setBits(base, Int(i.d), Int(i.width), context.slot(i.b))
                }
            case .isValid:
                let isValid = context.header(Int(i.b)).isValid
                context.set(i.a, isValid ? 1 : 0)
                if i.c == (isValid ? CodeLinker.jumpIfValid : CodeLinker.jumpIfInvalid) { target = Int(i.d) }
            case .setValid: setValid(Int(i.a), context)

            case .jump: target = Int(i.d)
            case .branchIfZero: if context.slot(i.b) == 0 { target = Int(i.d) }
            case .branchIfNotZero: if context.slot(i.b) != 0 { target = Int(i.d) }
            case .branchIfEqual: if context.slot(i.b) == context.slot(i.c) { target = Int(i.d) }
            case .branchIfNotEqual: if context.slot(i.b) != context.slot(i.c) { target = Int(i.d) }
            case .branchIfMaskedNotEqual:
                if context.slot(i.b) & context.slot(i.a) != context.slot(i.c) { target = Int(i.d) }

            case .apply:
                // Actions apply no tables; code that did would make `ret` ambiguous, and so ends here.
                guard returnTo < 0 else { return }
                returnTo = pc
                pc = apply(i, context)
            case .call:
                guard returnTo < 0 else { return }
                returnTo = pc
                pc = Int(i.d)
            case .ret:
                guard returnTo >= 0 else { return }
                pc = returnTo
                returnTo = -1
            case .end: return

            case .extract:
                guard extract(Int(i.a), varbitBytes: 0, context) else { return }
            case .emit: for header in Int(i.a)...(Int(i.a) &+ Int(i.d)) { emit(header, context) }

            case .registerRead: registers[Int(i.d)].read(context.slot(i.b), into: context, at: Int(i.a))
            case .registerWrite: registers[Int(i.d)].write(context.slot(i.a), from: context, at: Int(i.b))
            case .hashBegin: hashInput.clear()
            case .hashField:
                let header = context.header(Int(i.b))
                guard header.isValid else { break }
                if i.c == CodeLinker.summed {
                    hashInput.sum(context, Int(header.base) &+ Int(i.d &>> 3), bytes: Int(i.width &>> 3))
                } else {
                    hashInput.append(context, Int(header.base), bit: Int(i.d), count: Int(i.width))
                }
            case .hashVarbit: hashVarbit(i, context)
            case .hashEnd: context.set(i.a, hash(i.d, context) & lowMask(i.width))

            default:
                guard runRare(i, context) else { return }
            }
            if target >= 0 {
                if target < pc {
                    turns &-= 1
                    guard turns > 0 else { return fail(.parserTimeout, context) }
                }
                pc = target
            }
        }
    }

    /// Looks a table up, counts the hit, loads the arguments of the action that is to run, and gives its code.
    @inline(__always)
    private mutating func apply(_ i: Instruction, _ context: Context) -> Int {
        let table = Int(i.d)
        let entry = tables[table].lookup(context)
        if entry >= 0, tables[table].hasDirect { applyDirect(table, entry, context) }
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

    /// Ends a parser with an error, which ingress will see.
    func fail(_ error: ParserError, _ context: Context) {
        context[slot: StandardMetadata.parserError.slot] = UInt64(error.rawValue)
    }
}
