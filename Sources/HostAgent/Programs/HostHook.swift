// SPDX-License-Identifier: Apache-2.0

/// An attach point of one of the agent's programs. An attachment has at most one program at each; its link's pin is named after it.
enum HostHook: Sendable, Hashable {
    case xdp
    case egress
    case ingress
    /// A BTF tracepoint, which the program names itself.
    case tracing(String)
    /// A hook of the root cgroup, through which every process of the machine goes.
    case cgroup(String)

    var name: String {
        switch self {
        case .xdp: "xdp"
        case .egress: "egress"
        case .ingress: "ingress"
        case .tracing(let name): "tracing_\(name)"
        case .cgroup(let name): "cgroup_\(name)"
        }
    }

    /// Whether its link can be given another program.
    var canBeUpdated: Bool {
        if case .tracing = self { return false }
        return true
    }

    /// Whether telemetry is saved and restored there.
    var isEssential: Bool { self == .xdp || self == .egress }

    init?(name: String) {
        switch name {
        case "xdp": self = .xdp
        case "egress": self = .egress
        case "ingress": self = .ingress
        default:
            let parts = name.split(separator: "_", maxSplits: 1).map(String.init)
            guard parts.count == 2 else { return nil }
            switch parts[0] {
            case "tracing": self = .tracing(parts[1])
            case "cgroup": self = .cgroup(parts[1])
            default: return nil
            }
        }
    }
}
