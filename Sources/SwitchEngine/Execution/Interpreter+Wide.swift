// SPDX-License-Identifier: Apache-2.0

import SwitchIR

/// Operations on values of more than 64 bits: runs of slots, least significant word first.
extension Interpreter {
    mutating func runWide(_ i: Instruction, _ context: Context) {
        let (a, b, c) = (Int(i.a), Int(i.b), Int(i.c))
        let width = Int(i.width)
        let words = (width &+ 63) &>> 6
        switch i.opcode {
        case .copyWide: for word in 0..<words { context[slot: a &+ word] = context[slot: b &+ word] }
        case .addWide: add(a, b, c, words, invert: 0, context)
        case .subWide: add(a, b, c, words, invert: ~0, context)
        case .andWide:
            for word in 0..<words { context[slot: a &+ word] = context[slot: b &+ word] & context[slot: c &+ word] }
        case .orWide:
            for word in 0..<words { context[slot: a &+ word] = context[slot: b &+ word] | context[slot: c &+ word] }
        case .xorWide:
            for word in 0..<words { context[slot: a &+ word] = context[slot: b &+ word] ^ context[slot: c &+ word] }
        case .notWide: for word in 0..<words { context[slot: a &+ word] = ~context[slot: b &+ word] }
        case .shlWide: shiftLeft(a, b, words, by: context[slot: c], width, context)
        case .shrWide: shiftRight(a, b, words, by: context[slot: c], width, context)
        case .equalWide:
            var isEqual: UInt64 = 1
            for word in 0..<words where context[slot: b &+ word] != context[slot: c &+ word] { isEqual = 0 }
            context[slot: a] = isEqual
            return
        case .lessUnsignedWide:
            context[slot: a] = less(b, c, words, context)
            return
        case .sliceWide: slice(a, b, from: Int(i.d), width, of: c, context)
        default:
            insert(a, b, at: Int(i.d), width, context)
            return
        }
        context[slot: a &+ words &- 1] &= lowMask(UInt16(width &- (words &- 1) &* 64))
    }

    /// `b + c`, or with all bits of `c` inverted and a carry in, `b - c`.
    private mutating func add(_ a: Int, _ b: Int, _ c: Int, _ words: Int, invert: UInt64, _ context: Context) {
        var carry = invert & 1
        for word in 0..<words {
            let (sum, first) = context[slot: b &+ word].addingReportingOverflow(context[slot: c &+ word] ^ invert)
            let (total, second) = sum.addingReportingOverflow(carry)
            context[slot: a &+ word] = total
            carry = first || second ? 1 : 0
        }
    }

    private mutating func less(_ b: Int, _ c: Int, _ words: Int, _ context: Context) -> UInt64 {
        var word = words &- 1
        while word >= 0 {
            let (left, right) = (context[slot: b &+ word], context[slot: c &+ word])
            if left != right { return left < right ? 1 : 0 }
            word &-= 1
        }
        return 0
    }

    // From the most significant word down, so that `a` may be `b`.
    private mutating func shiftLeft(
        _ a: Int, _ b: Int, _ words: Int, by amount: UInt64, _ width: Int, _ context: Context
    ) {
        let shift = amount >= UInt64(width) ? words &* 64 : Int(amount)
        let (wordShift, bits) = (shift &>> 6, UInt64(shift & 63))
        var word = words &- 1
        while word >= 0 {
            let source = word &- wordShift
            let high = source >= 0 ? context[slot: b &+ source] &<< bits : 0
            let low = bits > 0 && source >= 1 ? context[slot: b &+ source &- 1] &>> (64 &- bits) : 0
            context[slot: a &+ word] = high | low
            word &-= 1
        }
    }

    private mutating func shiftRight(
        _ a: Int, _ b: Int, _ words: Int, by amount: UInt64, _ width: Int, _ context: Context
    ) {
        let shift = amount >= UInt64(width) ? words &* 64 : Int(amount)
        let (wordShift, bits) = (shift &>> 6, UInt64(shift & 63))
        for word in 0..<words {
            let source = word &+ wordShift
            let low = source < words ? context[slot: b &+ source] &>> bits : 0
            let high = bits > 0 && source &+ 1 < words ? context[slot: b &+ source &+ 1] &<< (64 &- bits) : 0
            context[slot: a &+ word] = low | high
        }
    }

    private mutating func slice(_ a: Int, _ b: Int, from offset: Int, _ width: Int, of total: Int, _ context: Context) {
        let sourceWords = (total &+ 63) &>> 6
        let bits = UInt64(offset & 63)
        for word in 0..<(width &+ 63) &>> 6 {
            let source = word &+ offset &>> 6
            let low = source < sourceWords ? context[slot: b &+ source] &>> bits : 0
            let high = bits > 0 && source &+ 1 < sourceWords ? context[slot: b &+ source &+ 1] &<< (64 &- bits) : 0
            context[slot: a &+ word] = low | high
        }
    }

    /// Up to a word at a time, at every word boundary of the target.
    private mutating func insert(_ a: Int, _ b: Int, at offset: Int, _ width: Int, _ context: Context) {
        var done = 0
        while done < width {
            let bit = (offset &+ done) & 63
            let part = min(64 &- bit, width &- done, 64 &- (done & 63))
            let value = (context[slot: b &+ done &>> 6] &>> UInt64(done & 63)) & lowMask(UInt16(part))
            let place = a &+ (offset &+ done) &>> 6
            let mask = lowMask(UInt16(part)) &<< UInt64(bit)
            context[slot: place] = (context[slot: place] & ~mask) | (value &<< UInt64(bit))
            done &+= part
        }
    }
}
