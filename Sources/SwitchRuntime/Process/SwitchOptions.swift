// SPDX-License-Identifier: Apache-2.0

public import SwitchEngine

/// What a switch is started with beside its program.
public struct SwitchOptions: Sendable {
    /// At least one; numbers and interfaces differ.
    public var ports: [PortOptions]
    /// Files of the P4 tutorials' sX-runtime.json form.
    public var runtimeFiles: [String] = []
    /// Files of simple_switch_CLI commands; they run after the entries of `runtimeFiles`.
    public var commandFiles: [String] = []
    /// Where the running switch takes commands: a path for a local socket; nil: nowhere.
    public var controlPath: String?
    /// Limits of the engine, and where the program's log messages go.
    public var engine = Configuration()

    /// A switch with these ports and nothing configured.
    public init(ports: [PortOptions]) { self.ports = ports }
}

/// Why a switch does not start, or had to end.
public struct SwitchError: Error, Sendable, CustomStringConvertible {
    /// What could not be done.
    public enum Code: Sendable { case configuration, program, port, interfacesGone, system }

    /// What kind of problem it is.
    public var code: Code
    /// One line a problem.
    public var problems: [String]

    /// An error with one or more problems.
    public init(_ code: Code, _ problems: [String]) {
        self.code = code
        self.problems = problems
    }

    /// The problems, one per line.
    public var description: String { problems.joined(separator: "\n") }
}
