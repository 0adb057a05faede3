// SPDX-License-Identifier: Apache-2.0

import Addresses
import Glibc
import LinuxSystem
import Synchronization
import ThrowawayPlaces

/// Two hosts on a cable that a thread of ours carries frame by frame: all frames, or all but chosen ones with
/// telemetry.
final class DroppingBridge: Sendable {
    let client: NetworkNamespace
    let server: NetworkNamespace
    private let middle: NetworkNamespace
    /// One in this many frames with telemetry is dropped, in either direction; 0 drops none. Never one of the first or
    /// last few.
    private let period: Int
    private let stopping = Atomic(false)
    let droppedRequests = Atomic(0)
    let droppedReplies = Atomic(0)
    let requests = Atomic(0)
    let replies = Atomic(0)

    static func with(dropping period: Int = 0, _ body: (DroppingBridge) throws -> Void) throws {
        try withNamespaces(3) { namespaces in
            let bridge = try DroppingBridge(namespaces, period)
            let worker = try BackgroundThread { try bridge.carry() }
            let outcome = Result { try body(bridge) }
            bridge.stopping.store(true, ordering: .relaxed)
            try worker.join()
            try outcome.get()
        }
    }

    private init(_ namespaces: [NetworkNamespace], _ period: Int) throws {
        (client, server, middle) = (namespaces[0], namespaces[1], namespaces[2])
        self.period = period
        let addresses = [MACAddress("02:00:00:00:01:01"), MACAddress("02:00:00:00:01:02")]
        for (index, host) in [client, server].enumerated() {
            try connect(
                VethEnd("eth0", in: host, address: addresses[index], mtu: 1600),
                VethEnd("p\(index)", in: middle, mtu: 1600))
            try host.perform {
                try Descriptor.open("/proc/sys/net/ipv6/conf/eth0/disable_ipv6", flags: O_WRONLY).write(Array("0".utf8))
            }
            try Self.run(["ip", "addr", "add", "10.9.0.\(index + 1)/24", "dev", "eth0"], in: host)
            try Self.run(["ip", "addr", "add", "fd09::\(index + 1)/64", "dev", "eth0", "nodad"], in: host)
            // Room for telemetry in front of a full packet.
            for prefix in ["10.9.0.0/24", "fd09::/64"] {
                try Self.run(["ip", "route", "replace", prefix, "dev", "eth0", "metric", "1", "mtu", "1400"], in: host)
            }
        }
    }

    private static func run(_ arguments: [String], in namespace: NetworkNamespace) throws {
        let child = try ChildProcess.spawn(SpawnRequest(arguments, in: namespace))
        guard let status = try child.wait(milliseconds: 10_000), status.code == 0 else {
            throw Binary.Failure("\(arguments.joined(separator: " ")) failed")
        }
    }

    private func carry() throws {
        var near = try middle.perform { try PacketRing(interface: "p0") }
        var far = try middle.perform { try PacketRing(interface: "p1") }
        var seen = [0, 0]
        while !stopping.load(ordering: .relaxed) {
            carry(0, from: &near, to: &far, &seen)
            carry(1, from: &far, to: &near, &seen)
            usleep(200)
        }
    }

    private func carry(_ side: Int, from: inout PacketRing, to: inout PacketRing, _ seen: inout [Int]) {
        var frames: [[UInt8]] = []
        _ = from.receive(limit: 64) { bytes, _ in frames.append(bytes.indices.map { bytes[$0] }) }
        for frame in frames where !isDropped(frame, side, &seen) {
            while !to.stage(frame.span) { _ = to.flush() }
        }
        _ = to.flush()
    }

    private func isDropped(_ frame: [UInt8], _ from: Int, _ seen: inout [Int]) -> Bool {
        guard frame.count > 14, frame[12] == 0x12, frame[13] == 0x12 else { return false }
        seen[from] += 1
        if from == 0 { requests.add(1, ordering: .relaxed) } else { replies.add(1, ordering: .relaxed) }
        // Offset so that requests and replies do not fall on the same numbers.
        guard period > 0, seen[from] % period == (from == 0 ? 3 : 5) % period, seen[from] < 150 else { return false }
        if from == 0 { droppedRequests.add(1, ordering: .relaxed) } else { droppedReplies.add(1, ordering: .relaxed) }
        return true
    }
}
