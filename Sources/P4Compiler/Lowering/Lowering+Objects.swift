// SPDX-License-Identifier: Apache-2.0

import BigInt
import SwitchIR

extension Lowering {
    /// A name as the control plane says it: `@name` if there is one; a leading dot makes it absolute.
    func controlPlaneName(of name: String, _ annotations: [Annotation], in prefix: String? = nil) -> String {
        let own = annotations.controlPlaneName ?? name
        if own.hasPrefix(".") { return String(own.dropFirst()) }
        return prefix.map { "\($0).\(own)" } ?? own
    }

    /// Makes the objects that a parser or control declares.
    func elaborate(_ instance: BlockInstance) {
        let counts = applications(in: instance.symbol)
        for symbol in instance.symbol.instances {
            let name = controlPlaneName(of: symbol.name, symbol.annotations, in: instance.name)
            let saved = storages
            storages = instance.known
            let object = makeObject(symbol, named: name)
            storages = saved
            instance.objects[symbol] = object
            if case .block(let inner)? = object, counts[symbol, default: 0] > 1 {
                inner.parameters = fixedParameters(of: inner)
            }
        }
    }

    /// How often each object is applied.
    private func applications(in block: BlockSymbol) -> [InstanceSymbol: Int] {
        var counts: [InstanceSymbol: Int] = [:]
        func count(_ expression: TypedExpression) {
            if case .call(let call) = expression.kind, case .block(let symbol) = call.callee {
                counts[symbol, default: 0] += 1
            }
        }
        for body in [block.body] + block.states.map(\.statements) { body.forEachExpression { $0.forEach(count) } }
        return counts
    }

    private func fixedParameters(of instance: BlockInstance) -> [Variable: Storage] {
        var fixed: [Variable: Storage] = [:]
        for parameter in instance.symbol.parameters where parameter.type.isStorable {
            fixed[parameter] = makeStorage(for: parameter.type, named: "\(instance.name).\(parameter.name)") {
                self.frame.allocatePersistent(width: $0)
            }
        }
        return fixed
    }

    func makeObject(_ symbol: InstanceSymbol, named name: String) -> SwitchObject? {
        objectCount += 1
        guard objectCount <= CompilerLimits.objects else {
            reportTooLarge(CompilerLimits.objects, "objects", at: symbol.range)
            return nil
        }
        switch symbol.type {
        case .block(let block): return makeBlock(block, symbol, named: name)
        case .extern(let type, let arguments): return makeExtern(type, arguments, symbol, named: name)
        default:
            unsupported("an object of \(symbol.type)", at: symbol.range)
            return nil
        }
    }

    private func makeBlock(_ block: BlockSymbol, _ symbol: InstanceSymbol, named name: String) -> SwitchObject {
        let instance = BlockInstance(symbol: block, name: name)
        for (parameter, argument) in zip(block.constructorParameters, symbol.arguments) {
            guard let argument else { continue }
            switch fold(argument).kind {
            case .instance(let inner):
                if let object = object(inner) { instance.known[parameter] = .object(object) }
            case .construction(let inner):
                let innerName = "\(name).\(parameter.name)"
                if let object = makeObject(inner, named: innerName) { instance.known[parameter] = .object(object) }
            default: instance.known[parameter] = .known(fold(argument))
            }
        }
        elaborate(instance)
        return .block(instance)
    }

    private func makeExtern(_ type: ExternSymbol, _ types: [P4Type], _ symbol: InstanceSymbol, named name: String)
        -> SwitchObject?
    {
        switch type.name {
        case "register":
            guard let width = types.first?.width else {
                unsupported("a register of \(types.first?.description ?? "nothing")", at: symbol.range)
                return nil
            }
            registers.append(RegisterSchema(name: name, width: width, count: size(of: symbol)))
            return .register(registers.count - 1, width: width)
        case "counter":
            counters.append(CounterSchema(name: name, count: size(of: symbol)))
            return .counter(counters.count - 1)
        case "direct_counter":
            counters.append(CounterSchema(name: name, count: 0))
            return .directCounter(counters.count - 1)
        case "meter":
            meters.append(MeterSchema(name: name, unit: unit(of: symbol, argument: 1), count: size(of: symbol)))
            return .meter(meters.count - 1)
        case "direct_meter":
            meters.append(MeterSchema(name: name, unit: unit(of: symbol, argument: 0), count: 0))
            return .directMeter(meters.count - 1, frame.allocatePersistent(width: 2))
        default:
            unsupported("extern '\(type.name)'", at: symbol.range)
            return nil
        }
    }

    private func size(of symbol: InstanceSymbol) -> Int {
        guard let argument = symbol.arguments.first ?? nil, let number = fold(argument).constant?.number else {
            error("the size of '\(symbol.name)' must be known at compile time", at: symbol.range)
            return 1
        }
        guard (1...(1 << 24)).contains(number) else {
            error("'\(symbol.name)' can't have \(number) elements: 1 to \(1 << 24) are possible", at: symbol.range)
            return 1
        }
        return Int(number)
    }

    private func unit(of symbol: InstanceSymbol, argument: Int) -> MeterSchema.Unit {
        guard symbol.arguments.count > argument, let value = symbol.arguments[argument] else { return .packets }
        return memberName(value) == "bytes" ? .bytes : .packets
    }

    /// The name of the enum member that a constant is.
    func memberName(_ expression: TypedExpression) -> String? {
        let folded = fold(expression)
        guard case .enumeration(let type) = folded.type, let value = folded.constant else { return nil }
        return type.members.first { $0.value == value }?.name
    }

    /// What an object that can be seen here became.
    func object(_ symbol: InstanceSymbol) -> SwitchObject? {
        instance?.objects[symbol] ?? topLevelObjects[symbol]
    }

    /// The object that a method is called on.
    func object(of receiver: TypedExpression) -> SwitchObject? {
        switch receiver.kind {
        case .instance(let symbol): return object(symbol)
        case .variable(let variable):
            if case .object(let object)? = storages[variable] { return object }
            return nil
        default: return nil
        }
    }
}
