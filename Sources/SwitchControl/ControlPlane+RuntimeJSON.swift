// SPDX-License-Identifier: Apache-2.0

import Documents
public import SwitchEngine
import SwitchIR

/// The P4 tutorials' `sX-runtime.json`: table entries, multicast groups, clone sessions.
extension ControlPlane {
    private static let topKeys = [
        "target", "p4info", "bmv2_json", "table_entries", "multicast_group_entries", "clone_session_entries",
    ]

    /// Puts everything in the document into `engine`; gives what is wrong with it.
    public func apply(runtimeJSON text: String, file: String, to engine: inout Engine) -> [ConfigurationProblem] {
        let document: [String: JSONValue]
        do {
            guard case .object(let object) = try JSONValue(parsing: Array(text.utf8)) else {
                return [ConfigurationProblem(file: file, place: "", reason: "the document is not a JSON object")]
            }
            document = object
        } catch {
            let place = "line \(error.line), column \(error.column)"
            return [ConfigurationProblem(file: file, place: place, reason: "no valid JSON: \(error.reason)")]
        }
        var problems: [ConfigurationProblem] = []
        for key in document.keys.sorted() where !Self.topKeys.contains(key) {
            let reason = "unknown key '\(key)'; keys: \(Self.topKeys.joined(separator: ", "))"
            problems.append(ConfigurationProblem(file: file, place: "", reason: reason))
        }
        let groups: [(String, (JSONObject, inout Engine) throws(Refusal) -> Void)] = [
            ("table_entries", addTableEntry), ("multicast_group_entries", addGroup),
            ("clone_session_entries", addSession),
        ]
        for (key, add) in groups {
            guard let value = document[key] else { continue }
            guard case .array(let entries) = value else {
                problems.append(ConfigurationProblem(file: file, place: key, reason: "it is not an array"))
                continue
            }
            for (index, entry) in entries.enumerated() {
                let object = JSONObject(entry)
                do {
                    try add(object, &engine)
                } catch {
                    let place = "\(key)[\(index)]" + (object.label.isEmpty ? "" : " (\(object.label))")
                    problems.append(ConfigurationProblem(file: file, place: place, reason: error.reason))
                }
            }
        }
        return problems
    }

    // MARK: Tables

    private func addTableEntry(_ object: JSONObject, _ engine: inout Engine) throws(Refusal) {
        try object.allow(["table", "match", "action_name", "action_params", "default_action", "priority"])
        let table = try names.table(object.string("table"))
        let action = try names.action(object.string("action_name"), of: table)
        let call = try call(action, given: object.object("action_params"))
        let match = try object.object("match")
        if try object.bool("default_action") {
            guard match.isEmpty else { throw Refusal("a default action matches everything, leave 'match' out") }
            return try engineCall { () throws(EngineError) in try engine.setDefault(call, of: table) }
        }
        let keys = try keys(match, of: table)
        var priority = 0
        if needsPriority(table) {
            guard let given = try object.integer("priority"), given > 0, given <= Int64(Int32.max) else {
                throw Refusal("the table has ternary, range or optional keys: give a 'priority' above 0, larger wins")
            }
            priority = Self.enginePriority(Int(given))
        }
        let entry = EntrySchema(keys: keys, action: call, priority: priority)
        _ = try engineCall { () throws(EngineError) in try engine.insert(entry, into: table) }
    }

    private func call(_ action: Int, given: [String: JSONValue]) throws(Refusal) -> ActionCall {
        let schema = names.program.actions[action]
        let known = schema.parameters.map(\.name)
        for name in given.keys.sorted() where !known.contains(name) {
            throw Refusal("action \(schema.name) has no parameter '\(name)'; parameters: \(ProgramNames.list(known))")
        }
        return try call(action) { parameter throws(Refusal) in
            guard let value = given[parameter.name] else { throw Refusal("it is missing") }
            return try Self.value(value, width: parameter.width)
        }
    }

    private func keys(_ match: [String: JSONValue], of table: Int) throws(Refusal) -> [KeyMatch] {
        let schema = names.program.tables[table]
        var given: [Int: JSONValue] = [:]
        for name in match.keys.sorted() {
            let place = try names.key(name, of: table)
            guard given[place] == nil else { throw Refusal("key field \(schema.keys[place].name) is given twice") }
            given[place] = match[name]
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
                throw Refusal("key field \(key.name): \(error.reason)")
            }
        }
        return keys
    }

    /// What leaving a field out means: anything.
    static func absent(_ key: KeySchema) throws(Refusal) -> KeyMatch {
        let zero = BitString(0, width: key.width)
        switch key.match {
        case .exact: throw Refusal("an exact field must be given")
        case .lpm: return .lpm(zero, prefixLength: 0)
        case .ternary, .optional: return .ternary(zero, mask: zero)
        case .range:
            return .range(
                zero, BitString(width: key.width, words: Array(repeating: .max, count: BitString.wordCount(key.width))))
        }
    }

    private static func match(_ value: JSONValue, _ key: KeySchema) throws(Refusal) -> KeyMatch {
        let parts: [JSONValue] = if case .array(let values) = value { values } else { [value] }
        switch (key.match, parts.count) {
        case (.exact, 1), (.optional, 1): return .exact(try self.value(parts[0], width: key.width))
        case (.lpm, 2):
            guard case .integer(let length) = parts[1], (0...Int64(key.width)).contains(length) else {
                throw Refusal("prefix length \(parts[1].text) is not 0 to \(key.width)")
            }
            return .lpm(try self.value(parts[0], width: key.width), prefixLength: Int(length))
        case (.ternary, 2):
            return .ternary(
                try self.value(parts[0], width: key.width), mask: try self.value(parts[1], width: key.width))
        case (.range, 2):
            return .range(try self.value(parts[0], width: key.width), try self.value(parts[1], width: key.width))
        case (.exact, _), (.optional, _):
            throw Refusal("\(value.text) is not one value, as the \(key.match) match needs")
        case (.lpm, _): throw Refusal("\(value.text) is not [value, prefix length], as the lpm match needs")
        case (.ternary, _): throw Refusal("\(value.text) is not [value, mask], as the ternary match needs")
        case (.range, _): throw Refusal("\(value.text) is not [low, high], as the range match needs")
        }
    }

    private static func value(_ value: JSONValue, width: Int) throws(Refusal) -> BitString {
        switch value {
        case .integer(let number): try ValueText.parse(number, width: width)
        case .string(let text): try ValueText.parse(text, width: width)
        default: throw Refusal("\(value.text) is not a number or a string")
        }
    }

    // MARK: Replication

    private func addGroup(_ object: JSONObject, _ engine: inout Engine) throws(Refusal) {
        try object.allow(["multicast_group_id", "replicas"])
        guard let group = try object.integer("multicast_group_id") else {
            throw Refusal("'multicast_group_id' is missing")
        }
        let replicas = try replicas(object)
        try engineCall { () throws(EngineError) in
            try engine.createMulticastGroup(Int(group))
            for replica in replicas {
                let node = try engine.createMulticastNode(rid: replica.rid, ports: [replica.port])
                try engine.associate(node: node, withGroup: Int(group))
            }
        }
    }

    private func addSession(_ object: JSONObject, _ engine: inout Engine) throws(Refusal) {
        try object.allow(["clone_session_id", "replicas", "packet_length_bytes", "class_of_service"])
        guard let id = try object.integer("clone_session_id") else { throw Refusal("'clone_session_id' is missing") }
        let length = try object.integer("packet_length_bytes") ?? 0
        guard (0...0xFFFF).contains(length) else { throw Refusal("packet_length_bytes \(length) is not 0 to 65535") }
        let session = CloneSession(replicas: try replicas(object), truncateTo: length == 0 ? nil : Int(length))
        try engineCall { () throws(EngineError) in try engine.setCloneSession(Int(id), session) }
    }

    private func replicas(_ object: JSONObject) throws(Refusal) -> [Replica] {
        guard case .array(let values)? = object.members["replicas"] else { throw Refusal("'replicas' is not an array") }
        var replicas: [Replica] = []
        for value in values {
            let member = JSONObject(value)
            try member.allow(["egress_port", "instance"])
            guard let port = try member.integer("egress_port"), let instance = try member.integer("instance") else {
                throw Refusal("a replica needs 'egress_port' and 'instance'")
            }
            guard (0...510).contains(port) else { throw Refusal("egress_port \(port) is not 0 to 510") }
            guard (0...0xFFFF).contains(instance) else { throw Refusal("instance \(instance) is not 0 to 65535") }
            let replica = Replica(port: Int(port), rid: Int(instance))
            guard !replicas.contains(replica) else {
                throw Refusal("port \(port) with instance \(instance) is given twice")
            }
            replicas.append(replica)
        }
        return replicas
    }
}
