// SPDX-License-Identifier: Apache-2.0

/// A call to the kernel that failed: which, on what, and why.
public struct SystemError: Error, Hashable, Sendable {
    /// The call as the manual names it: `bind`, `setns`, `rtnetlink new link`.
    public let call: String
    /// The kernel's reason.
    public let errno: Errno
    /// What it was called on: an interface, a path, a namespace. Empty where the call has no object.
    public let object: String
    /// What the number cannot say, such as the kernel's own message or what to do. May be empty.
    public let detail: String

    /// An error of a call; the parameters are described at the properties.
    public init(call: String, errno: Errno, object: String = "", detail: String = "") {
        self.call = call
        self.errno = errno
        self.object = object
        self.detail = detail
    }
}

extension SystemError {
    static func noInterface(_ name: String) -> SystemError {
        SystemError(
            call: "find interface", errno: .noDevice, object: name,
            detail: "`ip link` lists those of this network namespace")
    }
}

extension SystemError: CustomStringConvertible {
    /// `bind '10.0.0.1:80': Address already in use (EADDRINUSE)`, then what explains it or what to do.
    public var description: String {
        var text = object.isEmpty ? call : "\(call) '\(object)'"
        text += ": \(errno)"
        if !detail.isEmpty {
            text += ": \(detail)"
        } else if let remedy {
            text += "; \(remedy)"
        }
        return text
    }

    /// What to do, where the number alone shows it.
    private var remedy: String? {
        switch errno {
        case .accessDenied where call == "execute": "`ls -l` shows who may execute it"
        case .accessDenied where object.hasPrefix("/"): "`namei -l` shows who may use it; run as its owner, or as root"
        case .notPermitted, .accessDenied: "run as root"
        case .addressInUse: "another program has it: `ss -lnp` shows which; end it, or choose another port"
        case .addressNotAvailable: "no interface has this address: `ip address` lists them"
        default: nil
        }
    }
}
