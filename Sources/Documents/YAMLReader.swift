// SPDX-License-Identifier: Apache-2.0

internal import Yams

/// Makes nodes of what the YAML library reads.
struct YAMLReader {
    /// An alias repeats what it names, so a short document may stand for a very long one.
    private static let nodeLimit = 100_000

    private let file: String
    private var nodes = 0

    init(file: String) { self.file = file }

    mutating func document(_ text: String) throws(InputError) -> DocumentNode {
        do {
            guard let node = try Yams.compose(yaml: text) else {
                return DocumentNode(.mapping([]), at: .file(file), path: "")
            }
            return try self.node(node, path: "")
        } catch {
            throw inputError(error)
        }
    }

    private mutating func node(_ node: Node, path: String) throws(InputError) -> DocumentNode {
        nodes += 1
        guard nodes <= Self.nodeLimit else { throw InputError("more than \(Self.nodeLimit) values", at: .file(file)) }
        return DocumentNode(try content(of: node, path: path), at: location(node.mark), path: path)
    }

    private mutating func content(of node: Node, path: String) throws(InputError) -> DocumentNode.Content {
        switch node {
        case .scalar(let scalar): return .word(scalar.string)
        case .sequence(let sequence):
            var elements: [DocumentNode] = []
            for (index, element) in sequence.enumerated() {
                elements.append(try self.node(element, path: "\(path)[\(index)]"))
            }
            return .list(elements)
        case .mapping(let mapping):
            var members: [DocumentNode.Member] = []
            for (key, value) in mapping {
                guard let name = key.scalar?.string else {
                    throw InputError("a key must be a single word", at: location(key.mark))
                }
                let value = try self.node(value, path: DocumentNode.path(path, key: name))
                members.append(DocumentNode.Member(key: name, keyLocation: location(key.mark), value: value))
            }
            return .mapping(members)
        case .alias: throw InputError("an alias must name an anchor before it", at: location(node.mark))
        }
    }

    private func location(_ mark: Mark?) -> InputError.Location {
        .file(file, line: mark?.line, column: mark?.column)
    }

    private func inputError(_ error: any Error) -> InputError {
        switch error {
        case let error as InputError: error
        case YamlError.scanner(_, let problem, let mark, _), YamlError.parser(_, let problem, let mark, _),
            YamlError.composer(_, let problem, let mark, _):
            InputError("not YAML: \(problem)", at: location(mark))
        case YamlError.duplicatedKeysInMapping(let keys, let context):
            InputError(
                "each key must be given once, got twice: " + keys.map { "'\($0)'" }.joined(separator: ", "),
                at: location(context.mark))
        default: InputError("not YAML: \(error)", at: .file(file))
        }
    }
}
