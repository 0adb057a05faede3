// SPDX-License-Identifier: Apache-2.0

import Documents

/// One entry of a runtime document: its members by name, asked for by type.
struct JSONObject {
    let members: [String: JSONValue]
    private let value: JSONValue

    init(_ value: JSONValue) {
        self.value = value
        if case .object(let members) = value { self.members = members } else { members = [:] }
    }

    /// What the entry is about, for messages.
    var label: String {
        if case .string(let table)? = members["table"] { return table }
        for key in ["multicast_group_id", "clone_session_id"] {
            if case .integer(let id)? = members[key] { return "\(key) \(id)" }
        }
        return ""
    }

    func allow(_ keys: [String]) throws(Refusal) {
        guard case .object = value else { throw Refusal("\(value.text) is not an object") }
        for key in members.keys.sorted() where !keys.contains(key) {
            throw Refusal("unknown key '\(key)'; keys: \(keys.joined(separator: ", "))")
        }
    }

    func string(_ key: String) throws(Refusal) -> String {
        guard let member = members[key] else { throw Refusal("'\(key)' is missing") }
        guard case .string(let text) = member else { throw Refusal("'\(key)' is \(member.text), not a string") }
        return text
    }

    func integer(_ key: String) throws(Refusal) -> Int64? {
        guard let member = members[key] else { return nil }
        guard case .integer(let number) = member else {
            throw Refusal("'\(key)' is \(member.text), not a whole number")
        }
        return number
    }

    func bool(_ key: String) throws(Refusal) -> Bool {
        guard let member = members[key] else { return false }
        guard case .bool(let flag) = member else { throw Refusal("'\(key)' is \(member.text), not true or false") }
        return flag
    }

    func object(_ key: String) throws(Refusal) -> [String: JSONValue] {
        guard let member = members[key] else { return [:] }
        guard case .object(let object) = member else { throw Refusal("'\(key)' is \(member.text), not an object") }
        return object
    }
}
