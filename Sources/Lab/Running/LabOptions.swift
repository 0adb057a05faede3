// SPDX-License-Identifier: Apache-2.0

public import LinuxSystem

/// How a lab is brought up.
public struct LabOptions: Sendable {
    /// The command that starts a switch begins with this: the path of p4netintel.
    public var executable: [String]
    /// P4 source for every switch that the topology gives none of its own.
    public var program: String
    /// `NAME=VALUE` for the program's preprocessor.
    public var definitions: [String] = []
    /// Of all interfaces, in bytes without the Ethernet header; nil: 1500. Frames grow by what switches add to them.
    public var mtu: Int?
    /// Lines of simple_switch_CLI for a switch by its name, run behind those of its topology.
    public var commands: [String: [String]] = [:]
    /// More arguments for every switch.
    public var switchArguments: [String] = []
    /// false: namespaces, links and hosts only.
    public var startsSwitches = true
    /// How long all switches together may take to compile and configure themselves.
    public var readyTimeoutMilliseconds = 120_000
    /// The process that the lab is brought up for and that takes it down; while it runs, nobody else may. nil: the lab
    /// stays until `lab down`.
    public var owner: ProcessIdentity?
    /// Asked between steps: true ends bringing up, and what is up is taken down.
    public var isCancelled: @Sendable () -> Bool = { false }

    public init(executable: [String], program: String) {
        self.executable = executable
        self.program = program
    }
}
