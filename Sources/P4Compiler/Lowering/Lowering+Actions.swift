// SPDX-License-Identifier: Apache-2.0

import BigInt
import SwitchIR

/// What makes two uses of an action by tables the same code.
struct ActionKey: Hashable {
    let action: ActionSymbol
    /// Of an action that sees a control's variables.
    let control: ObjectIdentifier?
    /// Of one with arguments bound in a table.
    let binding: TableActionSymbol?
}

/// An action that tables may run, in the making.
struct ActionPlan {
    let symbol: TableActionSymbol
    let name: String
    let entry: Label
    let control: BlockInstance
    /// What the action sees.
    let storages: [Variable: Storage]
    let section: Lowering.Section
    var parameters: [ParameterSchema] = []

    func schema(entry: Int, _ frame: FramePlan) -> ActionSchema {
        let resolved = parameters.map { ParameterSchema(name: $0.name, width: $0.width, slot: frame.resolve($0.slot)) }
        return ActionSchema(name: name, parameters: resolved, entry: entry)
    }
}

extension Lowering {
    /// The number of an action as a table of `control` runs it; its code is made later.
    func actionIndex(_ symbol: TableActionSymbol, in control: BlockInstance) -> Int {
        let action = symbol.action
        let key = ActionKey(
            action: action,
            control: action.isTopLevel && symbol.boundArguments.isEmpty ? nil : ObjectIdentifier(control),
            binding: symbol.boundArguments.isEmpty ? nil : symbol)
        if let known = actionIndices[key] { return known }
        let name = controlPlaneName(
            of: action.name, action.annotations, in: action.isTopLevel ? nil : control.name)
        actions.append(
            ActionPlan(
                symbol: symbol, name: name, entry: code.makeLabel(), control: control, storages: storages,
                section: section))
        actionIndices[key] = actions.count - 1
        return actions.count - 1
    }

    /// An action with the arguments that the program gives it.
    func call(_ action: TableActionSymbol, _ arguments: [TypedExpression], in control: BlockInstance) -> ActionCall {
        let values = zip(action.entryParameters, arguments).map { parameter, argument in
            let width = width(of: parameter.type)
            guard let number = fold(argument).constant?.number else {
                error("an argument of an action must be known at compile time", at: argument.range)
                return BitString(0, width: width)
            }
            return BitString(width: width, words: number.words(width: width))
        }
        return ActionCall(action: actionIndex(action, in: control), arguments: values)
    }

    /// The code of all actions that tables run. Their slots lie behind those of all controls, since what a control
    /// keeps in its own must survive the action; two actions never run at once and share theirs.
    func lowerActions() {
        frame.beginAfterEverything()
        while nextAction < actions.count {
            let index = nextAction
            nextAction += 1
            withTemporaries { lowerAction(index) }
        }
    }

    private func lowerAction(_ index: Int) {
        let plan = actions[index]
        (storages, instance, section) = (plan.storages, plan.control, plan.section)
        code.range = plan.symbol.action.range
        code.place(plan.entry)
        var copies: [CopyBack] = []
        var bound = plan.symbol.boundArguments[...]
        for parameter in plan.symbol.action.parameters {
            if parameter.direction == .none {
                let width = width(of: parameter.type)
                guard parameter.type.width != nil else {
                    unsupported("a parameter of type \(parameter.type)", at: parameter.range)
                    continue
                }
                let slot = frame.allocate(width: width)
                storages[parameter] = .slots(slot)
                actions[index].parameters.append(
                    ParameterSchema(
                        name: controlPlaneName(of: parameter.name, parameter.annotations), width: width, slot: slot))
            } else if let argument = bound.popFirst() {
                let isShared = argument.root.map { plan.symbol.action.mentionedVariables.contains($0) } ?? false
                let binding = bind(parameter, argument, isShared: isShared, fixed: nil)
                storages[parameter] = binding.storage
                if let copy = binding.copy { copies.append(copy) }
            }
        }
        let end = code.makeLabel()
        returns = [ReturnPlace(label: end, result: nil, type: .void)]
        pendingCopies = [copies]
        lower(plan.symbol.action.body)
        (returns, pendingCopies) = ([], [])
        code.place(end)
        for copy in copies { perform(copy) }
        code.emit(.ret)
    }
}
