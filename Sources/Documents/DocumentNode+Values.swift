// SPDX-License-Identifier: Apache-2.0

internal import TextLayout

extension DocumentNode {
    /// Text: a string of JSON, or any scalar of YAML.
    public func string() throws(InputError) -> String {
        switch content {
        case .string(let text), .word(let text): return text
        default: throw error(expected: "text")
        }
    }

    /// What `parse` makes of the text; its errors become errors here.
    public func parsed<Value>(by parse: (String) throws(InputError) -> Value) throws(InputError) -> Value {
        let text = try string()
        do {
            return try parse(text)
        } catch {
            throw located(error)
        }
    }

    /// An integer; in YAML also with `0x`.
    /// - Parameter quoted: whether JSON may have it as a string.
    public func integer<Number: FixedWidthInteger>(
        in range: ClosedRange<Number>, quoted: Bool = false
    ) throws(InputError) -> Number {
        let value: Number? =
            switch content {
            case .integer(let value): Number(exactly: value)
            case .number(let value): Number(exactly: value)
            case .word(let text): Self.integer(text)
            case .string(let text) where quoted: Self.integer(text)
            default: nil
            }
        guard let value, range.contains(value) else {
            throw error(expected: "an integer from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    private static func integer<Number: FixedWidthInteger>(_ text: String) -> Number? {
        text.hasPrefix("0x") ? Number(text.dropFirst(2), radix: 16) : Number(text)
    }

    /// A number, with or without fraction.
    public func number(in range: ClosedRange<Double>) throws(InputError) -> Double {
        guard let value = number, range.contains(value) else {
            throw error(expected: "a number from \(Self.short(range.lowerBound)) to \(Self.short(range.upperBound))")
        }
        return value
    }

    /// The number that is written here; nil for any other content.
    public var number: Double? {
        switch content {
        case .integer(let value): Double(value)
        case .number(let value): value
        case .word(let text): Double(text)
        default: nil
        }
    }

    private static func short(_ bound: Double) -> String { Int(exactly: bound).map(String.init) ?? String(bound) }

    /// true or false.
    public func boolean() throws(InputError) -> Bool {
        switch content {
        case .bool(let value): return value
        case .word("true"): return true
        case .word("false"): return false
        default: throw error(expected: "true or false")
        }
    }

    /// One of the words that an enumeration's raw values are.
    public func choice<Choice: CaseIterable & RawRepresentable<String>>(
        of type: Choice.Type = Choice.self
    ) throws(InputError) -> Choice {
        if let choice = try? Choice(rawValue: string()) { return choice }
        let words = Choice.allCases.map(\.rawValue)
        var error = error(expected: words.alternatives)
        if case .word(let text) = content {
            error = InputError(error.message + NearName.didYouMean(text, among: words), at: location)
        }
        throw error
    }

    /// The elements of a list.
    public func list() throws(InputError) -> [DocumentNode] {
        guard case .list(let nodes) = content else { throw error(expected: "a list, such as [a, b]") }
        return nodes
    }

    /// The elements of a list; any other value counts as a list of one.
    public func oneOrMore() throws(InputError) -> [DocumentNode] {
        if case .list(let nodes) = content { nodes } else { [self] }
    }

    /// Whether it is an object of keys and values.
    public var isMapping: Bool {
        if case .mapping = content { true } else { false }
    }

    /// The keys and values of a mapping whose keys are the writer's own, in the order of the document.
    public func members() throws(InputError) -> [Member] {
        guard case .mapping(let members) = content else { throw error(expected: "an object of keys and values") }
        return members
    }

    /// The values of a mapping by key; a key that is not in `known` is an error, because its setting would be lost.
    public func mapping(of known: [String]) throws(InputError) -> DocumentMapping {
        let (mapping, unknown) = try mapping(allowing: known)
        if let error = unknown.first { throw error }
        return mapping
    }

    /// The values of a mapping by key, and an error for each key that is not in `known`.
    public func mapping(allowing known: [String]) throws(InputError) -> (DocumentMapping, unknown: [InputError]) {
        let members = try members()
        let unknown = members.filter { !known.contains($0.key) }.map { member in
            let message =
                "unknown key '\(member.key)': expected \(known.alternatives)"
                + NearName.didYouMean(member.key, among: known)
            return InputError(path.isEmpty ? message : "\(path): \(message)", at: member.keyLocation)
        }
        let values = Dictionary(uniqueKeysWithValues: members.map { ($0.key, $0.value) })
        return (DocumentMapping(node: self, values: values), unknown)
    }
}

/// The values of a mapping by key.
public struct DocumentMapping: Sendable {
    /// The mapping itself, for errors about it.
    public let node: DocumentNode
    fileprivate let values: [String: DocumentNode]

    fileprivate init(node: DocumentNode, values: [String: DocumentNode]) {
        self.node = node
        self.values = values
    }

    /// nil if the key is not given.
    public subscript(key: String) -> DocumentNode? { values[key] }

    /// The value of a key that must be given.
    public func required(_ key: String) throws(InputError) -> DocumentNode {
        guard let value = values[key] else { throw node.error("key '\(key)' is missing") }
        return value
    }
}
