// SPDX-License-Identifier: Apache-2.0

internal import Journeys

/// Bytes of telemetry on links, relative to the packets that carried it.
///
/// A report says how many records its packet had on each link: one more after each hop. The packet counts on every link
/// with the length that it had when it was captured, and the host's record on every link of the return path.
public struct Overhead: Sendable, Hashable {
    /// Packets at one place of the path, all after the same number of hops.
    public struct Packets: Sendable, Hashable {
        /// How many packets.
        public private(set) var count = 0
        /// Bytes of telemetry in all of them.
        public private(set) var bytes = 0
        /// Hops before this place, of the last packet.
        public private(set) var hops = 0

        /// Bytes of telemetry per packet, on average; 0 without a packet.
        public var meanBytes: Double { count == 0 ? 0 : Double(bytes) / Double(count) }

        fileprivate mutating func add(_ bytes: Int, afterHops hops: Int) {
            count += 1
            self.bytes += bytes
            self.hops = hops
        }
    }

    /// Bytes of telemetry, summed over all links between switches that the journeys' packets crossed.
    public private(set) var telemetryBytes: UInt64 = 0
    /// Bytes of the packets themselves, summed in the same way.
    public private(set) var packetBytes: UInt64 = 0
    /// Packets that crossed a link between switches.
    public private(set) var linkTraversals: UInt64 = 0
    /// Requests as the server receives them.
    public private(set) var requests = Packets()
    /// Replies, or unanswered requests, as the sink reports them.
    public private(set) var replies = Packets()

    init() {}

    /// Bytes of telemetry of a packet on a link, on average; nil before the first.
    public var bytesPerTraversal: Double? {
        linkTraversals == 0 ? nil : Double(telemetryBytes) / Double(linkTraversals)
    }

    /// Bytes of telemetry over bytes of packets; nil before the first.
    public var share: Double? { packetBytes == 0 ? nil : Double(telemetryBytes) / Double(packetBytes) }

    mutating func record(_ report: JourneyReport) {
        let size = report.telemetry
        replies.add(size.total, afterHops: report.hopsMet)
        guard let out = report.requestHopsMet else { return }
        requests.add(size.bytes(afterHops: out, onReturnPath: false), afterHops: out)
        guard let packet = report.packetLength, packet > 0 else { return }
        for hops in 1...max(report.hopsMet, 1) where hops <= out {
            add(size.bytes(afterHops: hops, onReturnPath: false), packet)
        }
        // After the last hop, the sink, the packet is plain again.
        guard out < report.hopsMet else { return }
        for hops in out..<report.hopsMet { add(size.bytes(afterHops: hops, onReturnPath: true), packet) }
    }

    private mutating func add(_ telemetry: Int, _ packet: Int) {
        telemetryBytes += UInt64(telemetry)
        packetBytes += UInt64(packet)
        linkTraversals += 1
    }
}
