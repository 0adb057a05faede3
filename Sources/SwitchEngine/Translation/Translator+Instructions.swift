// SPDX-License-Identifier: Apache-2.0

import SwitchIR

/// One instruction, one operation.
extension Translator {
    /// Gives how many instructions it took: always one.
    mutating func translate(at index: Int) -> Int {
        let i = program.code[index]
        switch i.opcode {
        case .copy: append(move(i))
        case .add: append(arithmetic(.add, i))
        case .sub: append(arithmetic(.sub, i))
        case .mul: append(arithmetic(.mul, i))
        case .and: append(arithmetic(.and, i))
        case .or: append(arithmetic(.or, i))
        case .xor: append(arithmetic(.xor, i))
        case .not: append(arithmetic(.not, i))
        case .shl: append(arithmetic(.shl, i))
        case .shrUnsigned: append(arithmetic(.shrUnsigned, i))
        case .slice: append(arithmetic(.slice, i))
        case .insert: append(arithmetic(.insert, i))
        case .equal: append(arithmetic(.equal, i))
        case .notEqual: append(arithmetic(.notEqual, i))
        case .lessUnsigned: append(arithmetic(.less, i))
        case .lessEqualUnsigned: append(arithmetic(.lessEqual, i))
        default: translateHeaderInstruction(i, at: index)
        }
        return 1
    }

    private mutating func translateHeaderInstruction(_ i: Instruction, at index: Int) {
        switch i.opcode {
        case .loadField: append(load(i))
        case .storeField: append(store(i))
        case .isValid: append(Operation(.isValid, a: i.a, b: cell(i.b)))
        case .setValid where !isSentinel(i.a):
            let isFilled = isFilled(header: i.a, from: index + 1)
            append(Operation(.setValid, n: isFilled ? 1 : 0, a: i.a, d: UInt32(header(i.a).fixedBytes)))
        case .setInvalid where !isSentinel(i.a):
            append(Operation(.setInvalid, a: i.a, d: UInt32(header(i.a).fixedBytes)))
        case .extract where !isSentinel(i.a) && !keepsOriginal:
            append(Operation(.extract, a: cell(i.a), d: UInt32(header(i.a).fixedBytes)))
        case .extractVariable where !isSentinel(i.a): append(Operation(.extractVariable, a: i.a, b: i.b))
        case .emit: append(Operation(.emit, a: i.a, d: 1))
        default: translateFlow(i)
        }
    }

    private mutating func translateFlow(_ i: Instruction) {
        let sources = Operation(.jump, a: i.a, b: i.b, c: i.c)
        switch i.opcode {
        case .jump: append(sources, to: i.d)
        case .branchIfZero: append(sources.with(.branchIfZero), to: i.d)
        case .branchIfNotZero: append(sources.with(.branchIfNotZero), to: i.d)
        case .branchIfEqual: append(sources.with(.branchIfEqual), to: i.d)
        case .branchIfNotEqual: append(sources.with(.branchIfNotEqual), to: i.d)
        case .branchIfMaskedNotEqual: append(sources.with(.branchIfMaskedNotEqual), to: i.d)
        case .call: append(Operation(.call), to: i.d)
        case .ret: append(Operation(.ret))
        case .end: append(Operation(.end))
        case .apply where program.tables[Int(i.d)].keys.isEmpty:
            append(Operation(.applyDefault, a: i.a, b: i.b, d: i.d))
        case .apply: append(Operation(.apply, a: i.a, b: i.b, d: i.d))
        case .registerRead: append(Operation(.registerRead, a: i.a, b: i.b, d: i.d))
        case .registerWrite: append(Operation(.registerWrite, a: i.a, b: i.b, d: i.d))
        case .count: append(Operation(.count, a: i.a, d: i.d))
        default: appendRare(i)
        }
    }

    private func arithmetic(_ code: Operation.Code, _ i: Instruction) -> Operation {
        Operation(code, n: Int(i.width), a: i.a, b: i.b, c: i.c, d: i.d)
    }

    /// A copy that need not cut anything is a `move`.
    func move(_ i: Instruction) -> Operation {
        Operation(fits(i) ? .move : .copy, n: Int(i.width), a: i.a, b: i.b)
    }

    /// Whether the source of a copy is known to have no bits above its width.
    private func fits(_ i: Instruction) -> Bool { widths[i.b] <= Int(i.width) }

    // MARK: Fields

    /// A field as `loadBits` and its kin want it; nil if it reaches beyond 64 bits from its first byte.
    func place(of i: Instruction) -> UInt32? {
        let shift = i.d & 7
        guard i.width <= 64, shift + UInt32(i.width) <= 64 else { return nil }
        return i.d >> 3 | shift << 16 | UInt32(64 - i.width) << 24
    }

    /// The number of bytes of a field that consists of whole bytes.
    func wholeBytes(_ i: Instruction) -> Int? { i.d % 8 == 0 && i.width % 8 == 0 ? Int(i.width / 8) : nil }

    private func load(_ i: Instruction) -> Operation {
        switch wholeBytes(i) {
        case 1: return Operation(.load8, a: i.a, b: cell(i.b), d: i.d >> 3)
        case 2: return Operation(.load16, a: i.a, b: cell(i.b), d: i.d >> 3)
        case 4: return Operation(.load32, a: i.a, b: cell(i.b), d: i.d >> 3)
        default: break
        }
        if let place = place(of: i) { return Operation(.loadBits, a: i.a, b: cell(i.b), d: place) }
        return Operation(.loadSpan, n: Int(i.width), a: i.a, b: cell(i.b), d: i.d)
    }

    private func store(_ i: Instruction) -> Operation {
        let byteStore: Operation.Code? =
            switch wholeBytes(i) {
            case 1: .store8
            case 2: .store16
            case 4: .store32
            case 6: .store48
            case 8: .store64
            default: nil
            }
        if let byteStore { return Operation(byteStore, a: cell(i.a), b: i.b, d: i.d >> 3) }
        if let place = place(of: i) { return Operation(.storeBits, n: Int(i.width), a: cell(i.a), b: i.b, d: place) }
        return Operation(.storeSpan, n: Int(i.width), a: cell(i.a), b: i.b, d: i.d)
    }
}

extension Operation {
    func with(_ code: Code) -> Operation {
        var operation = self
        operation.code = code
        return operation
    }
}
