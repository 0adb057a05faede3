// SPDX-License-Identifier: Apache-2.0

/// Why an interface takes or gives no frames at the moment. A value, not an error: it arises on the packet path.
public enum LinkFailure: Equatable, Sendable {
    /// Set down; frames flow again by themselves when it is set up.
    case down
    /// Deleted or moved to another namespace; the ring is of no more use.
    case gone
    /// What else the kernel reports.
    case other(Errno)

    init(_ errno: Errno) {
        switch errno {
        case .networkDown: self = .down
        case .noDevice, .noDeviceOrAddress: self = .gone
        default: self = .other(errno)
        }
    }
}

extension LinkFailure: CustomStringConvertible {
    /// `interface is down`, or the error's text.
    public var description: String {
        switch self {
        case .down: "interface is down"
        case .gone: "interface is gone"
        case .other(let errno): "\(errno)"
        }
    }
}
