// SPDX-License-Identifier: Apache-2.0

public import SwitchEngine

/// What a switch is started with beside its program.
public struct SwitchOptions: Sendable {
    public var ports: [PortOptions]
    /// Files of the P4 tutorials' sX-runtime.json form.
    public var runtimeFiles: [String] = []
    /// Files of simple_switch_CLI commands; they are run behind the entries of `runtimeFiles`.
    public var commandFiles: [String] = []
    /// Where the running switch takes commands: a path for a local socket; nil: nowhere.
    public var controlPath: String?
    public var engine = Configuration()

    public init(ports: [PortOptions]) { self.ports = ports }
}

/// Why a switch does not start, or had to end.
public struct SwitchError: Error, Sendable, CustomStringConvertible {
    public enum Code: Sendable { case configuration, program, port, interfacesGone, system }

    public var code: Code
    /// One line a problem.
    public var problems: [String]

    public init(_ code: Code, _ problems: [String]) {
        self.code = code
        self.problems = problems
    }

    public var description: String { problems.joined(separator: "\n") }
}
