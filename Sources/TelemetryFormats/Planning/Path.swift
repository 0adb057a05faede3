// SPDX-License-Identifier: Apache-2.0

/// The path of requests and replies, and the bytes that telemetry of a level adds on it.
public struct Path: Sendable, Hashable {
    /// Switches between client and server; a reply passes them again.
    public var hops: Int
    /// Bytes of a request or reply without telemetry, Ethernet header included.
    public var packetBytes: Int

    /// A path over `hops` switches, of packets of `packetBytes` bytes.
    public init(hops: Int, packetBytes: Int) {
        self.hops = hops
        self.packetBytes = packetBytes
    }

    /// Records in the longest frame: those of both paths, as far as a frame has room for them.
    public var mostRecords: Int { min(2 * hops, Shim.maximumCount) }

    /// Bytes of telemetry in the longest frame: a reply after its last switch.
    public func mostTelemetry(_ level: Level) -> Int {
        Shim.size + level.bytes(records: mostRecords) + level.hostBytes
    }

    /// Bytes of telemetry over bytes of the packets themselves, on the links between the first switch and the last one
    /// on the return path, if every request has telemetry: what a link carries more, on average.
    public func overhead(_ level: Level) -> Double {
        let out = (1...hops).map { Shim.size + level.bytes(records: min($0, Shim.maximumCount)) }
        // After the last switch the client's reply is plain again.
        let back = (0..<hops).map {
            Shim.size + level.bytes(records: min(hops + $0, Shim.maximumCount)) + level.hostBytes
        }
        return Double((out + back).reduce(0, +)) / Double(2 * hops * packetBytes)
    }
}

extension Level {
    /// Bytes of that many records in one frame.
    func bytes(records: Int) -> Int { self.records(ofHops: records) * recordSize }

    /// Bytes of the record that a host adds by default.
    var hostBytes: Int { HostRecord.extendedSize }
}
