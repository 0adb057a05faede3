// SPDX-License-Identifier: Apache-2.0

public import LinuxSystem

/// How a lab is brought up.
public struct LabOptions: Sendable {
    /// The first words of the command that starts a switch: the path of p4netintel.
    public var executable: [String]
    /// P4 source for every switch for which the topology does not name a program.
    public var program: String
    /// `NAME=VALUE` for the program's preprocessor.
    public var definitions: [String] = []
    /// MTU of all interfaces, in bytes without the Ethernet header; nil: 1500. Telemetry in frames counts.
    public var mtu: Int?
    /// Lines of simple_switch_CLI for a switch by its name, run after those of its topology.
    public var commands: [String: [String]] = [:]
    /// More arguments for every switch.
    public var switchArguments: [String] = []
    /// false: namespaces, links and hosts only.
    public var startsSwitches = true
    /// How long all switches together may take to compile and configure themselves.
    public var readyTimeoutMilliseconds = 120_000
    /// The process that takes the lab down; while it runs, no other process may. nil: the lab stays until `lab down`.
    public var owner: ProcessIdentity?
    /// Called between steps: true cancels, and takes down what is up.
    public var isCancelled: @Sendable () -> Bool = { false }

    /// Options with the defaults for everything else.
    public init(executable: [String], program: String) {
        self.executable = executable
        self.program = program
    }
}
