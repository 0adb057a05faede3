// SPDX-License-Identifier: Apache-2.0

import Glibc
import LinuxSystem
import Testing

extension Trait where Self == ConditionTrait {
    /// For tests that make network namespaces. Without the privilege they are skipped, except where the variable CI
    /// is set: there they run, and fail.
    static var needsRoot: ConditionTrait {
        .enabled(if: geteuid() == 0 || SpawnRequest.environmentOfCaller()["CI"] != nil, "network namespaces need root")
    }
}

/// Two new namespaces joined by a veth pair, `left` in one and `right` in the other, both up and without offloads
/// and IPv6, so that no frame is seen that the test did not send.
struct VethLab {
    let left: NetworkNamespace
    let right: NetworkNamespace
    static let leftAddress = LinkAddress("02:00:00:00:00:01")
    static let rightAddress = LinkAddress("02:00:00:00:00:02")

    static func with(mtu: Int = 1500, _ body: (VethLab) throws -> Void) throws {
        let suffix = "\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
        let left = try NetworkNamespace(named: "p4ni-test-\(suffix)-l")
        let right = try NetworkNamespace(named: "p4ni-test-\(suffix)-r")
        try left.create()
        defer { try? left.delete() }
        try right.create()
        defer { try? right.delete() }
        for namespace in [left, right] {
            try namespace.perform { try NetworkNamespace.disableIPv6OfCurrentThread() }
        }
        var session = try RouteSession()
        try session.createVethPair(
            VethEnd("left", in: left, address: leftAddress, mtu: mtu),
            VethEnd("right", in: right, address: rightAddress, mtu: mtu))
        for (namespace, interface) in [(left, "left"), (right, "right")] {
            try namespace.perform { try InterfaceControl().disableOffloads(of: interface) }
            var session = try RouteSession(in: namespace)
            try session.setUp(interface)
        }
        try body(VethLab(left: left, right: right))
    }
}
