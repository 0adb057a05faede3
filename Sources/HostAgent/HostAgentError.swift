// SPDX-License-Identifier: Apache-2.0

internal import BPF
internal import LinuxSystem

/// Why the programs could not be attached, found or removed.
public struct HostAgentError: Error, Sendable {
    /// The kind of the failure, to match by.
    public enum Code: Sendable, Hashable {
        /// No interface of this name is in the network namespace.
        case noInterface
        /// The interface carries no Ethernet frames.
        case notEthernet
        /// The programs are attached already.
        case alreadyAttached
        /// Nothing is attached.
        case notAttached
        /// A detach was decided and cannot be completed.
        case detaching
        /// What is attached has no client's part.
        case noClient
        /// What is attached has no server's part.
        case noServer
        /// What is attached was attached by another version of the agent.
        case otherVersion
        /// Another program holds the interface's XDP hook.
        case occupied
        /// The kernel or the file system refuses for lack of privilege; `cause` is its reason.
        case noPrivilege
        /// The kernel refuses for another reason, which `cause` gives.
        case kernelRefused
    }

    /// What was to be done, as the message of `noPrivilege` says it.
    public enum Verb: String, Sendable, Hashable {
        /// `host attach`.
        case attach = "attaching to"
        /// `host detach`.
        case detach = "detaching from"
        /// Reading what is attached.
        case inspect = "inspecting what is attached to"
    }

    /// The kind of the failure.
    public let code: Code
    /// What was to be done.
    public internal(set) var verb: Verb?
    /// The name of the interface.
    public let interface: String
    /// What the kernel reported, for `noPrivilege` and `kernelRefused`. Empty otherwise.
    public let cause: String

    /// An error of this kind about an interface.
    public init(_ code: Code, interface: String, cause: String = "") {
        self.code = code
        self.interface = interface
        self.cause = cause
    }

    /// The error that a step threw, in the form in which the user gets it.
    init(_ error: any Error, interface: String) {
        switch error {
        case let error as HostAgentError:
            self = error
        case let error as BPFError where error.isLackOfPrivilege:
            self.init(.noPrivilege, interface: interface, cause: "\(error)")
        case let error as SystemError where error.errno == .notPermitted || error.errno == .accessDenied:
            self.init(.noPrivilege, interface: interface, cause: "\(error)")
        default:
            self.init(.kernelRefused, interface: interface, cause: "\(error)")
        }
    }
}

extension HostAgentError: CustomStringConvertible {
    /// What is wrong and what to do, in one line.
    public var description: String {
        switch code {
        case .noInterface: "no interface '\(interface)' in this network namespace; `ip link` lists them"
        case .notEthernet: "interface '\(interface)' carries no Ethernet frames; telemetry needs them"
        case .alreadyAttached:
            "the programs are attached to '\(interface)' already; `host attach --replace` puts these in their place without a gap, `host detach` removes them"
        case .otherVersion:
            "another version's programs are attached to '\(interface)'; `host attach --replace` puts these in their place, "
                + "`host detach` removes them"
        case .noClient:
            "what is attached to '\(interface)' does not have the client role; `host attach --replace --role both` makes it one too"
        case .noServer:
            "what is attached to '\(interface)' is a client alone, which has no rules; `host attach --replace --role both` "
                + "makes it a server too"
        case .notAttached:
            "nothing is attached to '\(interface)'; `host attach --interface \(interface)` attaches the programs"
        case .detaching:
            "a detach from '\(interface)' has begun and is not complete; `host detach --interface \(interface)` continues it "
                + "and reports what prevents it"
        case .occupied: "another XDP program holds '\(interface)'; `ip link show` names it, remove it first"
        case .noPrivilege: "\(verb?.rawValue ?? "access to") '\(interface)' needs root: \(cause)"
        case .kernelRefused: "'\(interface)': \(cause)"
        }
    }
}
