// SPDX-License-Identifier: Apache-2.0

import SwitchIR

/// Header instances and stacks.
///
/// A header's bytes stay where they came in, or lie in its own storage; `HeaderState.base` says where. One that
/// is not valid has its base at a run of zeros, so reading it needs no question.
extension Interpreter {
    mutating func runHeader(_ i: Instruction, _ context: Context) {
        let (a, b) = (Int(i.a), Int(i.b))
        switch i.opcode {
        case .loadFieldWide: loadWide(a, header: b, i, context)
        case .storeFieldWide: storeWide(header: a, b, i, context)
        case .loadFieldAt:
            let header = context.header(known(context[slot: b]))
            context[slot: a] = context.bits(Int(header.base), Int(i.d), Int(i.width))
        case .storeFieldAt:
            let base = writableBase(known(context[slot: a]), context)
            if base >= 0 { context.setBits(base, Int(i.d), Int(i.width), context[slot: b]) }
        case .loadFieldWideAt: loadWide(a, header: known(context[slot: b]), i, context)
        case .storeFieldWideAt: storeWide(header: known(context[slot: a]), b, i, context)
        case .isValidAt: context[slot: a] = context.header(known(context[slot: b])).isValid ? 1 : 0
        case .setValid: setValid(a, context)
        case .setValidAt: setValid(known(context[slot: a]), context)
        case .setInvalid: setInvalid(a, context)
        case .setInvalidAt: setInvalid(known(context[slot: a]), context)
        case .copyHeader: copyHeader(a, from: b, context)
        case .copyHeaderAt: copyHeader(known(context[slot: a]), from: known(context[slot: b]), context)
        default: context[slot: a] = areEqual(b, Int(i.c), context) ? 1 : 0
        }
    }

    /// A header index that was computed at run time; anything that is not one means the sentinel.
    @inline(__always)
    func known(_ index: UInt64) -> Int { index < UInt64(sentinel) ? Int(index) : sentinel }

    /// Where a header's fields may be written; -1 for one that is not valid, which takes nothing.
    @inline(__always)
    mutating func writableBase(_ index: Int, _ context: Context) -> Int {
        let base = context.header(index).base
        return base == layout.zeros ? -1 : Int(base)
    }

    var invalidHeader: HeaderState { HeaderState(base: layout.zeros, varbitBytes: 0, isValid: false) }

    private mutating func loadWide(_ slot: Int, header: Int, _ i: Instruction, _ context: Context) {
        let base = Int(context.header(header).base)
        readWide(slot, base, bit: Int(i.d), width: Int(i.width), context)
    }

    /// Puts `width` bits into a run of slots.
    mutating func readWide(_ slot: Int, _ base: Int, bit: Int, width: Int, _ context: Context) {
        var left = width
        var word = slot
        while left > 0 {
            let part = min(left, 64)
            context[slot: word] = context.bits(base, bit &+ left &- part, part)
            left &-= part
            word &+= 1
        }
    }

    private mutating func storeWide(header: Int, _ slot: Int, _ i: Instruction, _ context: Context) {
        let base = writableBase(header, context)
        guard base >= 0 else { return }
        var left = Int(i.width)
        var word = slot
        while left > 0 {
            let part = min(left, 64)
            context.setBits(base, Int(i.d) &+ left &- part, part, context[slot: word] & lowMask(UInt16(part)))
            left &-= part
            word &+= 1
        }
    }

    mutating func byteCount(_ index: Int, _ context: Context) -> Int {
        headerShapes[index].fixedBytes &+ Int(context.header(index).varbitBytes)
    }

    private mutating func setValid(_ index: Int, _ context: Context) {
        guard index != sentinel else { return }
        setValid(index, bytes: UInt32(headerShapes[index].fixedBytes), isFilled: false, context)
    }

    /// `bytes` is the header's length without its varbit field, which is empty then. `isFilled`: all of them are written
    /// next.
    @inline(__always)
    mutating func setValid(_ index: Int, bytes: UInt32, isFilled: Bool, _ context: Context) {
        guard !context.header(index).isValid else { return }
        let home = unsafe context.homes(layout)[index]
        if !isFilled { context.zero(Int(home), count: Int(bytes)) }
        context.setHeader(index, HeaderState(base: home, varbitBytes: 0, isValid: true))
        context.state.lengthRegister &+= bytes
    }

    private mutating func setInvalid(_ index: Int, _ context: Context) {
        setInvalid(index, bytes: UInt32(headerShapes[index].fixedBytes), context)
    }

    @inline(__always)
    mutating func setInvalid(_ index: Int, bytes: UInt32, _ context: Context) {
        let header = context.header(index)
        guard header.isValid else { return }
        context.state.lengthRegister &-= bytes &+ UInt32(header.varbitBytes)
        context.setHeader(index, invalidHeader)
    }

    private mutating func copyHeader(_ target: Int, from source: Int, _ context: Context) {
        let shape = headerShapes[source]
        // Unequal sizes can only come from an index past a stack's end.
        guard target != source, target != sentinel, shape.maxBytes == headerShapes[target].maxBytes else { return }
        let from = context.header(source)
        guard from.isValid else {
            context.setHeader(target, invalidHeader)
            return
        }
        let home = unsafe context.homes(layout)[target]
        context.move(Int(home), from: Int(from.base), count: shape.fixedBytes &+ Int(from.varbitBytes))
        context.setHeader(target, HeaderState(base: home, varbitBytes: from.varbitBytes, isValid: true))
    }

    private mutating func areEqual(_ one: Int, _ other: Int, _ context: Context) -> Bool {
        let (left, right) = (context.header(one), context.header(other))
        guard left.isValid, right.isValid, left.varbitBytes == right.varbitBytes else { return false }
        for byte in 0..<byteCount(one, context)
        where context.byte(Int(left.base) &+ byte) != context.byte(Int(right.base) &+ byte) {
            return false
        }
        return true
    }

    // MARK: Stacks

    /// False: there is no next element, and the parser ends.
    mutating func runStack(_ i: Instruction, _ context: Context) -> Bool {
        let stack = stacks[Int(i.d)]
        let next = Int(unsafe context.nexts(layout)[Int(i.d)])
        switch i.opcode {
        case .stackElement:
            let element = context.slot(i.b)
            context.set(i.a, UInt64(element < UInt64(stack.count) ? stack.first &+ Int(element) : sentinel))
        case .stackNext:
            guard next < stack.count else {
                fail(.stackOutOfBounds, context)
                return false
            }
            context.set(i.a, UInt64(stack.first &+ next))
        case .stackLast: context.set(i.a, UInt64(next > 0 ? stack.first &+ next &- 1 : sentinel))
        case .stackLastIndex: context.set(i.a, UInt64(UInt32(truncatingIfNeeded: next &- 1)))
        case .stackAdvance: unsafe context.nexts(layout)[Int(i.d)] = UInt32(min(next &+ 1, stack.count))
        case .pushFront:
            let count = min(Int(i.b), stack.count)
            for _ in 0..<count { rotate(stack, up: true, context) }
            unsafe context.nexts(layout)[Int(i.d)] = UInt32(min(next &+ count, stack.count))
        default:
            let count = min(Int(i.b), stack.count)
            for _ in 0..<count { rotate(stack, up: false, context) }
            unsafe context.nexts(layout)[Int(i.d)] = UInt32(max(next &- count, 0))
        }
        return true
    }

    /// Shifts a stack by one: elements keep their bytes and their storage, only their numbers change. The
    /// element that falls out becomes the new, invalid one at the other end.
    private mutating func rotate(_ stack: StackShape, up: Bool, _ context: Context) {
        guard stack.count > 0 else { return }
        let last = stack.first &+ stack.count &- 1
        let (from, to) = up ? (last, stack.first) : (stack.first, last)
        let home = unsafe context.homes(layout)[from]
        var index = from
        while index != to {
            let neighbour = up ? index &- 1 : index &+ 1
            context.setHeader(index, context.header(neighbour))
            unsafe context.homes(layout)[index] = context.homes(layout)[neighbour]
            index = neighbour
        }
        context.setHeader(to, invalidHeader)
        unsafe context.homes(layout)[to] = home
    }
}
