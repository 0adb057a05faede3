// SPDX-License-Identifier: Apache-2.0

import Addresses
import AnnotatedHex
import Journeys
import TelemetryFormats
import Wire

/// What the bytes read as, in this project's format.
func decoded(_ bytes: [UInt8]) -> FrameReading { TelemetryFrame.decode(bytes.span) }

/// What the bytes read as, in whichever format.
func decoded(_ bytes: [UInt8], referenceLevel: Level?) -> DecodedFrame {
    TelemetryDecoder(referenceLevel: referenceLevel).decode(bytes.span)
}

/// Frames spelt byte by byte, and what they must read as.
enum GoldenFrames {
    /// Of a reply: 10.0.2.2:1234 to 10.0.1.1:50000, request id 0xdeadbeef.
    static let reply = """
        45 00 00 20 00 00 40 00    // IPv4, 32 bytes, don't fragment
        40 11 23 cb                // TTL 64, UDP, checksum
        0a000202 0a000101          // 10.0.2.2 to 10.0.1.1
        04d2 c350 000c 8313        // port 1234 to 50000, length 12, checksum
        deadbeef                   // request id

        """
    static let ethernet = """
        080000000111 080000000100  // destination, source

        """
    static let inner = InnerPacket(
        flow: Flow(
            source: .v4(IPv4Address(rawValue: 0x0A00_0202)), destination: .v4(IPv4Address(rawValue: 0x0A00_0101)),
            ports: Flow.Ports(source: 1234, destination: 50000)),
        requestID: 0xDEAD_BEEF)

    static func frame(
        _ level: Level, flags: Shim.Flags = [], forward: UInt8 = 0, tags: [VLANTag] = [], hops: [HopMeasurement],
        source: SourceMeasurement? = nil, host: HostMeasurement? = nil
    ) -> TelemetryFrame {
        TelemetryFrame(
            destination: MACAddress(rawValue: 0x0800_0000_0111), source: MACAddress(rawValue: 0x0800_0000_0100),
            tags: tags, level: level, flags: flags, forward: forward, hops: hops, sourceRecord: source, host: host,
            inner: inner)
    }

    static func frameInReferenceFormat(
        _ level: Level, hops: [HopMeasurement], host: HostMeasurement? = nil
    ) -> ReferenceFrame {
        ReferenceFrame(
            destination: MACAddress(rawValue: 0x0800_0000_0111), source: MACAddress(rawValue: 0x0800_0000_0100),
            level: level, hops: hops, host: host, inner: inner)
    }

    /// Level 1, a reply with host record, with the deepest queue that 19 bits hold.
    static let minimal = bytes(
        ethernet + """
            1212                       // shim follows
            01 c0 01 02                // level 1, flags H and M, 1 on the way out, 2 records
            00000001 000020 1213       // s1, queue depth 1, a record follows
            00000001 ffffe0 1214       // s1, queue depth 524287, host record follows
            0000000000000007           // 7th request of this host
            00000000000dbba0 0800      // 900000 ns in the host, IPv4 follows

            """ + reply)
    static let minimalFrame = frame(
        .minimal, flags: .noRoom, forward: 1,
        hops: [
            HopMeasurement(switchID: 1, enqueueDepth: .exact(1)),
            HopMeasurement(switchID: 1, enqueueDepth: .exact(524_287)),
        ],
        host: HostMeasurement(ordinal: 7, duration: 900_000))

    /// Level 1, a reply with an extended host record: all was measured except the run queue.
    static let extended = bytes(
        ethernet + """
            1212                       // shim follows
            01 80 01 02                // level 1, flag H, 1 on the way out, 2 records
            00000001 000020 1213       // s1, queue depth 1, a record follows
            00000001 000040 1216       // s1, queue depth 2, extended host record follows
            c0a80102 006f 0003         // host 192.168.1.2, all measured but run_queue, processor 3
            0000000000000007           // 7th request of this host
            18c4a80f3f6d2c1b           // arrival
            00000000000dbba0           // 900000 ns in the host
            000003e8 0000c350          // 1000 ns to the queue, 50000 to the application
            000c3500 0000bb80          // 800000 in it, 48000 to egress
            00000000 00000002          // run queue not measured, 2 datagrams in front
            0001 0800                  // 1 retransmit, IPv4 follows

            """ + reply)
    static let extendedFrame = frame(
        .minimal, forward: 1,
        hops: [
            HopMeasurement(switchID: 1, enqueueDepth: .exact(1)),
            HopMeasurement(switchID: 1, enqueueDepth: .exact(2)),
        ],
        host: HostMeasurement(
            ordinal: 7, duration: 900_000,
            details: {
                var details = HostDetails(hostID: 0xC0A8_0102, processor: 3, arrival: 0x18C4_A80F_3F6D_2C1B)
                details.stages.kernelIn = 1000
                details.stages.socketWait = 50_000
                details.stages.application = 800_000
                details.stages.kernelOut = 48_000
                details.queueDepth = 2
                details.retransmits = 1
                return details
            }()))

    /// Level 2, one way, after two VLAN tags.
    static let standard = bytes(
        ethernet + """
            88a8 0064 8100 2065 1212   // VLAN 100, then priority 1 VLAN 101, shim follows
            02 00 00 01                // level 2, no flags, 1 record
            00000003                   // s3
            008084488cd1000028000009600002 // port 1 to 2, enqueued at 0x11223344, depth 5, 300 us, depth 2
            000011223000               // ingress time
            000011223470               // egress time
            000000 0800                // reserved, IPv4 follows

            """ + reply)
    static let standardFrame = frame(
        .standard,
        tags: [VLANTag(vlan: 100, etherType: .vlan), VLANTag(priority: 1, vlan: 101, etherType: .telemetryShim)],
        hops: [timed(3)])

    /// Level 3, one record.
    static let full = bytes(ethernet + "1212 03000001" + fullRecord)
    static let fullFrame = frame(.full, hops: [fullHop])

    /// The same record in the reference format.
    static let reference = bytes(ethernet + "1212 00000001" + fullRecord)
    static let referenceFrame = frameInReferenceFormat(.full, hops: [fullHop])

    private static let fullRecord = """
        00000003                   // s3
        008084488cd1000028000009600002 // port 1 to 2, enqueued at 0x11223344, depth 5, 300 us, depth 2
        000011223000               // ingress time
        000011223470               // egress time
        00000000000005dc           // 1500 bytes
        0000000000000470           // 1136 us in the switch
        0000000000000000           // reserved
        0000000000000063           // 99 packets since
        ffffffffffff               // time of the last telemetry
        00 0800                    // reserved, IPv4 follows

        """ + reply
    private static let fullHop = timed(3) {
        $0.packetLength = .exact(1500)
        $0.latency = .exact(1_136_000)
        $0.packetsSinceLast = 99
        $0.lastTelemetryTime = .microseconds(0xFFFF_FFFF_FFFF)
    }

    /// Level 4, one way, hop limit reached.
    static let discretized = bytes(
        ethernet + """
            1212                       // shim follows
            04 10 00 01                // level 4, flag E, 1 record
            ff                         // s255
            008084488cd120000012c7     // port 1 to 2, enqueued at 0x11223344, high, 300 us, low, critical
            000000000470               // 1136 us in the switch
            0000000000000000           // reserved
            0000000000000000           // reserved
            010203040506               // time of the last telemetry
            00 0800                    // reserved, IPv4 follows

            """ + reply)
    static let discretizedFrame = frame(
        .discretized, flags: .hopLimit,
        hops: [
            {
                var record = HopMeasurement(switchID: 255, enqueueDepth: .classified(.high))
                record.ingressPort = 1
                record.egressPort = 2
                record.enqueueTime = .microseconds(0x1122_3344, width: 32)
                record.queueTime = .exact(300_000)
                record.dequeueDepth = .classified(.low)
                record.packetLength = .classified(.critical)
                record.latency = .exact(1_136_000)
                record.lastTelemetryTime = .microseconds(0x0102_0304_0506)
                return record
            }()
        ])

    /// Level 1, begun by the client's host, one record and the server's after it.
    static let begun = bytes(
        ethernet + """
            1212                       // shim follows
            01 88 01 01                // level 1, flags H and S, 1 on the way out, 1 record
            00000001 000020 1217       // s1, queue depth 1, source record follows
            0000002a 00000009          // host 42, its flow's 9th
            0102030405060708           // when it left
            00000008 1214              // 8 have arrived; host record follows
            0000000000000007           // 7th request of this host
            00000000000dbba0 0800      // 900000 ns in the host, IPv4 follows

            """ + reply)
    static let begunFrame = frame(
        .minimal, forward: 1, hops: [HopMeasurement(switchID: 1, enqueueDepth: .exact(1))],
        source: SourceMeasurement(host: 42, sequence: 9, sent: 0x0102_0304_0506_0708, received: 8),
        host: HostMeasurement(ordinal: 7, duration: 900_000))

    /// Level 2, as the client's host sends it: no record yet.
    static let fresh = bytes(
        ethernet + """
            1212                       // shim follows
            02 08 00 00                // level 2, flag S, no record
            0000002a ffffffff          // host 42, its flow's last before the number wraps
            0102030405060708           // when it left
            00000000 0800              // not reported; IPv4 follows

            """ + reply)
    static let freshFrame = frame(
        .standard, hops: [], source: SourceMeasurement(host: 42, sequence: .max, sent: 0x0102_0304_0506_0708))

    static let all: [(name: String, bytes: [UInt8], frame: TelemetryFrame)] = [
        ("minimal", minimal, minimalFrame), ("standard", standard, standardFrame), ("full", full, fullFrame),
        ("discretized", discretized, discretizedFrame), ("begun", begun, begunFrame), ("fresh", fresh, freshFrame),
        ("compact", compact, compactFrame),
        ("constant", constant, constantFrame),
        ("extended host record", extended, extendedFrame),
    ]

    private static func timed(_ id: SwitchID, _ more: (inout HopMeasurement) -> Void = { _ in }) -> HopMeasurement {
        var record = HopMeasurement(switchID: id, enqueueDepth: .exact(5))
        record.ingressPort = 1
        record.egressPort = 2
        record.enqueueTime = .microseconds(0x1122_3344, width: 32)
        record.queueTime = .exact(300_000)
        record.dequeueDepth = .exact(2)
        record.ingressTime = .microseconds(0x1122_3000)
        record.egressTime = .microseconds(0x1122_3470)
        more(&record)
        return record
    }
}
