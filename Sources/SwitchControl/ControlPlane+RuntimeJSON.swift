// SPDX-License-Identifier: Apache-2.0

public import Documents
public import SwitchEngine
import SwitchIR
import TextLayout

/// The P4 tutorials' `sX-runtime.json`: table entries, multicast groups, clone sessions.
extension ControlPlane {
    private static let topKeys = [
        "target", "p4info", "bmv2_json", "table_entries", "multicast_group_entries", "clone_session_entries",
    ]

    /// Puts everything in the document into `engine`.
    /// - Returns: all that is wrong with the document; empty if nothing is.
    public func apply(runtimeJSON text: String, file: String, to engine: inout Engine) -> [InputError] {
        var problems: [InputError] = []
        do {
            let document = try DocumentNode(json: Array(text.utf8), file: file)
            let (top, unknown) = try document.mapping(allowing: Self.topKeys)
            problems = unknown
            let sections: [(String, (DocumentNode, inout Engine) throws(InputError) -> Void)] = [
                ("table_entries", addTableEntry), ("multicast_group_entries", addGroup),
                ("clone_session_entries", addSession),
            ]
            for (key, add) in sections {
                do {
                    for entry in try top[key]?.list() ?? [] { problems += apply(entry, add, &engine) }
                } catch {
                    problems.append(error)
                }
            }
        } catch {
            problems.append(error)
        }
        return problems
    }

    private func apply(
        _ entry: DocumentNode, _ add: (DocumentNode, inout Engine) throws(InputError) -> Void, _ engine: inout Engine
    ) -> [InputError] {
        do {
            try add(entry, &engine)
            return []
        } catch {
            guard error.location == nil else { return [error] }
            let label = Self.label(of: entry).map { " (\($0))" } ?? ""
            return [InputError("\(entry.path)\(label): \(error.message)", at: entry.location)]
        }
    }

    /// The object that an entry is about.
    private static func label(of entry: DocumentNode) -> String? {
        guard let members = try? entry.members() else { return nil }
        for member in members {
            switch (member.key, member.value.content) {
            case ("table", .string(let name)): return name
            case ("multicast_group_id", .integer(let id)), ("clone_session_id", .integer(let id)):
                return "\(member.key) \(id)"
            default: continue
            }
        }
        return nil
    }

    // MARK: Tables

    private func addTableEntry(_ entry: DocumentNode, _ engine: inout Engine) throws(InputError) {
        let fields = try entry.mapping(
            of: ["table", "match", "action_name", "action_params", "default_action", "priority"])
        let table = try names.table(fields.required("table").string())
        let action = try names.action(fields.required("action_name").string(), of: table)
        let call = try call(action, given: fields["action_params"])
        if try fields["default_action"]?.boolean() ?? false {
            guard try fields["match"]?.members().isEmpty ?? true else {
                throw InputError("a default action matches everything: leave 'match' out")
            }
            return try engineCall { () throws(EngineError) in try engine.setDefault(call, of: table) }
        }
        let keys = try keys(fields["match"], of: table)
        var priority = 0
        if needsPriority(table) {
            guard let given = fields["priority"] else {
                throw InputError("the table has ternary, range or optional keys: expected a 'priority', larger wins")
            }
            priority = Self.enginePriority(Int(try given.integer(in: 1...Int32.max)))
        }
        let schema = EntrySchema(keys: keys, action: call, priority: priority)
        _ = try engineCall { () throws(EngineError) in try engine.insert(schema, into: table) }
    }

    private func call(_ action: Int, given: DocumentNode?) throws(InputError) -> ActionCall {
        let schema = names.program.actions[action]
        let known = schema.parameters.map(\.name)
        var values: [String: DocumentNode] = [:]
        for member in try given?.members() ?? [] {
            guard known.contains(member.key) else {
                throw InputError(
                    "action \(schema.name) has no parameter '\(member.key)': parameters: \(ProgramNames.list(known))"
                        + NearName.didYouMean(member.key, among: known))
            }
            values[member.key] = member.value
        }
        return try call(action) { parameter throws(InputError) in
            guard let value = values[parameter.name] else { throw InputError("it is missing") }
            return try Self.value(value, width: parameter.width)
        }
    }

    private func keys(_ match: DocumentNode?, of table: Int) throws(InputError) -> [KeyMatch] {
        let schema = names.program.tables[table]
        var given: [Int: DocumentNode] = [:]
        for member in try match?.members() ?? [] {
            let place = try names.key(member.key, of: table)
            guard given.updateValue(member.value, forKey: place) == nil else {
                throw InputError("key field \(schema.keys[place].name) must be given once, got twice")
            }
        }
        var keys: [KeyMatch] = []
        for (place, key) in schema.keys.enumerated() {
            do {
                if let value = given[place] {
                    keys.append(try Self.match(value, key))
                } else {
                    keys.append(try Self.absent(key))
                }
            } catch {
                guard error.location == nil else { throw error }
                throw InputError("key field \(key.name): \(error.message)")
            }
        }
        return keys
    }

    /// The match of a field that is left out: any value.
    static func absent(_ key: KeySchema) throws(InputError) -> KeyMatch {
        let zero = BitString(0, width: key.width)
        switch key.match {
        case .exact: throw InputError("an exact field must be given")
        case .lpm: return .lpm(zero, prefixLength: 0)
        case .ternary, .optional: return .ternary(zero, mask: zero)
        case .range:
            return .range(
                zero, BitString(width: key.width, words: Array(repeating: .max, count: BitString.wordCount(key.width))))
        }
    }

    private static func match(_ node: DocumentNode, _ key: KeySchema) throws(InputError) -> KeyMatch {
        let parts = try node.oneOrMore()
        switch (key.match, parts.count) {
        case (.exact, 1), (.optional, 1): return .exact(try value(parts[0], width: key.width))
        case (.lpm, 2):
            return .lpm(
                try value(parts[0], width: key.width), prefixLength: try parts[1].integer(in: 0...key.width))
        case (.ternary, 2):
            return .ternary(try value(parts[0], width: key.width), mask: try value(parts[1], width: key.width))
        case (.range, 2):
            return .range(try value(parts[0], width: key.width), try value(parts[1], width: key.width))
        case (.exact, _), (.optional, _): throw node.error(expected: "one value for the \(key.match) match")
        case (.lpm, _): throw node.error(expected: "[value, prefix length] for the lpm match")
        case (.ternary, _): throw node.error(expected: "[value, mask] for the ternary match")
        case (.range, _): throw node.error(expected: "[low, high] for the range match")
        }
    }

    private static func value(_ node: DocumentNode, width: Int) throws(InputError) -> BitString {
        do throws(InputError) {
            switch node.content {
            case .integer(let number): return try ValueText.parse(number, width: width)
            case .string(let text): return try ValueText.parse(text, width: width)
            default: throw node.error(expected: "an integer or a string")
            }
        } catch {
            throw node.located(error)
        }
    }

    // MARK: Replication

    private func addGroup(_ entry: DocumentNode, _ engine: inout Engine) throws(InputError) {
        let fields = try entry.mapping(of: ["multicast_group_id", "replicas"])
        let group: Int = try fields.required("multicast_group_id").integer(in: 0...Int.max)
        let replicas = try replicas(fields.required("replicas"))
        try engineCall { () throws(EngineError) in
            try engine.createMulticastGroup(group)
            for replica in replicas {
                let node = try engine.createMulticastNode(rid: replica.rid, ports: [replica.port])
                try engine.associate(node: node, withGroup: group)
            }
        }
    }

    private func addSession(_ entry: DocumentNode, _ engine: inout Engine) throws(InputError) {
        let fields = try entry.mapping(
            of: ["clone_session_id", "replicas", "packet_length_bytes", "class_of_service"])
        let id: Int = try fields.required("clone_session_id").integer(in: 0...Int.max)
        let length = try fields["packet_length_bytes"]?.integer(in: 0...0xFFFF) ?? 0
        let session = CloneSession(
            replicas: try replicas(fields.required("replicas")), truncateTo: length == 0 ? nil : length)
        try engineCall { () throws(EngineError) in try engine.setCloneSession(id, session) }
    }

    private func replicas(_ list: DocumentNode) throws(InputError) -> [Replica] {
        var replicas: [Replica] = []
        for node in try list.list() {
            let fields = try node.mapping(of: ["egress_port", "instance"])
            let replica = Replica(
                port: try fields.required("egress_port").integer(in: 0...510),
                rid: try fields.required("instance").integer(in: 0...0xFFFF))
            guard !replicas.contains(replica) else {
                throw node.error(
                    "a port with an instance must be given once, got port \(replica.port) with instance \(replica.rid) twice"
                )
            }
            replicas.append(replica)
        }
        return replicas
    }
}
