// SPDX-License-Identifier: Apache-2.0

import Documents
public import SwitchIR

/// Finds a program's objects by the names that configuration files use: the full name, or an end of it
/// after a dot that only one object of the kind has.
public struct ProgramNames: Sendable {
    /// The program whose objects are named.
    public let program: SwitchProgram

    /// The names of a program's objects.
    public init(_ program: SwitchProgram) { self.program = program }

    func table(_ name: String) throws(InputError) -> Int { try find(name, "table", program.tables.map(\.name)) }
    func register(_ name: String) throws(InputError) -> Int {
        try find(name, "register", program.registers.map(\.name))
    }
    func counter(_ name: String) throws(InputError) -> Int { try find(name, "counter", program.counters.map(\.name)) }
    func meter(_ name: String) throws(InputError) -> Int { try find(name, "meter", program.meters.map(\.name)) }

    /// An action of a table, as an index into the program's actions.
    func action(_ name: String, of table: Int) throws(InputError) -> Int {
        let schema = program.tables[table]
        let names = schema.actions.map { program.actions[$0.action].name }
        guard let place = try match(name, "action", names) else {
            throw InputError("table \(schema.name) has no action '\(name)'; its actions: \(Self.list(names))")
        }
        return schema.actions[place].action
    }

    /// The place of a key field in its table.
    func key(_ name: String, of table: Int) throws(InputError) -> Int {
        let schema = program.tables[table]
        let names = schema.keys.map(\.name)
        guard let place = try match(name, "key field", names) else {
            throw InputError("table \(schema.name) has no key field '\(name)'; its key: \(Self.list(names))")
        }
        return place
    }

    private func find(_ name: String, _ kind: String, _ names: [String]) throws(InputError) -> Int {
        guard let index = try match(name, kind, names) else {
            throw InputError("\(kind) '\(name)' is not in \(program.name); \(kind)s: \(Self.list(names))")
        }
        return index
    }

    private func match(_ name: String, _ kind: String, _ names: [String]) throws(InputError) -> Int? {
        if let exact = names.firstIndex(of: name) { return exact }
        let ends = names.indices.filter { names[$0].hasSuffix(".\(name)") }
        guard ends.count <= 1 else {
            let meant = ends.map { names[$0] }.joined(separator: " or ")
            throw InputError("\(kind) '\(name)' may be \(meant); write the full name")
        }
        return ends.first
    }

    static func list(_ names: [String]) -> String { names.isEmpty ? "none" : names.joined(separator: ", ") }
}
