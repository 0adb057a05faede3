// SPDX-License-Identifier: Apache-2.0

/// One section of a host's latency breakdown, in the order in which they follow each other.
public enum HostStage: Int, Sendable, Hashable, CaseIterable {
    /// From the XDP hook to the socket's receive queue.
    case kernelIn
    /// From there to the return of the application's receive call.
    case socketWait
    /// From there to its send call.
    case application
    /// From there to the TC egress hook.
    case kernelOut

    /// For people, such as `kernel in`.
    public var name: String {
        switch self {
        case .kernelIn: "kernel in"
        case .socketWait: "socket wait"
        case .application: "application"
        case .kernelOut: "kernel out"
        }
    }
}

/// Adjacent stages whose sum alone is known; mostly one.
public struct HostSpan: Sendable, Hashable {
    /// The first stage.
    public var first: HostStage
    /// The last stage, not before `first`.
    public var last: HostStage

    /// The stages from `first` to `last`; `first` alone without a `last`.
    public init(_ first: HostStage, through last: HostStage? = nil) {
        self.first = first
        self.last = last ?? first
    }

    /// For people, such as `socket wait+application`.
    public var name: String {
        HostStage.allCases.filter { (first.rawValue...max(first.rawValue, last.rawValue)).contains($0.rawValue) }
            .map(\.name).joined(separator: "+")
    }
}
