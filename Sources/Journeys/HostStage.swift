// SPDX-License-Identifier: Apache-2.0

/// One stretch of a host's time, in the order in which they follow each other.
public enum HostStage: Int, Sendable, Hashable, CaseIterable {
    /// From the XDP hook to the socket's receive queue.
    case kernelIn
    /// From there to the application's receive call returning.
    case socketWait
    /// From there to its send call.
    case application
    /// From there to the TC egress hook.
    case kernelOut

    public var name: String {
        switch self {
        case .kernelIn: "kernel in"
        case .socketWait: "socket wait"
        case .application: "application"
        case .kernelOut: "kernel out"
        }
    }
}

/// Stages in a row of which only the sum is known; mostly one.
public struct HostSpan: Sendable, Hashable {
    public var first: HostStage
    public var last: HostStage

    public init(_ first: HostStage, through last: HostStage? = nil) {
        self.first = first
        self.last = last ?? first
    }

    public var name: String {
        HostStage.allCases.filter { (first.rawValue...max(first.rawValue, last.rawValue)).contains($0.rawValue) }
            .map(\.name).joined(separator: "+")
    }
}
