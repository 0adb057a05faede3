// SPDX-License-Identifier: Apache-2.0

internal import Glibc
public import LinuxSystem

/// New network namespaces without IPv6, in which no frame is seen that the test did not send. They go when `body` ends.
public func withNamespaces(_ count: Int, _ body: ([NetworkNamespace]) throws -> Void) throws {
    let name = "p4ni-test-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
    let namespaces = try (0..<count).map { try NetworkNamespace(named: "\(name)-\($0)") }
    defer { for namespace in namespaces { try? namespace.delete() } }
    for namespace in namespaces {
        try namespace.create()
        try namespace.perform { try NetworkNamespace.disableIPv6OfCurrentThread() }
    }
    try body(namespaces)
}

/// A veth pair that is up, without offloads: what a test reads at one end is what was written at the other.
public func connect(_ first: VethEnd, _ second: VethEnd) throws {
    var session = try RouteSession()
    try session.createVethPair(first, second)
    for end in [first, second] {
        try end.namespace.perform { try InterfaceControl().disableOffloads(of: end.name) }
        var inside = try RouteSession(in: end.namespace)
        try inside.setUp(end.name)
    }
}
