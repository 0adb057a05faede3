// SPDX-License-Identifier: Apache-2.0

/// How a port's interface is.
public enum PortState: String, Sendable, Hashable, Codable {
    /// Frames flow.
    case up
    /// Set down by its administrator.
    case down
    /// Up, but what it leads to is not.
    case noCarrier = "no carrier"
    /// Deleted, or moved to another network namespace.
    case gone
}

/// What happened to a port while the switch runs.
public struct PortEvent: Sendable, Hashable, CustomStringConvertible {
    /// What there is to report.
    public enum Change: Sendable, Hashable {
        /// The interface is so from now on.
        case state(PortState)
        /// An interface of the port's name is there again, and the switch takes its frames.
        case attachedAgain
        /// Frames of this many bytes, without the Ethernet header, pass now.
        case mtu(Int)
        /// An interface of the port's name is there, but cannot be used.
        case refused(String)
    }

    /// The port's number.
    public let port: Int
    /// The name of its interface.
    public let interface: String
    /// What happened.
    public let change: Change

    /// One line.
    public var description: String {
        let what =
            switch change {
            case .state(.up): "is up"
            case .state(.down): "is down"
            case .state(.noCarrier): "has no carrier"
            case .state(.gone): "is gone; an interface of this name is used again when there is one"
            case .attachedAgain: "is there again, and is used"
            case .mtu(let mtu): "has an MTU of \(mtu) bytes"
            case .refused(let reason): "is there again, but cannot be used: \(reason)"
            }
        return "port \(port): \(interface) \(what)"
    }
}
