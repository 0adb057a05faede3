// SPDX-License-Identifier: Apache-2.0

/// One operation of a switch program: 16 bytes, trivial, every index resolved.
///
/// What `a`, `b`, `c`, `d` and `width` mean is said at each `Opcode`. By custom `a` is the destination
/// slot, `b` and `c` are source slots and `d` an immediate: a jump target, a bit offset or an index.
public struct Instruction: Sendable, Hashable, BitwiseCopyable {
    /// The operation.
    public var opcode: Opcode
    /// Bits that the operation works on; 0 where it has no width.
    public var width: UInt16
    /// The destination slot, or a header that is written.
    public var a: UInt16
    /// The first source slot, or a header that is read.
    public var b: UInt16
    /// The second source slot.
    public var c: UInt16
    /// A jump target, a bit offset, an index or a count.
    public var d: UInt32

    /// An instruction; operands that the opcode does not use are 0. Traps if one does not fit its field.
    public init(_ opcode: Opcode, width: Int = 0, a: Int = 0, b: Int = 0, c: Int = 0, d: Int = 0) {
        self.opcode = opcode
        self.width = UInt16(width)
        self.a = UInt16(a)
        self.b = UInt16(b)
        self.c = UInt16(c)
        self.d = UInt32(d)
    }
}

/// The operations. In the descriptions `a`, `b`, `c` are slots (`[a]` the slot's value), `w` is the
/// instruction's width in bits, and a wide operation works on runs of `ceil(w / 64)` slots.
/// Narrow operations have 1 ≤ w ≤ 64; their results are masked to `w` bits.
///
/// The destination may be one of the sources, wholly or not at all, except in `shlWide`, `shrWide`,
/// `sliceWide` and `insertWide`, whose runs never overlap. A field of a header that isn't valid reads as 0.
public enum Opcode: UInt8, Sendable, CaseIterable, BitwiseCopyable {
    // Moves and arithmetic, narrow: [a] ← [b] op [c].
    case copy  // [a] ← [b] mod 2^w: a move, and the cast to a narrower bit<w>
    case add, sub, mul
    case div, mod  // unsigned; a zero divisor gives 0
    case and, or, xor
    case not, neg  // [a] ← op [b]
    case shl, shrUnsigned, shrSigned  // shift by [c]; [c] ≥ w gives 0 (shrSigned: the sign)
    case satAddUnsigned, satSubUnsigned, satAddSigned, satSubSigned
    case signExtend  // [a] ← [b], a signed value of `d` bits, extended to w bits
    case slice  // [a] ← bits d ..< d + w of [b]
    case insert  // bits d ..< d + w of [a] ← [b]; the other bits of [a] stay

    // Comparisons: [a] ← 1 or 0. Operands are w bits wide.
    case equal, notEqual, lessUnsigned, lessEqualUnsigned, lessSigned, lessEqualSigned

    // The same for runs of slots (w > 64). slice and insert: d is the bit offset in the wide value,
    // w the width of the part (of any size); c is the width in bits of the wide value.
    case copyWide, addWide, subWide, andWide, orWide, xorWide, notWide
    case shlWide, shrWide  // unsigned, by the narrow amount [c]
    case equalWide, lessUnsignedWide  // [a] is one slot
    case sliceWide, insertWide

    // Headers: b (or a, where it is written) is a header index. `At`: that operand is a slot that holds one.
    case loadField  // [a] ← bits d ..< d + w of header b, w ≤ 64
    case storeField  // bits d ..< d + w of header a ← [b]
    case loadFieldWide, storeFieldWide
    case loadFieldAt, storeFieldAt
    case loadFieldWideAt, storeFieldWideAt
    case isValid, isValidAt  // [a] ← validity of header b
    case setValid, setValidAt  // header a; fields become 0 if it was invalid
    case setInvalid, setInvalidAt  // header a
    case copyHeader  // header a ← header b: validity, fields and varbit; b invalid makes a invalid
    case copyHeaderAt  // both operands are slots that hold header indices
    case equalHeader  // [a] ← 1 if header b and header c (of one type) are both valid and equal

    // Header stacks: `d` is the stack's index.
    case stackElement  // [a] ← header index of element [b] of stack d; out of range: the sentinel
    case stackNext  // [a] ← header index of stack d's next; full: parser error StackOutOfBounds
    case stackLast  // [a] ← header index of stack d's last; empty: the sentinel
    case stackLastIndex  // [a] ← next index - 1 mod 2^32
    case stackAdvance  // next index of stack d += 1 (after an extract into next)
    case pushFront, popFront  // stack d by b (an immediate count)

    // Parser. A failing one sets parser_error and ends the parser.
    case extract  // header a, fixed size
    case extractAt
    case extractVariable  // header a, its varbit field getting [b] bits
    case extractVariableAt
    case advance  // skip [b] bits
    case lookahead  // [a] ← the w bits that lie d bits after the cursor; nothing is consumed
    case lookaheadWide
    case verify  // [b] = 0: parser error [c]
    case rejectParse  // ends the parser with parser error d (NoError for an explicit reject, as v1model has it)

    // Flow. Targets are indices into `code`.
    case jump  // to d
    case branchIfZero, branchIfNotZero  // [b], to d
    case branchIfEqual, branchIfNotEqual  // [b] with [c], to d
    case branchIfMaskedNotEqual  // ([b] & [a]) ≠ [c]: to d (a is a source here)
    case apply  // table d: [a] ← hit, [b] ← index in `actions` of the one run; returns after the action's `ret`
    case call  // an action's body at d; one level: actions that call actions are inlined
    case ret
    case end  // ends this parser, control or deparser, also from within an action (`exit`)

    // Externs.
    case registerRead  // [a..] ← register array d, element [b]; out of range: [a] stays
    case registerWrite  // register array d, element [a] ← [b..]; out of range: nothing
    case count  // counter array d, element [a]
    case meter  // [a] ← colour, meter array d, element [b]
    case random  // [a] ← uniform in [b] ... [c]; [b] > [c]: [a] stays
    case hashBegin  // empties the hash input
    case hashField  // appends bits d ..< d + w of header b (any w); nothing if the header is invalid
    case hashVarbit  // appends header b's varbit field; nothing if the header is invalid
    case hashSlot  // appends the w low bits of [b] (any w)
    case hashPayload  // appends the bytes that the parser did not consume
    case hashEnd  // [a] ← algorithm d of the input, masked to w
    case hashRange  // [a] ← [b] + (algorithm d of the input mod [c]), [c] = 0: [b]; masked to w
    case cloneIngress, cloneEgress  // session [b], preserving field list d
    case resubmit, recirculate  // preserving field list d
    case truncate  // to [b] bytes
    case log  // log message d
    case assert  // [b] = 0: log message d, the packet is dropped and counted

    // Deparser.
    case emit  // header a if it is valid
}

/// Algorithms of v1model's `HashAlgorithm`, the `d` of `hashEnd` and `hashRange`.
public enum HashAlgorithm: UInt32, Sendable, CaseIterable {
    /// The algorithm of this name, of v1model.p4.
    case crc32, crc32Custom, crc16, crc16Custom, random, identity, csum16, xor16
}
