// SPDX-License-Identifier: Apache-2.0

import SwitchIR

/// Instructions that stand together become one operation.
extension Translator {
    /// Makes one operation of the instruction at `index` and some that follow; gives how many, or nil if it stands
    /// alone.
    mutating func fuse(at index: Int) -> Int? {
        let first = program.code[index]
        switch first.opcode {
        case .isValid: return fuseValidity(first, index)
        case .lessUnsigned, .lessEqualUnsigned: return fuseComparison(first, index)
        case .copy: return fuseFill(index) ?? fuseMoves(first, index)
        case .loadField: return fuseChange(first, index) ?? fuseFieldCopy(first, index) ?? fuseFieldBranch(first, index)
        case .storeField: return fuseStores(index)
        case .emit: return fuseEmits(first, index)
        case .hashBegin: return fuseChecksum(index)
        case .hashField: return fuseHashFields(index)
        default: return nil
        }
    }

    private func following(_ index: Int) -> Instruction? {
        let both = together(at: index, count: 2)
        return both.count == 2 ? both.last : nil
    }

    private mutating func fuseValidity(_ first: Instruction, _ index: Int) -> Int? {
        guard let branch = following(index), branch.b == first.a else { return nil }
        let operation = Operation(.branchIfValid, a: first.a, b: cell(first.b))
        switch branch.opcode {
        case .branchIfZero: append(operation.with(.branchIfInvalid), to: branch.d)
        case .branchIfNotZero: append(operation, to: branch.d)
        default: return nil
        }
        return 2
    }

    private mutating func fuseComparison(_ first: Instruction, _ index: Int) -> Int? {
        guard let branch = following(index), branch.b == first.a else { return nil }
        let isLess = first.opcode == .lessUnsigned
        let operation = Operation(.data, a: first.a, b: first.b, c: first.c)
        switch branch.opcode {
        case .branchIfZero: append(operation.with(isLess ? .branchIfNotLess : .branchIfNotLessEqual), to: branch.d)
        case .branchIfNotZero: append(operation.with(isLess ? .branchIfLess : .branchIfLessEqual), to: branch.d)
        default: return nil
        }
        return 2
    }

    private mutating func fuseMoves(_ first: Instruction, _ index: Int) -> Int? {
        guard move(first).code == .move, let second = following(index), second.opcode == .copy,
            move(second).code == .move
        else { return nil }
        append(Operation(.moveTwice, a: first.a, b: first.b, c: second.a, d: UInt32(second.b)))
        return 2
    }

    /// Moves of one constant to slots that lie in a row, perhaps with other moves among them: variables at the begin of a
    /// control.
    private mutating func fuseFill(_ index: Int) -> Int? {
        let moves = Array(together(at: index, count: 64).prefix { $0.opcode == .copy && move($0).code == .move })
        let targets = Set(moves.map(\.a))
        guard moves.count >= 4, targets.count == moves.count, targets.isDisjoint(with: moves.map(\.b)),
            let constant = moves.map(\.b).first(where: { Int($0) >= program.frame.localsEnd })
        else { return nil }
        let filled = moves.filter { $0.b == constant }.map(\.a)
        guard filled.count >= 4, let low = filled.min(), let high = filled.max(),
            (low...high).allSatisfy(targets.contains)
        else { return nil }
        append(Operation(.fill, a: low, b: constant, d: UInt32(high - low) + 1))
        for other in moves where other.b != constant { append(move(other)) }
        return moves.count
    }

    // MARK: Fields

    /// A field that is loaded and then branched on.
    private mutating func fuseFieldBranch(_ first: Instruction, _ index: Int) -> Int? {
        guard let branch = following(index), let place = place(of: first) else { return nil }
        var operation = Operation(.data, a: first.a, b: cell(first.b), d: place)
        switch branch.opcode {
        case .branchIfZero where branch.b == first.a: operation.code = .branchIfFieldZero
        case .branchIfNotZero where branch.b == first.a: operation.code = .branchIfFieldNotZero
        case .branchIfEqual where branch.b == first.a || branch.c == first.a: operation.code = .branchIfFieldEqual
        case .branchIfNotEqual where branch.b == first.a || branch.c == first.a:
            operation.code = .branchIfFieldNotEqual
        default: return nil
        }
        operation.c = branch.b == first.a ? branch.c : branch.b
        append(operation, to: branch.d)
        return 2
    }

    /// A field of 1, 2, 4 or 6 bytes that becomes another.
    private mutating func fuseFieldCopy(_ first: Instruction, _ index: Int) -> Int? {
        guard let second = following(index), second.opcode == .storeField, second.b == first.a,
            first.width == second.width, let bytes = wholeBytes(first), [1, 2, 4, 6].contains(bytes),
            wholeBytes(second) != nil
        else { return nil }
        let offsets = first.d >> 3 | (second.d >> 3) << 16
        let code: Operation.Code = bytes == 6 ? .copyField48 : .copyField
        append(Operation(code, n: bytes, a: first.a, b: cell(first.b), c: cell(second.a), d: offsets))
        return 2
    }

    /// A field of 1, 2 or 4 bytes that grows or shrinks, as a hop count does.
    private mutating func fuseChange(_ first: Instruction, _ index: Int) -> Int? {
        let all = Array(together(at: index, count: 3))
        guard all.count == 3, all[1].opcode == .add || all[1].opcode == .sub, all[2].opcode == .storeField,
            let bytes = wholeBytes(first), [1, 2, 4].contains(bytes), all[1].width == first.width,
            all[1].b == first.a, all[2].b == all[1].a, all[2].a == first.b, all[2].d == first.d,
            all[2].width == first.width
        else { return nil }
        let isSum = all[1].opcode == .add
        let code: Operation.Code =
            bytes == 1 ? (isSum ? .increaseByte : .decreaseByte) : (isSum ? .increaseField : .decreaseField)
        let places = first.d >> 3 | UInt32(first.a) << 16
        append(Operation(code, n: bytes, a: all[1].a, b: cell(first.b), c: all[1].c, d: places))
        return 3
    }

    /// Fields that follow each other in a header, from a merged byte to a merged byte, are put together in words and
    /// written once: bits that are merged into bytes just written would wait for them.
    private mutating func fuseStores(_ index: Int) -> Int? {
        guard let (fields, _) = packable(at: index), fields.count > 1, let first = fields.first else { return nil }
        append(Operation(.pack, n: fields.count, a: cell(first.a), d: first.d >> 3))
        for field in fields { append(Operation(.data, n: Int(field.width), a: field.b)) }
        return fields.count
    }

    /// The stores from `index` on that write whole bytes of one header in a row, and the bit at which they end.
    private func packable(at index: Int) -> (stores: ArraySlice<Instruction>, end: UInt32)? {
        let fields = together(at: index, count: 200).prefix { $0.opcode == .storeField }
        guard let first = fields.first, first.d % 8 == 0 else { return nil }
        var end = first.d
        var best = (count: 0, end: first.d)
        for (place, field) in fields.enumerated() {
            guard field.a == first.a, field.d == end else { break }
            end += UInt32(field.width)
            if end % 8 == 0 { best = (place + 1, end) }
        }
        return (fields.prefix(best.count), best.end)
    }

    /// Whether the stores from `index` on write every byte of a header.
    func isFilled(header: UInt16, from index: Int) -> Bool {
        guard index < program.code.count, !isBranchTarget(index), let (stores, end) = packable(at: index),
            let first = stores.first
        else { return false }
        let layout = self.header(header)
        return first.a == header && first.d == 0 && layout.varbitMaxBytes == 0 && Int(end) == layout.fixedBytes * 8
    }

    // MARK: Runs

    private mutating func fuseEmits(_ first: Instruction, _ index: Int) -> Int? {
        let run = together(at: index, count: 1 << 16)
        var count = 1
        while count < run.count, run[index + count].opcode == .emit, Int(run[index + count].a) == Int(first.a) + count {
            count += 1
        }
        append(Operation(.emit, a: first.a, d: UInt32(count)))
        return count
    }

    /// Fields that follow each other in a header are hashed as one.
    private mutating func fuseHashFields(_ index: Int) -> Int? {
        let runs = merged(together(at: index, count: 256).prefix { $0.opcode == .hashField })
        appendRare(runs.instruction)
        return runs.count
    }

    /// The first field of a run and those that continue it.
    func merged(_ fields: ArraySlice<Instruction>) -> (instruction: Instruction, count: Int) {
        var merged = fields[fields.startIndex]
        var count = 1
        for field in fields.dropFirst() {
            guard field.b == merged.b, field.d == merged.d + UInt32(merged.width),
                Int(merged.width) + Int(field.width) <= Int(UInt16.max)
            else { break }
            merged.width += field.width
            count += 1
        }
        return (merged, count)
    }
}
