// SPDX-License-Identifier: Apache-2.0

/// One line of the lab's shell, understood but not yet run.
enum ShellLine: Equatable {
    case empty
    /// A command for `sh` in a node, `inBackground` if the line ended with `&`.
    case run(node: String, command: String, inBackground: Bool)
    /// A node's name alone.
    case nodeWithoutCommand(String)
    /// A command for `sh` outside of all nodes.
    case outside(String)
    case source(String)
    case terminal(String?)
    case builtin(Builtin)
    case unknown(String)

    enum Builtin: String, CaseIterable {
        case nodes, net, links, dump, pingall, help, exit, quit
    }

    /// - Parameters:
    ///   - nodes: the names that may begin a line.
    ///   - addresses: a host's IP address by its name, which takes the name's place in commands.
    init(_ text: String, nodes: Set<String>, addresses: [String: String]) {
        let line = text.trimmingBlanks
        guard !line.isEmpty, !line.hasPrefix("#") else {
            self = .empty
            return
        }
        let word = String(line.prefix { !$0.isWhitespace })
        let rest = line.dropFirst(word.count).trimmingBlanks
        if nodes.contains(word) {
            self = Self.command(for: word, rest, addresses)
            return
        }
        switch word {
        case "sh": self = rest.isEmpty ? .unknown(line) : .outside(rest)
        case "source": self = rest.isEmpty ? .unknown(line) : .source(rest)
        case "xterm": self = .terminal(rest.isEmpty ? nil : rest)
        default:
            guard rest.isEmpty, let builtin = Builtin(rawValue: word) else {
                self = .unknown(line)
                return
            }
            self = .builtin(builtin)
        }
    }

    private static func command(for node: String, _ text: String, _ addresses: [String: String]) -> ShellLine {
        var command = text
        let inBackground = command.hasSuffix("&") && !command.hasSuffix("&&")
        if inBackground { command = String(command.dropLast()).trimmingBlanks }
        guard !command.isEmpty else { return .nodeWithoutCommand(node) }
        return .run(node: node, command: command.replacingWords(by: addresses), inBackground: inBackground)
    }
}

extension StringProtocol {
    fileprivate var trimmingBlanks: String {
        let start = self.drop { $0.isWhitespace }
        let end = start.reversed().prefix { $0.isWhitespace }.count
        return String(start.dropLast(end))
    }
}

extension String {
    /// Whole words between blanks that are keys, replaced by their values; all else, blanks included, stays.
    func replacingWords(by values: [String: String]) -> String {
        var result = ""
        var rest = self[...]
        while !rest.isEmpty {
            let blanks = rest.prefix { $0.isWhitespace }
            rest = rest.dropFirst(blanks.count)
            let word = rest.prefix { !$0.isWhitespace }
            rest = rest.dropFirst(word.count)
            result += blanks + (values[String(word)] ?? String(word))
        }
        return result
    }
}
