// SPDX-License-Identifier: Apache-2.0

/// What the interpreter executes: an instruction, or several that belong together, with widths, offsets and distances
/// worked out.
///
/// 16 bytes, trivial, and laid out as declared: `d` and `e` are also read as one word. `a`, `b`, `c` are slots or headers,
/// as each `Code` says. Both are named by their cell (`ContextLayout`), except in `setValid`, `setInvalid`, `emit` and
/// `extractVariable`, which name a header by its index. `e` is the distance in bytes to where a branch leads, as a signed number.
struct Operation: BitwiseCopyable, Sendable {
    var code: Code
    var n: UInt8 = 0
    var a: UInt16 = 0
    var b: UInt16 = 0
    var c: UInt16 = 0
    var d: UInt32 = 0
    var e: UInt32 = 0

    init(_ code: Code, n: Int = 0, a: UInt16 = 0, b: UInt16 = 0, c: UInt16 = 0, d: UInt32 = 0) {
        self.code = code
        self.n = UInt8(truncatingIfNeeded: n)
        self.a = a
        self.b = b
        self.c = c
        self.d = d
    }
}

#if !_endian(little)
    #error("places and masks of operations are read as little-endian machines have them")
#endif

extension Operation {
    /// `n` is a width in bits unless it says otherwise. A *place* is a field's byte offset in the low 16 bits, the bits
    /// in front of it in its first byte above them, and from bit 24 on the 64 bits less its width.
    enum Code: UInt8, Sendable {
        // Moves and arithmetic, as in the program's code.
        case move  // [a] ← [b]
        case moveTwice  // [a] ← [b], [c] ← [d]
        case fill  // d slots from a on ← [b]
        case copy, add, sub, mul, and, or, xor, not, shl, shrUnsigned, slice, insert
        case equal, notEqual, less, lessEqual  // unsigned

        // Fields of headers.
        case load8, load16, load32  // [a] ← header b at byte d
        case loadBits  // [a] ← header b at place d; within 64 bits from its first byte
        case loadSpan  // [a] ← bits d ..< d + n of header b
        case store8, store16, store32, store48, store64  // header a at byte d ← [b]
        case storeBits  // header a at place d ← [b]
        case storeSpan  // bits d ..< d + n of header a ← [b]
        case copyField48  // 6 bytes of header c at byte d >> 16 and [a] ← header b at byte d & 0xFFFF
        case copyField  // the same for n bytes
        case increaseByte, decreaseByte  // [d >> 16] ← byte d & 0xFFFF of header b; the byte, [a] ← that ± [c]
        case increaseField, decreaseField  // the same for n bytes
        case pack  // header a from byte d on ← the fields that follow: n `data`, each slot a, of n bits
        case isValid, setInvalid  // setInvalid: header a, of d bytes
        case setValid  // header a, of d bytes; n is 1 if what follows writes them all, so that none need be zeroed

        // Flow.
        case jump, jumpBack
        case branchIfZero, branchIfNotZero, branchIfEqual, branchIfNotEqual  // [b], [c]
        case branchIfMaskedNotEqual  // [b] & [a] ≠ [c]
        // [a] ← [b] < [c] or ≤, and on that
        case branchIfLess, branchIfNotLess, branchIfLessEqual, branchIfNotLessEqual
        case branchIfValid, branchIfInvalid  // [a] ← validity of header b, and on that
        // [a] ← header b at place d, and on that, compared with [c]
        case branchIfFieldZero, branchIfFieldNotZero, branchIfFieldEqual, branchIfFieldNotEqual
        case applyDefault  // table d, which has no key; [a] ← 0, [b] ← action
        case apply  // table d; [a] ← hit, [b] ← action
        case call, ret, end
        case enter  // the part of the pipeline that begins at e; d is the distance from here to the next
        case leaveEgress  // stops if the engine has to look at the packet, else goes on
        case stop

        // The rest.
        case extract  // header a, of d bytes
        case extractVariable  // header a, its varbit field getting [b] bits
        case emit  // d headers from a on
        case registerRead, registerWrite, count
        // [a] ← csum16, masked by c, of what the n `data` that follow say: one for a header b with n more, each of the
        // bits d and e of 8 bytes from byte c on; or with c = 1 one for the varbit field of header b, which begins at d
        case checksum
        case rare  // instruction d of `rareCode`
        case data

        // Two operations, each with its own operands where it lies (`joined(with:)`).
        case moveThenJump, moveThenReturn, moveThenBranchIfZero, moveThenBranchIfNotZero, moveThenBranchIfNotEqual
        case moveThenBranchIfInvalid, moveThenBranchIfValid, moveThenBranchIfFieldNotZero
        case load8ThenBranchIfEqual, load8ThenBranchIfLess, load8ThenBranchIfNotLessEqual
        case loadBitsThenBranchIfLessEqual, loadBitsTwice, loadBitsThenShl, addThenBranchIfNotLessEqual
        case branchIfEqualTwice, branchIfNotEqualTwice, branchIfNotZeroTwice, branchIfNotZeroThenBranchIfNotEqual
        case branchIfNotEqualThenBranchIfInvalid, branchIfNotEqualThenLoad8
        case branchIfInvalidTwice, branchIfInvalidThenLoad32, branchIfInvalidThenChecksum
        case branchIfInvalidThenBranchIfFieldNotEqual, copyField48ThenStore48
        case extractThenBranchIfFieldEqual, extractThenBranchIfFieldNotEqual, extractThenMove, extractThenJump
        case store16ThenEmit, registerReadThenAdd
    }
}
