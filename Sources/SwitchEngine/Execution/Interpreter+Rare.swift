// SPDX-License-Identifier: Apache-2.0

import SwitchIR

extension Interpreter {
    /// The operations that `run` does not write out. False: the parser or control ends.
    @inline(never)
    mutating func runRare(_ index: Int, _ context: Context) -> Bool {
        let i = rareCode[index]
        switch i.opcode {
        case .div, .mod, .neg, .shrSigned, .satAddUnsigned, .satSubUnsigned, .satAddSigned, .satSubSigned,
            .signExtend, .lessSigned, .lessEqualSigned:
            context.set(i.a, arithmetic(i, context.slot(i.b), context.slot(i.c)))
        case .copyWide, .addWide, .subWide, .andWide, .orWide, .xorWide, .notWide, .shlWide, .shrWide, .equalWide,
            .lessUnsignedWide, .sliceWide, .insertWide:
            runWide(i, context)
        case .loadFieldWide, .storeFieldWide, .loadFieldAt, .storeFieldAt, .loadFieldWideAt, .storeFieldWideAt,
            .isValidAt, .setValid, .setValidAt, .setInvalid, .setInvalidAt, .copyHeader, .copyHeaderAt, .equalHeader:
            runHeader(i, context)
        case .stackElement, .stackNext, .stackLast, .stackLastIndex, .stackAdvance, .pushFront, .popFront:
            return runStack(i, context)
        case .extract, .extractAt, .extractVariable, .extractVariableAt, .advance, .lookahead, .lookaheadWide, .verify,
            .rejectParse:
            return runParser(i, context)
        case .assert:
            guard context.slot(i.b) == 0 else { return true }
            context.state.assertionFailed = true
            write(messages[Int(i.d)], context)
            return false
        default:
            runExtern(i, context)
        }
        return true
    }

    private mutating func arithmetic(_ i: Instruction, _ b: UInt64, _ c: UInt64) -> UInt64 {
        let width = Int(i.width)
        let mask = lowMask(i.width)
        switch i.opcode {
        case .div: return c == 0 ? 0 : b / c
        case .mod: return c == 0 ? 0 : b % c
        case .neg: return (0 &- b) & mask
        case .shrSigned: return UInt64(bitPattern: signed(b, width) &>> Int64(min(c, 63))) & mask
        case .satAddUnsigned:
            let (sum, overflow) = b.addingReportingOverflow(c)
            return overflow || sum > mask ? mask : sum
        case .satSubUnsigned: return b < c ? 0 : b &- c
        case .satAddSigned:
            return saturated(
                signed(b, width).addingReportingOverflow(signed(c, width)), width, negative: signed(c, width) < 0)
        case .satSubSigned:
            return saturated(
                signed(b, width).subtractingReportingOverflow(signed(c, width)), width, negative: signed(c, width) >= 0)
        case .signExtend: return UInt64(bitPattern: signed(b, Int(i.d))) & mask
        case .lessSigned: return signed(b, width) < signed(c, width) ? 1 : 0
        default: return signed(b, width) <= signed(c, width) ? 1 : 0
        }
    }

    /// A sum cut to the ends of `width` signed bits; `negative` says to which end an overflow of 64 bits went.
    private mutating func saturated(_ sum: (partialValue: Int64, overflow: Bool), _ width: Int, negative: Bool)
        -> UInt64
    {
        let highest = Int64.max &>> Int64(64 &- width)
        let lowest = ~highest
        let value =
            sum.overflow ? (negative ? lowest : highest) : min(max(sum.partialValue, lowest), highest)
        return UInt64(bitPattern: value) & lowMask(UInt16(width))
    }
}
