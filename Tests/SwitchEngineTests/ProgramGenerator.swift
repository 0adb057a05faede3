// SPDX-License-Identifier: Apache-2.0

import ProgramAssembly
import SwitchIR

/// Makes programs of the sequences that compilers emit, over headers whose fields have any width, and packets for them.
/// The same seed gives the same ones.
struct ProgramGenerator: RandomNumberGenerator {
    private struct Field {
        var header: Int
        var offset: Int
        var width: Int
    }

    private var state: UInt64
    private var assembly = Assembly()
    private var fields: [Field] = []
    private var headers: [Int] = []
    private var slots: [Int] = []

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }

    /// Sometimes too short for all headers.
    mutating func packet() -> [UInt8] {
        (0..<Int.random(in: 0..<120, using: &self)).map { _ in
            Bool.random(using: &self) ? UInt8.random(in: 0...255, using: &self) : 0
        }
    }

    mutating func program() -> SwitchProgram {
        for number in 0..<3 { addHeader(number) }
        // Never extracted: it is made valid, or stays as it is.
        addHeader(3)
        var p = assembly
        slots = (0..<6).map { _ in p.local() }
        let probe = p.header("hdr.probe", slots.indices.map { ("s\($0)", 64) })
        let (extracted, all, observed) = (headers.prefix(3), headers, slots)
        p.parser { p in for header in extracted { p.op(.extract, a: header) } }
        let start = p.label()
        p.ingress { p in
            p.set(.egressSpec, 2)
            for slot in observed { p.op(.copy, w: 64, a: slot, b: p.constant(0)) }
            p.jump(.jump, to: start)
            p.place(start)
            for _ in 0..<12 { self.addSequence(&p) }
            p.op(.setValid, a: probe)
            for (index, slot) in observed.enumerated() {
                p.op(.storeField, w: 64, a: probe, b: slot, d: index * 64)
            }
        }
        p.egress { p in for _ in 0..<3 { self.addSequence(&p) } }
        p.deparser { p in
            p.op(.emit, a: probe)
            for header in all { p.op(.emit, a: header) }
        }
        return p.program()
    }

    private mutating func addHeader(_ number: Int) {
        var widths: [Int] = []
        for _ in 0..<Int.random(in: 2...7, using: &self) {
            widths.append([1, 3, 4, 8, 8, 9, 13, 16, 16, 19, 32, 32, 48, 64].randomElement(using: &self) ?? 8)
        }
        let bits = widths.reduce(0, +)
        if bits % 8 != 0 { widths.append(8 - bits % 8) }
        let header = assembly.header("hdr.h\(number)", widths.enumerated().map { ("f\($0.offset)", $0.element) })
        headers.append(header)
        var offset = 0
        for width in widths {
            fields.append(Field(header: header, offset: offset, width: width))
            offset += width
        }
    }

    // MARK: Sequences

    private mutating func field() -> Field { fields.randomElement(using: &self) ?? fields[0] }
    private mutating func slot() -> Int { slots.randomElement(using: &self) ?? slots[0] }

    private mutating func addSequence(_ p: inout Assembly) {
        switch Int.random(in: 0..<9, using: &self) {
        case 0: addChange(&p)
        case 1: addFieldCopy(&p)
        case 2: addFieldBranch(&p)
        case 3: addComparison(&p)
        case 4: addValidity(&p)
        case 5: addStores(&p)
        case 6: addMoves(&p)
        case 7: addChecksum(&p)
        default: p.op([.setValid, .setInvalid].randomElement(using: &self) ?? .setValid, a: field().header)
        }
    }

    private mutating func load(_ field: Field, _ slot: Int, _ p: inout Assembly) {
        p.op(.loadField, w: field.width, a: slot, b: field.header, d: field.offset)
    }

    private mutating func store(_ field: Field, _ slot: Int, _ p: inout Assembly) {
        p.op(.storeField, w: field.width, a: field.header, b: slot, d: field.offset)
    }

    private mutating func addChange(_ p: inout Assembly) {
        let (field, loaded, result) = (field(), slot(), slot())
        load(field, loaded, &p)
        let amount = p.constant(UInt64.random(in: 0...3, using: &self))
        p.op(Bool.random(using: &self) ? .add : .sub, w: field.width, a: result, b: loaded, c: amount)
        store(field, result, &p)
    }

    private mutating func addFieldCopy(_ p: inout Assembly) {
        let (source, slot) = (field(), slot())
        let target = fields.filter { $0.width == source.width }.randomElement(using: &self) ?? source
        load(source, slot, &p)
        store(target, slot, &p)
    }

    /// Skips a change if a branch is taken.
    private mutating func addSkip(_ opcode: Opcode, b: Int, c: Int, _ p: inout Assembly) {
        let skip = p.label()
        p.jump(opcode, b: b, c: c, to: skip)
        addChange(&p)
        p.place(skip)
    }

    private mutating func addFieldBranch(_ p: inout Assembly) {
        let (field, loaded) = (field(), slot())
        let other = Bool.random(using: &self) ? slot() : p.constant(UInt64.random(in: 0...2, using: &self))
        let opcodes: [Opcode] = [.branchIfZero, .branchIfNotZero, .branchIfEqual, .branchIfNotEqual]
        load(field, loaded, &p)
        let opcode = opcodes.randomElement(using: &self) ?? .branchIfZero
        let isSwapped = opcode == .branchIfEqual && Bool.random(using: &self)
        addSkip(opcode, b: isSwapped ? other : loaded, c: isSwapped ? loaded : other, &p)
    }

    private mutating func addComparison(_ p: inout Assembly) {
        let result = slot()
        let opcode: Opcode = Bool.random(using: &self) ? .lessUnsigned : .lessEqualUnsigned
        p.op(opcode, w: 64, a: result, b: slot(), c: slot())
        addSkip(Bool.random(using: &self) ? .branchIfZero : .branchIfNotZero, b: result, c: 0, &p)
    }

    private mutating func addValidity(_ p: inout Assembly) {
        let result = slot()
        p.op(.isValid, a: result, b: field().header)
        addSkip(Bool.random(using: &self) ? .branchIfZero : .branchIfNotZero, b: result, c: 0, &p)
    }

    /// Stores to some fields of a header in a row, of values that fit.
    private mutating func addStores(_ p: inout Assembly) {
        let header = field().header
        let all = fields.filter { $0.header == header }
        let isNew = Int.random(in: 0..<3, using: &self) == 0
        let first = isNew ? 0 : Int.random(in: 0..<all.count, using: &self)
        // All fields of a header that is made valid, or perhaps without the last.
        let end = Int.random(in: (isNew ? all.count - 1 : first)...all.count, using: &self)
        let row = all[first..<end]
        let sources = row.map { field in (field, p.local()) }
        for (field, source) in sources { p.op(.copy, w: field.width, a: source, b: slot()) }
        if isNew { p.op(.setValid, a: header) }
        for (field, source) in sources { store(field, source, &p) }
    }

    private mutating func addMoves(_ p: inout Assembly) {
        for _ in 0..<Int.random(in: 1...3, using: &self) {
            let source = Bool.random(using: &self) ? slot() : p.constant(UInt64.random(in: 0...1 << 40, using: &self))
            let width = [64, 32, 9].randomElement(using: &self) ?? 64
            p.op(.copy, w: width, a: slot(), b: source)
        }
    }

    private mutating func addChecksum(_ p: inout Assembly) {
        p.op(.hashBegin)
        for field in fields where Bool.random(using: &self) {
            p.op(.hashField, w: field.width, b: field.header, d: field.offset)
        }
        p.op(.hashEnd, w: 16, a: slot(), d: Int(HashAlgorithm.csum16.rawValue))
    }
}
