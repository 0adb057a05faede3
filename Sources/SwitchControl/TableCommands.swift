// SPDX-License-Identifier: Apache-2.0

import Documents
import SwitchEngine
import SwitchIR

/// Commands about tables and their entries.
extension ControlPlane {
    private static let many = 1 << 10

    static let tableCommands: [String: Command] = [
        "table_add": Command("TABLE ACTION KEY... => PARAM... [PRIORITY]", 3...many) {
            control, arguments, engine throws(InputError) in try control.addEntry(arguments, &engine)
        },
        "table_set_default": Command("TABLE ACTION PARAM...", 2...many) {
            control, arguments, engine throws(InputError) in
            let table = try control.names.table(arguments[0])
            let call = try control.call(arguments[1], Array(arguments.words.dropFirst(2)), of: table)
            try engineCall { () throws(EngineError) in try engine.setDefault(call, of: table) }
            return []
        },
        "table_reset_default": Command("TABLE", 1...1) { control, arguments, engine throws(InputError) in
            let table = try control.names.table(arguments[0])
            try engineCall { () throws(EngineError) in try engine.resetDefault(of: table) }
            return []
        },
        "table_modify": Command("TABLE ACTION HANDLE [=>] PARAM...", 3...many) {
            control, arguments, engine throws(InputError) in
            let table = try control.names.table(arguments[0])
            let handle = try arguments.number(2, "handle")
            let values = arguments.words.dropFirst(3).filter { $0 != "=>" }
            let call = try control.call(arguments[1], values, of: table)
            try engineCall { () throws(EngineError) in try engine.modify(handle, of: table, action: call) }
            return []
        },
        "table_delete": Command("TABLE HANDLE", 2...2) { control, arguments, engine throws(InputError) in
            let table = try control.names.table(arguments[0])
            let handle = try arguments.number(1, "handle")
            try engineCall { () throws(EngineError) in try engine.delete(handle, of: table) }
            return []
        },
        "table_clear": Command("TABLE", 1...1) { control, arguments, engine throws(InputError) in
            let table = try control.names.table(arguments[0])
            try engineCall { () throws(EngineError) in try engine.clear(table) }
            return []
        },
        "table_num_entries": Command("TABLE", 1...1) { control, arguments, engine throws(InputError) in
            let table = try control.names.table(arguments[0])
            return ["\(try engineCall { () throws(EngineError) in try engine.entryCount(of: table) })"]
        },
        "table_dump": Command("TABLE", 1...1) { control, arguments, engine throws(InputError) in
            try control.dump(try control.names.table(arguments[0]), &engine)
        },
        "table_info": Command("TABLE", 1...1) { control, arguments, _ throws(InputError) in
            let table = control.names.program.tables[try control.names.table(arguments[0])]
            return [control.describe(table)]
                + table.actions.map { control.describe(control.names.program.actions[$0.action]) }
        },
        "show_tables": Command("", 0...0) { control, _, _ in control.names.program.tables.map(control.describe) },
        "show_actions": Command("", 0...0) { control, _, _ in control.names.program.actions.map(control.describe) },
    ]

    // MARK: Entries

    private func addEntry(_ arguments: Arguments, _ engine: inout Engine) throws(InputError) -> [String] {
        guard let arrow = arguments.words.firstIndex(of: "=>"), arrow >= 2 else { throw arguments.wrongForm }
        let table = try names.table(arguments[0])
        let schema = names.program.tables[table]
        let words = Array(arguments.words[2..<arrow])
        guard words.count == schema.keys.count else {
            throw InputError(
                "\(words.count) keys are given; table \(schema.name) has \(ProgramNames.list(schema.keys.map(\.name)))")
        }
        var keys: [KeyMatch] = []
        for (word, key) in zip(words, schema.keys) {
            do {
                keys.append(try Self.match(word, key))
            } catch {
                throw InputError("key field \(key.name): \(error.message)")
            }
        }
        var values = Array(arguments.words[(arrow + 1)...])
        var priority = 0
        if needsPriority(table) {
            let action = names.program.actions[try names.action(arguments[1], of: table)]
            guard values.count == action.parameters.count + 1, let last = values.popLast(), let number = Int(last)
            else {
                throw InputError(
                    "table \(schema.name) has ternary, range or optional keys: end with a priority, smaller wins")
            }
            priority = number
        }
        let entry = EntrySchema(keys: keys, action: try call(arguments[1], values, of: table), priority: priority)
        let handle = try engineCall { () throws(EngineError) in try engine.insert(entry, into: table) }
        return ["Entry has been added with handle \(handle)"]
    }

    func call(_ name: String, _ values: [String], of table: Int) throws(InputError) -> ActionCall {
        let action = try names.action(name, of: table)
        let schema = names.program.actions[action]
        guard values.count == schema.parameters.count else {
            let list = ProgramNames.list(schema.parameters.map(\.name))
            throw InputError("\(values.count) parameters are given; action \(schema.name) has \(list)")
        }
        var rest = values[...]
        return try call(action) { parameter throws(InputError) in
            try ValueText.parse(rest.popFirst() ?? "", width: parameter.width)
        }
    }

    /// A key as the command line writes it.
    static func match(_ word: String, _ key: KeySchema) throws(InputError) -> KeyMatch {
        switch key.match {
        case .exact: return .exact(try ValueText.parse(word, width: key.width))
        case .lpm:
            let (value, length) = try halves(word, "/", "VALUE/LENGTH")
            let prefixLength = try ValueText.decimal(length, "prefix length")
            guard prefixLength <= key.width else {
                throw InputError("prefix length \(length) is not 0 to \(key.width)")
            }
            return .lpm(try ValueText.parse(value, width: key.width), prefixLength: prefixLength)
        case .ternary, .optional:
            let (value, mask) = try halves(word, "&&&", "VALUE&&&MASK")
            return .ternary(
                try ValueText.parse(value, width: key.width), mask: try ValueText.parse(mask, width: key.width))
        case .range:
            let (low, high) = try halves(word, "->", "LOW->HIGH")
            return .range(try ValueText.parse(low, width: key.width), try ValueText.parse(high, width: key.width))
        }
    }

    private static func halves(_ word: String, _ separator: String, _ form: String) throws(InputError) -> (
        String, String
    ) {
        guard let range = firstRange(of: separator, in: word) else {
            throw InputError("'\(word)' is not written \(form)")
        }
        return (String(word[..<range.lowerBound]), String(word[range.upperBound...]))
    }

    private static func firstRange(of separator: String, in word: String) -> Range<String.Index>? {
        var start = word.startIndex
        while start < word.endIndex {
            if word[start...].hasPrefix(separator) {
                return start..<word.index(start, offsetBy: separator.count)
            }
            start = word.index(after: start)
        }
        return nil
    }

    // MARK: Texts

    private func dump(_ table: Int, _ engine: inout Engine) throws(InputError) -> [String] {
        let schema = names.program.tables[table]
        let entries = try engineCall { () throws(EngineError) in try engine.entries(of: table) }
        var lines = ["table \(schema.name): \(entries.count) entries"]
        for entry in entries {
            let keys = zip(schema.keys, entry.entry.keys).map { "\($0.name)=\(Self.text($1))" }.joined(separator: " ")
            let priority = needsPriority(table) ? " priority \(entry.entry.priority)" : ""
            lines.append("entry \(entry.handle): \(keys)\(priority) => \(text(entry.entry.action))")
        }
        let call = try engineCall { () throws(EngineError) in try engine.defaultAction(of: table) }
        return lines + ["default: \(text(call))"]
    }

    private func text(_ call: ActionCall) -> String {
        let action = names.program.actions[call.action]
        let values = zip(action.parameters, call.arguments).map { "\($0.name)=\(ValueText.text($1))" }
        return "\(action.name)(\(values.joined(separator: ", ")))"
    }

    private static func text(_ key: KeyMatch) -> String {
        switch key {
        case .exact(let value): ValueText.text(value)
        case .lpm(let value, let length): "\(ValueText.text(value))/\(length)"
        case .ternary(let value, let mask): "\(ValueText.text(value))&&&\(ValueText.text(mask))"
        case .range(let low, let high): "\(ValueText.text(low))->\(ValueText.text(high))"
        }
    }

    private func describe(_ table: TableSchema) -> String {
        let keys = table.keys.map { "\($0.name)(\($0.match.rawValue), \($0.width))" }.joined(separator: ", ")
        return "\(table.name) [size \(table.size), key \(keys.isEmpty ? "none" : keys)]"
    }

    private func describe(_ action: ActionSchema) -> String {
        "\(action.name) [\(action.parameters.map { "\($0.name)(\($0.width))" }.joined(separator: ", "))]"
    }
}
