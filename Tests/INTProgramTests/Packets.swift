// SPDX-License-Identifier: Apache-2.0

import Telemetry
import Testing
import Wire

/// The packets of the tests: requests from 10.0.1.1 to 10.0.2.2 and their replies.
enum Packets {
    static let client = MACAddress(rawValue: 0x0800_0000_0111)
    static let server = MACAddress(rawValue: 0x0800_0000_0222)
    static let router = MACAddress(rawValue: 0x0800_0000_0100)
    static let requestID: UInt32 = 0xCAFE_0001
    static let payload = Array("unchanged".utf8)

    static let flow = Flow(
        source: .v4(IPv4Address(rawValue: 0x0A00_0101)), destination: .v4(IPv4Address(rawValue: 0x0A00_0202)),
        ports: Flow.Ports(source: Port(rawValue: 40_000), destination: Port(rawValue: 1234)))

    static func request(payload: [UInt8] = payload) -> [UInt8] {
        plain(InnerPacket(flow: flow, requestID: requestID), payload)
    }

    static func reply(payload: [UInt8] = payload) -> [UInt8] {
        plain(InnerPacket(flow: flow.reversed, requestID: requestID), payload)
    }

    static func plain(_ inner: InnerPacket, _ payload: [UInt8]) -> [UInt8] {
        var writer = PacketWriter(reserving: 128)
        EthernetHeader(destination: router, source: client, etherType: .ipv4).write(into: &writer)
        inner.write(payload: payload, into: &writer)
        return writer.bytes
    }

    /// A request that carries `count` records, by switches 101, 102, … of which the last is the newest.
    static func request(
        carrying count: Int, level: Level, isReference: Bool = false, payload: [UInt8] = payload
    ) -> [UInt8] {
        let hops = (1...count).reversed().map { number in
            HopRecord(
                switchID: SwitchID(rawValue: UInt32(100 + number)),
                enqueueDepth: level == .discretized ? .classified(.idle) : .exact(0))
        }
        return TelemetryFrame(
            destination: router, source: client, level: level, isReference: isReference, hops: hops,
            inner: InnerPacket(flow: flow, requestID: requestID)
        ).encoded(payload: payload)
    }

    /// What the server's host does to a frame that arrives with telemetry: turns the packet round, sets `forward` and adds
    /// its record.
    static func turned(_ bytes: [UInt8], host: HostRecord) throws -> [UInt8] {
        let frame = try telemetry(bytes)
        return TelemetryFrame(
            destination: router, source: server, level: frame.level, isReference: frame.shim.isReference,
            flags: frame.shim.flags, forward: UInt8(frame.hops.count), hops: frame.hops, host: host,
            inner: InnerPacket(flow: frame.inner.flow.reversed, requestID: frame.inner.requestID)
        ).encoded(payload: payload)
    }

    static func telemetry(_ bytes: [UInt8], level: Level? = nil) throws -> TelemetryFrame {
        let decoded = TelemetryFrame.decode(bytes.span, configuredLevel: level)
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
}
