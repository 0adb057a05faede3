// SPDX-License-Identifier: Apache-2.0

internal import Yams

/// What is wrong in a YAML file, and where.
public struct SettingsError: Error, Sendable, Hashable, CustomStringConvertible {
    public let file: String
    /// From 1; 0 if the place is not known.
    public let line: Int
    public let column: Int
    public let message: String

    public init(file: String, line: Int, column: Int, message: String) {
        self.file = file
        self.line = line
        self.column = column
        self.message = message
    }

    public var description: String {
        line > 0 ? "\(file):\(line):\(column): \(message)" : "\(file): \(message)"
    }

    /// What the YAML reader says of a text that is none.
    init(file: String, _ error: any Error) {
        switch error as? YamlError {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            self.init(file: file, line: mark.line, column: mark.column, message: "no YAML: \(problem)")
        case .duplicatedKeysInMapping(let keys, let context):
            self.init(
                file: file, line: context.mark.line, column: context.mark.column,
                message: "keys stand twice in this mapping: "
                    + keys.map { "'\($0)'" }.joined(separator: ", "))
        default: self.init(file: file, line: 0, column: 0, message: "no YAML: \(error)")
        }
    }
}
