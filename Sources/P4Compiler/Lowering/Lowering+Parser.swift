// SPDX-License-Identifier: Apache-2.0

import BigInt
import SwitchIR

extension Lowering {
    /// The states of a parser; `accept` is where the code goes on after a parser that is part of another.
    func lowerParser(_ parser: BlockInstance, accept: Label?) {
        let saved = instance
        instance = parser
        defer { instance = saved }
        declareVariables(of: parser)
        guard let start = parser.symbol.states.first(where: { $0.name == "start" }) else { return }
        var states = ParserStates(accept: accept)
        let end = code.makeLabel()
        if accept == nil { states.accept = end }
        states.request(start, label: code.makeLabel())
        while let (state, label) = states.next() {
            code.place(label)
            withTemporaries { lower(state, &states) }
        }
        code.place(end)
    }

    /// Which states have code, and which are still to get some.
    private struct ParserStates {
        var accept: Label?
        private var labels: [StateSymbol: Label] = [:]
        private var pending: [StateSymbol] = []
        private var done: Set<StateSymbol> = []

        init(accept: Label?) { self.accept = accept }

        mutating func request(_ state: StateSymbol, label: @autoclosure () -> Label) {
            if labels[state] == nil { labels[state] = label() }
            // The state asked for last comes next, so that the jump to it may vanish.
            if !done.contains(state) { pending.append(state) }
        }

        func label(of state: StateSymbol) -> Label? { labels[state] }

        mutating func next() -> (StateSymbol, Label)? {
            while let state = pending.popLast() {
                if done.insert(state).inserted, let label = labels[state] { return (state, label) }
            }
            return nil
        }
    }

    private func lower(_ state: StateSymbol, _ states: inout ParserStates) {
        code.range = state.range
        lower(state.statements.statements[...])
        code.range = state.transitionRange
        switch state.transition {
        case .direct(let target): go(to: target, &states)
        case .select(let keys, let cases): lower(keys, cases, &states)
        }
    }

    private func go(to target: StateSymbol.Target, _ states: inout ParserStates) {
        switch target {
        case .reject: code.emit(.rejectParse, d: Int(ParserError.noError.rawValue))
        default: if let label = label(of: target, &states) { code.jump(to: label) }
        }
    }

    /// Where a target's code begins; nil for `reject`, which has none.
    private func label(of target: StateSymbol.Target, _ states: inout ParserStates) -> Label? {
        switch target {
        case .accept: return states.accept
        case .reject: return nil
        case .state(let state):
            states.request(state, label: code.makeLabel())
            return states.label(of: state)
        }
    }

    /// Cases in order; the first that matches wins. Without a match the parser accepts (v1model).
    private func lower(_ keys: [TypedExpression], _ cases: [StateSymbol.Case], _ states: inout ParserStates) {
        let slots = keys.map { (slot: slot(of: $0), type: $0.type) }
        for item in cases {
            let isSingle = item.keys.count { if case .any = $0 { false } else { true } } == 1
            if isSingle, let label = label(of: item.target, &states), branchIfEqual(slots, item.keys, to: label) {
                continue
            }
            let next = code.makeLabel()
            for (key, set) in zip(slots, item.keys) { branchUnless(key.slot, key.type, in: set, to: next) }
            go(to: item.target, &states)
            code.place(next)
            if item.keys.allSatisfy({ if case .any = $0 { true } else { false } }) { return }
        }
        go(to: .accept, &states)
    }

    /// One comparison and a jump if only one key matters and it has one value.
    private func branchIfEqual(_ keys: [(slot: Slot, type: P4Type)], _ sets: [Keyset], to label: Label) -> Bool {
        for (key, set) in zip(keys, sets) {
            if case .any = set { continue }
            guard case .value(let value) = set, width(of: key.type) <= 64 else { return false }
            withTemporaries {
                if let isZero = testsZero(value) {
                    code.branch(isZero ? .branchIfZero : .branchIfNotZero, b: key.slot, to: label)
                } else {
                    code.branch(
                        .branchIfEqual, width: width(of: key.type), b: key.slot, c: slot(of: value), to: label)
                }
            }
        }
        return true
    }

    private func branchUnless(_ key: Slot, _ type: P4Type, in set: Keyset, to label: Label) {
        withTemporaries {
            let width = width(of: type)
            switch set {
            case .any: return
            case .value(let value):
                if width <= 64, let isZero = testsZero(value) {
                    code.branch(isZero ? .branchIfNotZero : .branchIfZero, b: key, to: label)
                } else {
                    branchIfDifferent(key, slot(of: value), width: width, to: label)
                }
            case .masked(let value, let mask):
                lowerMasked(key, value, mask, width: width, to: label)
            case .range(let low, let high):
                branchIfLess(key, slot(of: low), type, to: label)
                branchIfLess(slot(of: high), key, type, to: label)
            }
        }
    }

    private func branchIfDifferent(_ left: Slot, _ right: Slot, width: Int, to label: Label) {
        guard width > 64 else {
            return code.branch(.branchIfNotEqual, width: width, b: left, c: right, to: label)
        }
        let result = frame.allocate(width: 1)
        code.emit(.equalWide, width: width, a: result, b: left, c: right)
        code.branch(.branchIfZero, b: result, to: label)
    }

    private func lowerMasked(
        _ key: Slot, _ value: TypedExpression, _ mask: TypedExpression, width: Int, to label: Label
    ) {
        let maskSlot = slot(of: mask)
        var valueSlot = slot(of: value)
        // The value's bits outside the mask don't count.
        if let bits = fold(mask).constant?.number, let number = fold(value).constant?.number {
            valueSlot = constantSlot(number.cut(to: width) & bits.cut(to: width), width: width)
        } else if width <= 64 {
            let cut = frame.allocate(width: width)
            code.emit(.and, width: width, a: cut, b: valueSlot, c: maskSlot)
            valueSlot = cut
        }
        guard width > 64 else {
            return code.branch(.branchIfMaskedNotEqual, a: maskSlot, b: key, c: valueSlot, to: label)
        }
        let cut = frame.allocate(width: width)
        code.emit(.andWide, width: width, a: cut, b: key, c: maskSlot)
        branchIfDifferent(cut, valueSlot, width: width, to: label)
    }

    private func branchIfLess(_ left: Slot, _ right: Slot, _ type: P4Type, to label: Label) {
        let width = width(of: type)
        let result = frame.allocate(width: 1)
        let opcode: Opcode = width > 64 ? .lessUnsignedWide : type.isSigned ? .lessSigned : .lessUnsigned
        code.emit(opcode, width: width, a: result, b: left, c: right)
        code.branch(.branchIfNotZero, b: result, to: label)
    }
}
