// SPDX-License-Identifier: Apache-2.0

/// A call to the kernel that failed: which, on what, and why.
public struct SystemError: Error, Hashable, Sendable {
    /// The call as the manual names it: `bind`, `setns`, `rtnetlink new link`.
    public let call: String
    public let errno: Errno
    /// What it was called on: an interface, a path, a namespace. Empty where the call has no object.
    public let object: String
    /// What the number cannot say, e.g. the kernel's own message or what to do. Empty if nothing.
    public let detail: String

    public init(call: String, errno: Errno, object: String = "", detail: String = "") {
        self.call = call
        self.errno = errno
        self.object = object
        self.detail = detail
    }
}

extension SystemError: CustomStringConvertible {
    public var description: String {
        var text = object.isEmpty ? call : "\(call) '\(object)'"
        text += ": \(errno)"
        if !detail.isEmpty {
            text += ": \(detail)"
        } else if errno == .notPermitted || errno == .accessDenied {
            text += "; run as root"
        }
        return text
    }
}
