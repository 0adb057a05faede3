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
    /// Bytes of the longest packet that hosts send, without the Ethernet header; nil: 1500.
    public var mtu: Int?
    /// Bytes that interfaces carry beyond `mtu`, for the telemetry of packets of that size: the interfaces get the larger
    /// MTU, the hosts' routes `mtu`. 0: the interfaces have `mtu`, and the routes theirs.
    public var headRoom = 0

    /// The telemetry of 20 hops of the largest level, with shim, source record and host record, and a VLAN tag.
    public static let fullHeadRoom = 1600

    /// MTU of all interfaces; nil: the kernel's default.
    var interfaceMTU: Int? { headRoom > 0 ? (mtu ?? Self.usualMTU) + headRoom : mtu }
    /// The MTU of hosts where none is given.
    public static let usualMTU = 1500
    /// The MTU that may be given, without the Ethernet header.
    public static let mtuRange = 576...9216

    /// `definitions`, and how long a frame INT.p4 may make, unless they say so.
    var allDefinitions: [String] {
        guard headRoom > 0, let interfaceMTU, !definitions.contains(where: { $0.hasPrefix("MAX_FRAME=") }) else {
            return definitions
        }
        return definitions + ["MAX_FRAME=\(interfaceMTU + 14)"]
    }
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
