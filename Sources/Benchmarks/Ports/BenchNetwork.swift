// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials
internal import LinuxSystem

/// Three network namespaces of the benchmark's own, and lanes through them: `near` sends, in `middle` is what is
/// measured, `far` receives. They go with this value.
final class BenchNetwork {
    /// One way from near to far: the ends of two veth pairs, `generator`-`entry` and `exit`-`sink`.
    struct Lane {
        let generator: String
        let entry: String
        let exit: String
        let sink: String
    }

    let near: NetworkNamespace
    let middle: NetworkNamespace
    let far: NetworkNamespace

    init() throws {
        let name = "p4ni-bench-\(ProcessInfo.processInfo.processIdentifier)"
        let namespaces = try ["near", "middle", "far"].map { try NetworkNamespace(named: "\(name)-\($0)") }
        (near, middle, far) = (namespaces[0], namespaces[1], namespaces[2])
        // From here on `deinit` takes those away that were made, also when one cannot be made.
        for namespace in namespaces {
            try namespace.create()
            try namespace.perform { try NetworkNamespace.disableIPv6OfCurrentThread() }
        }
    }

    deinit { for namespace in [near, middle, far] { try? namespace.delete() } }

    func makeLane(_ name: String) throws -> Lane {
        let lane = Lane(generator: "\(name)-gen", entry: "\(name)-in", exit: "\(name)-out", sink: "\(name)-end")
        try connect(VethEnd(lane.generator, in: near), VethEnd(lane.entry, in: middle))
        try connect(VethEnd(lane.exit, in: middle), VethEnd(lane.sink, in: far))
        return lane
    }

    func connect(_ one: VethEnd, _ other: VethEnd) throws {
        var session = try RouteSession()
        try session.createVethPair(one, other)
        for end in [one, other] {
            try end.namespace.perform { try InterfaceControl().disableOffloads(of: end.name) }
            var inside = try RouteSession(in: end.namespace)
            try inside.setUp(end.name)
        }
    }
}
