// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import LinuxSystem

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

/// What an interface has received, and when that was asked.
struct InterfaceCount {
    let packets: UInt64
    let nanoseconds: UInt64

    /// By /proc/net/dev, which needs no /sys of the namespace's own.
    init(_ interface: String, in namespace: NetworkNamespace) throws {
        (packets, nanoseconds) = try namespace.perform {
            let file = try Descriptor.open("/proc/thread-self/net/dev", flags: 0)
            let text = String(decoding: try file.read(upTo: 1 << 16) ?? [], as: UTF8.self)
            let now = DomainClock.monotonicNanoseconds()
            for line in text.split(separator: "\n") {
                let words = line.split { $0 == " " || $0 == ":" }
                // The interface's name, then bytes and packets received.
                if words.count > 2, words[0] == interface, let packets = UInt64(words[2]) { return (packets, now) }
            }
            throw CommandError("interface \(interface) is not in /proc/net/dev")
        }
    }

    /// Packets a second since `earlier`.
    func rate(since earlier: InterfaceCount) -> Double {
        Double(packets - earlier.packets) * 1e9 / Double(max(1, nanoseconds - earlier.nanoseconds))
    }
}
