// SPDX-License-Identifier: Apache-2.0

internal import Yams

/// A value of a YAML file that people write, with its place in it: what is wrong is told with file, line and column.
///
/// Values are read as what the reader asks for, so that `level: off` may be a word where a word is wanted.
public struct Settings {
    let node: Node
    let file: String

    private init(_ node: Node, _ file: String) {
        self.node = node
        self.file = file
    }

    /// Reads a whole document; one that holds nothing is an empty mapping.
    /// - Parameter file: as errors call it.
    public init(parsing text: String, file: String) throws(SettingsError) {
        do {
            node = try Yams.compose(yaml: text) ?? Node.mapping(Node.Mapping([]))
        } catch {
            throw SettingsError(file: file, error)
        }
        self.file = file
    }

    /// An error at this value.
    public func error(_ message: String) -> SettingsError {
        SettingsError(file: file, line: node.mark?.line ?? 0, column: node.mark?.column ?? 0, message: message)
    }

    /// The values of a mapping by key; a key that is not among `keys` is an error.
    public func mapping(of keys: [String]) throws(SettingsError) -> [String: Settings] {
        var members: [String: Settings] = [:]
        for (key, value) in try pairs() {
            guard keys.contains(key.text) else {
                throw key.place.error("unknown key '\(key.text)'; known here: \(keys.joined(separator: ", "))")
            }
            members[key.text] = value
        }
        return members
    }

    /// The keys and values of a mapping whose keys are the writer's own, in the order of the file.
    public func members() throws(SettingsError) -> [(key: String, value: Settings)] {
        try pairs().map { ($0.key.text, $0.value) }
    }

    private func pairs() throws(SettingsError) -> [(key: (text: String, place: Settings), value: Settings)] {
        guard case .mapping(let mapping) = node else { throw error("expected keys with values, such as 'key: value'") }
        var pairs: [(key: (text: String, place: Settings), value: Settings)] = []
        for (key, value) in mapping {
            let place = Settings(key, file)
            let text = try place.text()
            pairs.append(((text, place), Settings(value, file)))
        }
        return pairs
    }

    public func list() throws(SettingsError) -> [Settings] {
        guard case .sequence(let sequence) = node else { throw error("expected a list, such as '[a, b]'") }
        return sequence.map { Settings($0, file) }
    }

    /// A list, or one value for a list of one.
    public func oneOrMore() throws(SettingsError) -> [Settings] {
        if case .sequence = node { return try list() }
        return [self]
    }

    public var isMapping: Bool {
        if case .mapping = node { true } else { false }
    }

    /// The characters of a scalar, as they were written.
    public func text() throws(SettingsError) -> String {
        guard case .scalar(let scalar) = node else { throw error("expected a single value") }
        return scalar.string
    }

    public func integer<Number: FixedWidthInteger>(in range: ClosedRange<Number>) throws(SettingsError) -> Number {
        let text = try text()
        let isHexadecimal = text.hasPrefix("0x")
        guard let value = Number(isHexadecimal ? String(text.dropFirst(2)) : text, radix: isHexadecimal ? 16 : 10),
            range.contains(value)
        else { throw error("expected a whole number from \(range.lowerBound) to \(range.upperBound), not '\(text)'") }
        return value
    }

    public func number(in range: ClosedRange<Double>) throws(SettingsError) -> Double {
        let text = try text()
        guard let value = Double(text), range.contains(value) else {
            throw error("expected a number from \(range.lowerBound) to \(range.upperBound), not '\(text)'")
        }
        return value
    }

    public func boolean() throws(SettingsError) -> Bool {
        switch try text() {
        case "true": return true
        case "false": return false
        default: throw error("expected true or false")
        }
    }

    /// One of the words that an enumeration's raw values are.
    public func choice<Choice: CaseIterable & RawRepresentable<String>>(
        of type: Choice.Type = Choice.self
    ) throws(SettingsError) -> Choice {
        guard let choice = Choice(rawValue: try text()) else {
            throw error("expected one of: " + Choice.allCases.map(\.rawValue).joined(separator: ", "))
        }
        return choice
    }
}
