// SPDX-License-Identifier: Apache-2.0

internal import Documents

extension TopologyReader {
    func require(_ key: String, of fields: [String: JSONValue], at path: String) throws(LabError) -> JSONValue {
        guard let value = fields[key] else {
            throw path.isEmpty ? LabError(file, "key '\(key)' is missing") : error(path, "key '\(key)' is missing")
        }
        return value
    }

    /// A misspelt key would be a setting silently lost.
    func refuseUnknownKeys(of fields: [String: JSONValue], at path: String, known: [String]) throws(LabError) {
        for key in fields.keys.sorted() where !known.contains(key) {
            let place = path.isEmpty ? key : "\(path).\(key)"
            throw error(place, "unknown key; there are \(known.joined(separator: ", "))")
        }
    }

    /// The members of an object under a key, in natural order of their names.
    func members(of top: [String: JSONValue], _ key: String) throws(LabError) -> [(String, JSONValue)] {
        let fields = try object(try require(key, of: top, at: ""), at: key)
        return fields.sorted { Topology.inNaturalOrder($0.key, $1.key) }
    }

    func object(_ value: JSONValue, at path: String) throws(LabError) -> [String: JSONValue] {
        guard case .object(let fields) = value else { throw error(path, "must be an object, is \(value.kind)") }
        return fields
    }

    func array(_ value: JSONValue, at path: String) throws(LabError) -> [JSONValue] {
        guard case .array(let items) = value else { throw error(path, "must be a list, is \(value.kind)") }
        return items
    }

    func string(_ value: JSONValue, at path: String) throws(LabError) -> String {
        guard case .string(let text) = value else { throw error(path, "must be a string, is \(value.kind)") }
        return text
    }

    /// A number, which may stand in quotes as the tutorials' `cpu_port` does.
    func wholeNumber(_ value: JSONValue?, in range: ClosedRange<Int>, at path: String) throws(LabError) -> Int? {
        let number: Int?
        switch value {
        case nil: return nil
        case .integer(let value): number = Int(value)
        case .number(let value): number = Int(exactly: value)
        case .string(let text): number = Int(text)
        default: number = nil
        }
        guard let number, range.contains(number) else {
            throw error(path, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }
}
