// SPDX-License-Identifier: Apache-2.0

import SwitchIR

/// What only parsers do. An operation that fails gives false, and its parser ends.
extension Interpreter {
    /// Readies a packet for a parser: no header is valid, nothing is consumed.
    @inline(__always)
    mutating func startParsing(_ context: Context) {
        unsafe context.headers.update(repeating: invalidHeader, count: headerShapes.count)
        if stacks.count > 0 { unsafe context.nexts(layout).update(repeating: 0, count: stacks.count) }
        context.state.cursor = 0
    }

    /// A header of fixed size, where nothing of the original need be kept.
    @inline(__always)
    mutating func extract(_ cell: UInt16, bytes: UInt32, _ context: Context) -> Bool {
        let cursor = context.state.cursor
        guard cursor &+ bytes <= context.state.byteCount else {
            fail(.packetTooShort, context)
            return false
        }
        context.state.cursor = cursor &+ bytes
        let base = UInt32(truncatingIfNeeded: layout.packet) &+ cursor
        context.setHeader(inCell: cell, HeaderState(base: base, varbitBytes: 0, isValid: true))
        return true
    }

    mutating func extract(_ index: Int, varbitBytes: Int, _ context: Context) -> Bool {
        let cursor = Int(context.state.cursor)
        let count = headerShapes[index].fixedBytes &+ varbitBytes
        guard cursor &+ count <= Int(context.state.byteCount) else {
            fail(.packetTooShort, context)
            return false
        }
        context.state.cursor = UInt32(truncatingIfNeeded: cursor &+ count)
        let base = layout.packet &+ cursor
        if keepsOriginal { context.move(layout.saved &+ cursor, from: base, count: count) }
        guard index != sentinel else { return true }
        context.setHeader(
            index,
            HeaderState(
                base: UInt32(truncatingIfNeeded: base), varbitBytes: UInt16(truncatingIfNeeded: varbitBytes),
                isValid: true))
        return true
    }

    mutating func runParser(_ i: Instruction, _ context: Context) -> Bool {
        switch i.opcode {
        case .extract: return extract(Int(i.a), varbitBytes: 0, context)
        case .extractAt: return extract(known(context.slot(i.a)), varbitBytes: 0, context)
        case .extractVariable: return extractVariable(Int(i.a), bits: context.slot(i.b), context)
        case .extractVariableAt: return extractVariable(known(context.slot(i.a)), bits: context.slot(i.b), context)
        case .advance: return advance(context.slot(i.b), context)
        case .lookahead, .lookaheadWide:
            let bit = Int(i.d)
            let end = Int(context.state.cursor) &* 8 &+ bit &+ Int(i.width)
            guard end <= Int(context.state.byteCount) &* 8 else {
                fail(.packetTooShort, context)
                return false
            }
            let base = layout.packet &+ Int(context.state.cursor)
            readWide(Int(i.a), base, bit: bit, width: Int(i.width), context)
            return true
        case .verify:
            guard context.slot(i.b) == 0 else { return true }
            context[slot: StandardMetadata.parserError.slot] = context.slot(i.c) & 0xFFFF_FFFF
            return false
        default:
            context[slot: StandardMetadata.parserError.slot] = UInt64(i.d)
            return false
        }
    }

    mutating func extractVariable(_ index: Int, bits: UInt64, _ context: Context) -> Bool {
        guard bits & 7 == 0 else {
            fail(.parserInvalidArgument, context)
            return false
        }
        // Whether the packet is long enough is asked first: it decides which error is seen.
        let left = UInt64(context.state.byteCount &- context.state.cursor)
        let bytes = bits &>> 3
        guard UInt64(headerShapes[index].fixedBytes) &+ bytes <= left else {
            fail(.packetTooShort, context)
            return false
        }
        guard bytes <= UInt64(headerShapes[index].varbitMaxBytes) else {
            fail(.headerTooShort, context)
            return false
        }
        return extract(index, varbitBytes: Int(bytes), context)
    }

    private mutating func advance(_ bits: UInt64, _ context: Context) -> Bool {
        let left = UInt64(context.state.byteCount &- context.state.cursor)
        guard bits & 7 == 0 else {
            fail(.parserInvalidArgument, context)
            return false
        }
        guard bits &>> 3 <= left else {
            fail(.packetTooShort, context)
            return false
        }
        let cursor = Int(context.state.cursor)
        let count = Int(bits &>> 3)
        if keepsOriginal { context.move(layout.saved &+ cursor, from: layout.packet &+ cursor, count: count) }
        context.state.cursor = UInt32(truncatingIfNeeded: cursor &+ count)
        return true
    }
}
