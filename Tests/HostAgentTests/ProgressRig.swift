// SPDX-License-Identifier: Apache-2.0

import BPF
import CHostPrograms
import Journeys
import Testing

@testable import HostAgent

/// A TCP connection whose replies are followed to their end, with what the programs report of them.
struct ProgressRig: ~Copyable {
    var stream: StreamRig
    private var ring: RingBuffer

    /// - Parameter isFollowed: whether an agent reads.
    init(isFollowed: Bool = true) throws {
        let stream = try StreamRig()
        let maps = stream.rig.programs.maps
        let ring = try RingBuffer(try maps.map("p4ni_requests").value)
        let until: UInt64 = isFollowed ? .max : 0
        try maps.map("p4ni_following").value.write(p4ni_following(until: until))
        self.stream = stream
        self.ring = ring
    }

    /// A segment of the client's without telemetry; without bytes, a mere acknowledgement.
    func acknowledge(
        _ acknowledged: UInt32, sending bytes: Range<UInt32> = 10..<10, flags: UInt8 = Segment.ack
    ) throws {
        var frame = stream.frame(0)
        frame.payload = [UInt8](repeating: 0xbb, count: bytes.count)
        frame.segment = Segment(
            sequence: stream.clientStart &+ bytes.lowerBound, acknowledged: stream.serverStart &+ acknowledged,
            flags: flags)
        #expect(try stream.rig.receive(frame.stripped) == (frame.stripped, [.xdpPlain: 1]))
    }

    /// What was reported since the last time.
    mutating func events() throws -> [ProgressEvent] {
        var events: [ProgressEvent] = []
        try ring.consume { if let event = ProgressEvent($0) { events.append(event) } }
        return events
    }
}
