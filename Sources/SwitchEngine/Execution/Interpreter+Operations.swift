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

/// What the operations of the loop consist of. Nearly all of it is inlined there.
extension Interpreter {
    /// The next operation, which `pointer` then lies after.
    @inline(__always)
    static func step(_ pointer: inout InstructionPointer) -> InstructionPointer {
        let operation = pointer
        pointer = pointer.following(1)
        return operation
    }

    /// Whether header b is valid, which [a] then says as well.
    @inline(__always)
    func validity(_ i: InstructionPointer, _ context: Context) -> Bool {
        let isValid = context.isValid(i.b)
        context.set(i.a, isValid ? 1 : 0)
        return isValid
    }

    mutating func jumpBack(to target: InstructionPointer, _ context: Context) -> InstructionPointer {
        flow.turns &-= 1
        if flow.turns > 0 { return target }
        fail(.parserTimeout, context)
        return flow.end()
    }

    @inline(__always)
    func compare(_ i: InstructionPointer, _ context: Context, _ holds: (UInt64, UInt64) -> Bool) -> Bool {
        let result = holds(context.slot(i.b), context.slot(i.c))
        context.set(i.a, result ? 1 : 0)
        return result
    }

    @inline(__always)
    func loadedField(_ i: InstructionPointer, _ context: Context) -> UInt64 {
        let value = context.field(i)
        context.set(i.a, value)
        return value
    }

    /// Whether checksum update and deparser cannot simply follow egress.
    @inline(__always)
    func needsEngine(_ context: Context) -> Bool {
        context.state.cloneSession >= 0 || context.state.assertionFailed
            || context[slot: StandardMetadata.egressSpec.slot] == UInt64(Engine.dropPort)
    }

    /// Looks a table up, counts the hit, loads the arguments of the action that is to run, and gives its code.
    @inline(__always)
    mutating func apply(_ i: InstructionPointer, _ context: Context) -> Int {
        let table = Int(i.d)
        let entry = tables[table].lookup(context)
        if entry >= 0, tables[table].hasDirect { applyDirect(table, entry, context) }
        return runAction(of: table, entry: entry, i, context)
    }

    /// Readies the action of an entry, or with -1 the default one.
    @inline(__always)
    mutating func runAction(of table: Int, entry: Int, _ i: InstructionPointer, _ context: Context) -> Int {
        let action = Int(tables[table].load(entry &+ 1, into: context, actions, actionSlots))
        context.set(i.a, entry >= 0 ? 1 : 0)
        context.set(i.b, UInt64(action))
        return actions[action].entry
    }

    @inline(never)
    mutating func applyDirect(_ table: Int, _ entry: Int, _ context: Context) {
        tables[table].count(entry, bytes: context.state.receivedBytes)
        guard let meter = tables[table].schema.directMeter, let slot = tables[table].schema.directMeterSlot else {
            return
        }
        let bytes = context.state.receivedBytes
        if let colour = meters[meter].execute(UInt64(entry), bytes: bytes, now: now) { context[slot: slot] = colour }
    }

    /// Adds up what follows.
    @inline(__always)
    func checksum(_ i: InstructionPointer, _ context: Context) -> UInt64 {
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
