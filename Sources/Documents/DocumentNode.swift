// SPDX-License-Identifier: Apache-2.0

/// A value in a JSON or YAML document, with its location.
///
/// Readers ask for the type that they need (`DocumentNode+Values.swift`), and mistakes become an `InputError` that names
/// file, line, column and key.
public struct DocumentNode: Sendable {
    /// What the document holds here.
    public enum Content: Sendable, Hashable {
        /// Nothing: `null`, `~`, or an empty YAML value.
        case null
        /// `true` or `false`.
        case bool(Bool)
        /// A JSON number without fraction and exponent that 64 bits hold.
        case integer(Int64)
        /// Any other JSON number.
        case number(Double)
        /// Text in quotes, in JSON.
        case string(String)
        /// A scalar of YAML as it is written, quoted or not: `off` may be a word where a word is wanted.
        case word(String)
        /// Values in their order.
        case list([DocumentNode])
        /// In the order of the document; no key is given twice.
        case mapping([Member])
    }

    /// A key and its value.
    public struct Member: Sendable, Hashable {
        /// The key, without quotes.
        public let key: String
        /// The first character of the key.
        public let keyLocation: InputError.Location
        /// The value, which knows its own location.
        public let value: DocumentNode
    }

    /// The value itself.
    public let content: Content
    /// The first character of the value.
    public let location: InputError.Location
    /// The keys and indices that lead here, `links[3]` or `hosts.h1.ip`; empty at the top.
    public let path: String

    init(_ content: Content, at location: InputError.Location, path: String) {
        self.content = content
        self.location = location
        self.path = path
    }

    /// Reads a JSON document (RFC 8259).
    /// - Parameter file: the name that errors use.
    public init(json bytes: [UInt8], file: String) throws(InputError) {
        var reader = JSONReader(bytes, file: file)
        self = try reader.document()
    }

    /// Reads a YAML document; an empty one is an empty mapping.
    /// - Parameter file: the name that errors use.
    public init(yaml text: String, file: String) throws(InputError) {
        var reader = YAMLReader(file: file)
        self = try reader.document(text)
    }

    static func path(_ path: String, key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }
}

/// Two nodes are equal if they hold the same content, wherever it is written; the order of keys counts.
extension DocumentNode: Hashable {
    /// Whether the contents are equal; locations do not count.
    public static func == (left: DocumentNode, right: DocumentNode) -> Bool { left.content == right.content }
    /// Hashes the content alone.
    public func hash(into hasher: inout Hasher) { hasher.combine(content) }
}

extension DocumentNode.Member {
    /// Whether key and value are equal; locations do not count.
    public static func == (left: Self, right: Self) -> Bool { left.key == right.key && left.value == right.value }

    /// Hashes key and value.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(key)
        hasher.combine(value)
    }
}

extension DocumentNode {
    /// An error here: `links[3]: MESSAGE`.
    public func error(_ message: String) -> InputError {
        InputError(path.isEmpty ? message : "\(path): \(message)", at: location)
    }

    /// An error here: `links[3] must be EXPECTED, got 5`.
    public func error(expected: String) -> InputError {
        InputError("\(path.isEmpty ? "the document" : path) must be \(expected), got \(text)", at: location)
    }

    /// `error` here, if it does not have a location yet.
    public func located(_ error: InputError) -> InputError {
        error.location == nil ? self.error(error.message) : error
    }

    /// The content for messages: as the document has it, of long lists and of mappings no more than what they are.
    public var text: String {
        switch content {
        case .null: "null"
        case .bool(let value): String(value)
        case .integer(let value): String(value)
        case .number(let value): String(value)
        case .word(""): "nothing"
        case .string(let value), .word(let value): "'\(value)'"
        case .list(let values) where values.count <= 4: "[" + values.map(\.text).joined(separator: ", ") + "]"
        case .list: "a list"
        case .mapping: "an object"
        }
    }
}
