// SPDX-License-Identifier: Apache-2.0

import Addresses
import Journeys
import TelemetryFormats
import Testing
import Wire

/// What a request travels in.
enum Traffic: CaseIterable {
    case udp4, udp6, tcp4, tcp6

    var isIPv6: Bool { self == .udp6 || self == .tcp6 }
    var isTCP: Bool { self == .tcp4 || self == .tcp6 }
    var internetSize: Int { isIPv6 ? 40 : 20 }
    var transportSize: Int { isTCP ? 20 : 8 }
    var etherType: EtherType { isIPv6 ? .ipv6 : .ipv4 }

    /// From client to server.
    var flow: Flow {
        let server = UInt128(0xFD00_0002) << 96 | 2
        let client = UInt128(0xFD00_0001) << 96 | 1
        return Flow(
            source: isIPv6 ? .v6(IPv6Address(rawValue: client)) : .v4(IPv4Address(rawValue: 0x0A00_0101)),
            destination: isIPv6 ? .v6(IPv6Address(rawValue: server)) : .v4(IPv4Address(rawValue: 0x0A00_0202)),
            ipProtocol: isTCP ? .tcp : .udp,
            ports: Flow.Ports(source: Port(rawValue: 40_000), destination: Port(rawValue: 1234)))
    }

    func request(id: UInt32 = Packets.requestID, payload: Int = Packets.payload.count) -> InnerPacket {
        let segment = TCPSegment(sequence: 0xFFFF_FFF0, acknowledgement: 77, length: 4 + payload)
        return InnerPacket(flow: flow, requestID: id, segment: isTCP ? segment : nil)
    }

    func reply(id: UInt32 = Packets.requestID, payload: Int = Packets.payload.count) -> InnerPacket {
        let asked = request(id: id, payload: payload)
        let segment = asked.segment.map {
            TCPSegment(sequence: $0.acknowledgement, acknowledgement: $0.end, length: $0.length)
        }
        return InnerPacket(flow: flow.reversed, requestID: id, segment: segment)
    }
}

/// The packets of the tests: requests from 10.0.1.1 or fd00:1::1 to 10.0.2.2 or fd00:2::2, and their replies.
enum Packets {
    static let client = MACAddress(rawValue: 0x0800_0000_0111)
    static let server = MACAddress(rawValue: 0x0800_0000_0222)
    static let router = MACAddress(rawValue: 0x0800_0000_0100)
    static let requestID: UInt32 = 0xCAFE_0001
    static let payload = Array("unchanged".utf8)

    static let flow = Traffic.udp4.flow

    static func request(_ traffic: Traffic = .udp4, payload: [UInt8] = payload) -> [UInt8] {
        plain(traffic.request(payload: payload.count), payload)
    }

    static func reply(_ traffic: Traffic = .udp4, payload: [UInt8] = payload) -> [UInt8] {
        plain(traffic.reply(payload: payload.count), payload)
    }

    static func plain(_ inner: InnerPacket, _ payload: [UInt8]) -> [UInt8] {
        var writer = PacketWriter(reserving: 128)
        EthernetHeader(destination: router, source: client, etherType: inner.etherType).write(into: &writer)
        inner.write(payload: payload, into: &writer)
        return writer.bytes
    }

    /// A request that carries `count` records, by switches 101, 102, …; the last is the newest.
    static func request(
        carrying count: Int, level: Level, source: SourceMeasurement? = nil, traffic: Traffic = .udp4,
        payload: [UInt8] = payload
    ) -> [UInt8] {
        TelemetryFrame(
            destination: router, source: client, level: level, hops: hops(count, level), sourceRecord: source,
            inner: traffic.request(payload: payload.count)
        ).encoded(payload: payload)
    }

    /// The same in the reference format.
    static func referenceRequest(carrying count: Int, level: Level) -> [UInt8] {
        ReferenceFrame(
            destination: router, source: client, level: level, hops: hops(count, level),
            inner: Traffic.udp4.request()
        ).encoded(payload: payload)
    }

    private static func hops(_ count: Int, _ level: Level) -> [HopMeasurement] {
        (0..<count).reversed().map { number in
            HopMeasurement(
                switchID: SwitchID(rawValue: UInt32(101 + number)),
                enqueueDepth: level == .discretized ? .classified(.idle) : .exact(0))
        }
    }

    /// What the server's host does to a frame that arrives with telemetry: turns the packet round, sets `forward` and
    /// adds its record.
    static func turned(_ bytes: [UInt8], host: HostMeasurement, traffic: Traffic = .udp4) throws -> [UInt8] {
        let frame = try telemetry(bytes)
        var host = host
        // Without next_proto only an extended record can be announced.
        if !frame.level.isChained { host.details = HostDetails(hostID: 1, arrival: 0) }
        return TelemetryFrame(
            destination: router, source: server, level: frame.level, flags: frame.shim.flags,
            forward: frame.shim.count, hops: frame.hops, hopsMet: Int(frame.shim.count),
            sourceRecord: frame.sourceRecord, host: host, inner: traffic.reply()
        ).encoded(payload: payload)
    }

    static func telemetry(_ bytes: [UInt8]) throws -> TelemetryFrame {
        let decoded = TelemetryFrame.decode(bytes.span)
        guard case .telemetry(let frame) = decoded else {
            Issue.record("not a telemetry frame: \(decoded)")
            throw NotTelemetry()
        }
        return frame
    }

    struct NotTelemetry: Error {}

    /// The IPv4 packet of an untagged frame without telemetry, its header checksum verified.
    static func internet(_ bytes: [UInt8]) throws -> (header: IPv4Header, payload: [UInt8]) {
        var cursor = PacketCursor(bytes.span)
        let ethernet = try EthernetHeader(parsing: &cursor)
        #expect(ethernet.etherType == .ipv4)
        let header = try IPv4Header(parsing: &cursor)
        #expect(header.checksum == header.rightChecksum)
        return (header, Array(bytes.dropFirst(EthernetHeader.size + header.size)))
    }

    /// The packet after Ethernet as the receiver would check it: `sent`'s except for what `hops` routers change.
    static func expectRouted(_ bytes: [UInt8], from sent: [UInt8], hops: Int, _ traffic: Traffic) throws {
        var expected = sent
        expected.replaceSubrange(0..<12, with: bytes[0..<12])
        if traffic.isIPv6 {
            expected[14 + 7] -= UInt8(hops)
        } else {
            let header = try internet(bytes).header
            expected[14 + 8] -= UInt8(hops)
            expected[14 + 10] = UInt8(header.checksum >> 8)
            expected[14 + 11] = UInt8(header.checksum & 0xFF)
        }
        #expect(bytes == expected)
        #expect(transportSum(bytes, traffic) == 0)
    }

    /// What a receiver computes over pseudo-header, transport header and data: 0 if the checksum is right.
    private static func transportSum(_ bytes: [UInt8], _ traffic: Traffic) -> UInt16 {
        let addresses = traffic.isIPv6 ? (14 + 8)..<(14 + 40) : (14 + 12)..<(14 + 20)
        let data = Array(bytes[(14 + traffic.internetSize)...])
        var sum = InternetChecksum()
        sum.add(Array(bytes[addresses]).span)
        sum.add(UInt16(traffic.isTCP ? 6 : 17))
        sum.add(UInt16(data.count))
        sum.add(data.span)
        return sum.value
    }
}

extension Level {
    /// Those whose records say what follows them.
    static var chained: [Level] { allCases.filter(\.isChained) }
}
