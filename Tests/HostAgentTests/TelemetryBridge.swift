// SPDX-License-Identifier: Apache-2.0

import Addresses
import Glibc
import LinuxSystem
import Synchronization
import ThrowawayPlaces

@testable import HostAgent

/// A client and a server that are any programs, and between them a bridge in place of the switches: it puts telemetry
/// in front of every segment with payload that goes to the server, and takes it off what comes back.
///
/// Every request's record has a number of its own, so that each piece of telemetry that comes back names its request.
struct BridgedLab {
    let server: NetworkNamespace
    let bridge: NetworkNamespace
    let client: NetworkNamespace

    /// Room for telemetry above what TCP thinks a segment may have.
    static let mtu = 3000
    static let routeMTU = 1500

    static func with(_ body: (BridgedLab) throws -> Void) throws {
        try withNamespaces(3) { namespaces in
            let lab = BridgedLab(server: namespaces[0], bridge: namespaces[1], client: namespaces[2])
            try lab.connect(lab.server, "10.0.2.2", toward: "10.0.1.1", through: "toserver", last: 2)
            try lab.connect(lab.client, "10.0.1.1", toward: "10.0.2.2", through: "toclient", last: 1)
            try body(lab)
        }
    }

    private func connect(
        _ end: NetworkNamespace, _ address: String, toward peer: String, through name: String, last: Int
    ) throws {
        try ThrowawayPlaces.connect(
            VethEnd("eth0", in: end, address: MACAddress("02:00:00:00:00:0\(last)"), mtu: Self.mtu),
            VethEnd(name, in: bridge, address: MACAddress("02:00:00:00:01:0\(last)"), mtu: Self.mtu))
        var route = try RouteSession(in: end)
        guard let prefix = IPPrefix("\(address)/8"), let other = IPAddress(peer),
            let link = MACAddress("02:00:00:00:00:0\(3 - last)")
        else { return }
        try route.addAddress(prefix, to: "eth0")
        try route.setNeighbour(other, at: link, through: "eth0")
        try runTool("ip route change 10.0.0.0/8 dev eth0 mtu \(Self.routeMTU)", in: end)
        // TCP hands over segments, none of them a super-packet: those go out plain.
        try runTool("ip link set eth0 gso_max_segs 1", in: end)
    }

    @discardableResult
    func host<Result>(_ body: (TelemetryHost) throws -> Result) throws -> Result {
        try server.perform { try body(TelemetryHost(interface: "eth0")) }
    }
}

/// Runs a program, whose arguments have no blanks, to its end.
func runTool(_ line: String, in namespace: NetworkNamespace) throws {
    let request = SpawnRequest(line.split(separator: " ").map(String.init), in: namespace)
    guard try ChildProcess.spawn(request).wait()?.isSuccess == true else {
        throw SystemError(call: line, errno: .invalidArgument, object: namespace.name)
    }
}

/// A request that was given telemetry, and where that came back.
struct TaggedRequest: Sendable {
    let clientPort: UInt16
    /// Sequence number of the byte after its last.
    let end: UInt32
    let payload: Int
    let tagged: UInt64
    var answers: [TaggedAnswer] = []
}

struct TaggedAnswer: Sendable {
    let acknowledged: UInt32
    let sequence: UInt32
    let payload: Int
    let seen: UInt64
    /// What the host record says, in nanoseconds.
    let hostTime: UInt64
}

/// Forwards between its two interfaces until it is stopped.
struct TelemetryBridge: ~Copyable {
    static let recordSize = 36
    /// The extended host record's: docs/reference/wire-format.md. Its total is 24 bytes from its start.
    static let hostRecordSize = 60

    private var client: PacketRing
    private var server: PacketRing
    private var requests: [TaggedRequest] = []
    /// Telemetry that came back and names no request, or not in the form it should have.
    private var strange = 0

    init(_ lab: BridgedLab) throws {
        let toClient = try lab.bridge.perform { try PacketRing(interface: "toclient") }
        let toServer = try lab.bridge.perform { try PacketRing(interface: "toserver") }
        client = toClient
        server = toServer
    }

    struct Outcome: Sendable {
        var requests: [TaggedRequest]
        var strange: Int
    }

    /// Runs `body` while frames are forwarded.
    static func with(_ lab: BridgedLab, _ body: () throws -> Void) throws -> Outcome {
        let stopping = StopFlag()
        let bridge = try BackgroundThread { try TelemetryBridge(lab).run(until: stopping) }
        let result = Result { try body() }
        stopping.isSet.store(true, ordering: .relaxed)
        let outcome = try bridge.join()
        try result.get()
        return outcome
    }

    consuming func run(until stopping: StopFlag) throws -> Outcome {
        while !stopping.isSet.load(ordering: .relaxed) {
            var waiting = [
                pollfd(fd: client.number, events: Int16(POLLIN), revents: 0),
                pollfd(fd: server.number, events: Int16(POLLIN), revents: 0),
            ]
            unsafe poll(&waiting, 2, 20)
            var frames: [[UInt8]] = []
            _ = client.receive(limit: 64) { bytes, _ in frames.append(bytes.bytes) }
            for frame in frames {
                let tagged = tag(frame)
                Self.send(tagged, to: &server)
            }
            frames = []
            _ = server.receive(limit: 64) { bytes, _ in frames.append(bytes.bytes) }
            for frame in frames {
                let plain = untag(frame)
                Self.send(plain, to: &client)
            }
        }
        return Outcome(requests: requests, strange: strange)
    }

    private static func send(_ frame: [UInt8], to ring: inout PacketRing) {
        while !ring.stage(frame.span) { _ = ring.flush() }
        _ = ring.flush()
    }

    private mutating func tag(_ frame: [UInt8]) -> [UInt8] {
        guard let segment = SeenSegment(frame, at: 14), segment.payload > 0 else { return frame }
        var record = big(UInt32(requests.count)) + [UInt8](repeating: 0x5a, count: Self.recordSize - 6)
        record += big(UInt16(0x0800))
        requests.append(
            TaggedRequest(
                clientPort: segment.sourcePort, end: segment.sequence &+ UInt32(segment.payload),
                payload: segment.payload, tagged: Self.now()))
        return frame[..<12] + big(UInt16(0x1212)) + [2, 0, 0, 1] + record + frame[14...]
    }

    private mutating func untag(_ frame: [UInt8]) -> [UInt8] {
        guard number(frame[12..<14]) == 0x1212 else { return frame }
        let seen = Self.now()
        let host = 14 + 4 + Self.recordSize
        let packet = host + Self.hostRecordSize
        let id = Int(number(frame[18..<22]))
        let isAsItShould =
            Array(frame[14..<18]) == [2, 0x80, 1, 1] && number(frame[host - 2..<host]) == 0x1216
            && frame[22..<host - 2].allSatisfy { $0 == 0x5a } && number(frame[packet - 2..<packet]) == 0x0800
        if isAsItShould, id < requests.count, let segment = SeenSegment(frame, at: packet),
            segment.destinationPort == requests[id].clientPort
        {
            requests[id].answers.append(
                TaggedAnswer(
                    acknowledged: segment.acknowledged, sequence: segment.sequence, payload: segment.payload,
                    seen: seen,
                    hostTime: number(frame[host + 24..<host + 32])))
        } else {
            strange += 1
        }
        return frame[..<12] + big(UInt16(0x0800)) + frame[packet...]
    }

    private static func now() -> UInt64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}

final class StopFlag: Sendable {
    let isSet = Atomic(false)
}

/// The numbers of a TCP segment over IPv4.
private struct SeenSegment {
    let sourcePort: UInt16
    let destinationPort: UInt16
    let sequence: UInt32
    let acknowledged: UInt32
    let payload: Int

    /// - Parameter start: of the IP header. nil for what is not TCP.
    init?(_ frame: [UInt8], at start: Int) {
        guard frame.count >= start + 40, frame[start] == 0x45, frame[start + 9] == 6 else { return nil }
        let tcp = start + 20
        sourcePort = UInt16(number(frame[tcp..<tcp + 2]))
        destinationPort = UInt16(number(frame[tcp + 2..<tcp + 4]))
        sequence = UInt32(number(frame[tcp + 4..<tcp + 8]))
        acknowledged = UInt32(number(frame[tcp + 8..<tcp + 12]))
        payload = Int(number(frame[start + 2..<start + 4])) - 20 - Int(frame[tcp + 12] >> 4) * 4
    }
}
