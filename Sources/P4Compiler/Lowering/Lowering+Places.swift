// SPDX-License-Identifier: Apache-2.0

import BigInt
import SwitchIR

extension Lowering {
    /// Where an expression's value lies already; nil if it must be computed. An index that is known only when the
    /// program runs leaves the header's number in a slot.
    func storage(of expression: TypedExpression) -> Storage? {
        switch expression.kind {
        case .variable(let variable): return storages[variable]
        case .instance(let symbol): return object(symbol).map(Storage.object)
        case .member(let base, let index): return member(index, of: base)
        case .element(let base, let index):
            guard case .stack(let stack)? = storage(of: base) else { return nil }
            return .header(element(index, of: stack))
        case .stackNext(let base):
            guard case .stack(let stack)? = storage(of: base) else { return nil }
            let slot = frame.allocate(width: 16)
            code.emit(.stackNext, a: slot, d: stack)
            return .header(.slot(slot))
        case .stackLast(let base):
            guard case .stack(let stack)? = storage(of: base) else { return nil }
            let slot = frame.allocate(width: 16)
            code.emit(.stackLast, a: slot, d: stack)
            return .header(.slot(slot))
        case .slice(let base, let high, let low):
            guard case .field(let header, let place)? = storage(of: base) else { return nil }
            return .field(header, place.bits(high: high, low: low))
        case .cast(let operand):
            return castStorage(of: operand, to: expression.type)
        default: return nil
        }
    }

    /// A cast that leaves the bits as they are, or takes the low ones of a header field, needs no code.
    private func castStorage(of operand: TypedExpression, to type: P4Type) -> Storage? {
        guard let from = operand.type.width, let to = type.width else {
            return type.underlying == operand.type.underlying ? storage(of: operand) : nil
        }
        guard let storage = storage(of: operand) else { return nil }
        switch storage {
        case .slots where from == to: return storage
        case .slots where to > from && to <= 64 && !operand.type.isSigned: return storage
        case .field(let header, let place) where to <= from:
            return .field(header, place.bits(high: to - 1, low: 0))
        default: return nil
        }
    }

    /// Whether parameters of constructors have values here, so that expressions may still be folded.
    var hasKnown: Bool { !(instance?.known.isEmpty ?? true) }

    private func member(_ index: Int, of base: TypedExpression) -> Storage? {
        guard let storage = storage(of: base) else { return nil }
        switch storage {
        case .members(let members): return members[index]
        case .header(let header):
            guard let record = base.type.record else { return nil }
            return place(ofField: index, in: record, of: header)
        default: return nil
        }
    }

    private func element(_ index: TypedExpression, of stack: Int) -> HeaderReference {
        if let number = fold(index).constant?.number, let position = Int(exactly: number),
            (0..<stacks[stack].count).contains(position)
        {
            return .fixed(stacks[stack].first + position)
        }
        let slot = frame.allocate(width: 16)
        withTemporaries {
            let position = self.slot(of: index)
            code.emit(.stackElement, a: slot, b: position, d: stack)
        }
        return .slot(slot)
    }

    /// A slot that holds a header's number.
    func slot(of header: HeaderReference) -> Slot {
        switch header {
        case .fixed(let index): constantSlot(index)
        case .slot(let slot): slot
        }
    }

    // MARK: Loads and stores of scalars

    func load(_ storage: Storage, width: Int, into destination: Slot, at range: SourceRange) {
        switch storage {
        case .slots(let slot): copy(slot, to: destination, width: width)
        case .field(let header, let place):
            switch (header, width > 64) {
            case (.fixed(let index), false):
                code.emit(.loadField, width: width, a: destination, b: index, d: place.offset)
            case (.fixed(let index), true):
                code.emit(.loadFieldWide, width: width, a: destination, b: index, d: place.offset)
            case (.slot(let slot), false):
                code.emit(.loadFieldAt, width: width, a: destination, b: slot, d: place.offset)
            case (.slot(let slot), true):
                code.emit(.loadFieldWideAt, width: width, a: destination, b: slot, d: place.offset)
            }
        case .known(let expression): evaluate(expression, into: destination)
        case .varbit: unsupported("a varbit in an expression", at: range)
        default: unsupported("this value", at: range)
        }
    }

    func store(_ slot: Slot, width: Int, in storage: Storage, at range: SourceRange) {
        switch storage {
        case .slots(let target): copy(slot, to: target, width: width)
        case .field(let header, let place):
            switch (header, width > 64) {
            case (.fixed(let index), false):
                code.emit(.storeField, width: width, a: index, b: slot, d: place.offset)
            case (.fixed(let index), true):
                code.emit(.storeFieldWide, width: width, a: index, b: slot, d: place.offset)
            case (.slot(let target), false):
                code.emit(.storeFieldAt, width: width, a: target, b: slot, d: place.offset)
            case (.slot(let target), true):
                code.emit(.storeFieldWideAt, width: width, a: target, b: slot, d: place.offset)
            }
        case .varbit: unsupported("an assignment to a varbit", at: range)
        default: unsupported("an assignment to this", at: range)
        }
    }

    func copy(_ source: Slot, to destination: Slot, width: Int) {
        guard source != destination else { return }
        code.emit(width > 64 ? .copyWide : .copy, width: width, a: destination, b: source)
    }
}

extension FieldPlace {
    /// Bits `low ... high` of the field's value.
    func bits(high: Int, low: Int) -> FieldPlace {
        FieldPlace(offset: offset + width - 1 - high, width: high - low + 1)
    }
}
