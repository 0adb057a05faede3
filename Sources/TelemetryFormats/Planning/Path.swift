// SPDX-License-Identifier: Apache-2.0

/// The way that requests and replies take, and what telemetry of a level weighs on it.
public struct Path: Sendable, Hashable {
    /// Switches between client and server; a reply passes them again.
    public var hops: Int
    /// Bytes of a request or reply without telemetry, Ethernet header included.
    public var packetBytes: Int

    public init(hops: Int, packetBytes: Int) {
        self.hops = hops
        self.packetBytes = packetBytes
    }

    /// Records that the longest frame holds: those of both ways, as far as a frame takes them.
    public var mostRecords: Int { min(2 * hops, Shim.maximumCount) }

    /// Bytes of telemetry in the longest frame: a reply behind its last switch.
    public func mostTelemetry(_ level: Level) -> Int {
        Shim.size + level.bytes(records: mostRecords) + level.hostBytes
    }

    /// Bytes of telemetry over bytes of the packets themselves, on the links between the first switch and the last one
    /// on the way back, if every request is followed: what a link carries more, on average.
    public func overhead(_ level: Level) -> Double {
        let out = (1...hops).map { Shim.size + level.bytes(records: min($0, Shim.maximumCount)) }
        // Behind the last switch the client's reply is plain again.
        let back = (0..<hops).map {
            Shim.size + level.bytes(records: min(hops + $0, Shim.maximumCount)) + level.hostBytes
        }
        return Double((out + back).reduce(0, +)) / Double(2 * hops * packetBytes)
    }
}

extension Level {
    /// Bytes of that many records in one frame.
    func bytes(records: Int) -> Int { self.records(ofHops: records) * recordSize }

    /// Bytes of the record that a host adds unless it is told to keep to the reference.s.
    var hostBytes: Int { HostRecord.extendedSize }
}
