// SPDX-License-Identifier: Apache-2.0

public import Addresses
public import Journeys
internal import Wire

/// A request as it arrived at a host: whose it is, and its telemetry as the frame had it.
public struct RequestTelemetry: Sendable, Hashable {
    /// In the request's direction, UDP or TCP with ports, both addresses of one family.
    public var flow: Flow
    /// The first 4 bytes of the payload; nil if it is shorter.
    public var requestID: UInt32?
    /// Shim, hop records and source record; empty if they are not known.
    public var bytes: [UInt8]

    /// - Returns: nil if the flow is not one of UDP or TCP between two addresses of one family.
    public init?(_ flow: Flow, requestID: UInt32?, bytes: [UInt8]) {
        guard flow.ports != nil, flow.ipProtocol == .udp || flow.ipProtocol == .tcp,
            flow.source.isIPv6 == flow.destination.isIPv6
        else { return nil }
        self.flow = flow
        self.requestID = requestID
        self.bytes = bytes
    }

    /// The request as measurements, decoded as a frame would be. Without hops if the telemetry is missing, or anything but
    /// that of a request.
    public func report(by decoder: TelemetryDecoder = TelemetryDecoder()) -> JourneyReport {
        var report = decodedReport(by: decoder) ?? bareReport
        report.flow = flow
        report.requestID = requestID
        // The frame's own bytes are not known.
        report.segment = nil
        report.packetLength = nil
        return report
    }

    private func decodedReport(by decoder: TelemetryDecoder) -> JourneyReport? {
        guard !bytes.isEmpty else { return nil }
        var writer = PacketWriter(reserving: 128 + bytes.count)
        let nobody = MACAddress(rawValue: 0)
        EthernetHeader(destination: nobody, source: nobody, etherType: .telemetryShim).write(into: &writer)
        writer.append(bytes)
        InnerPacket(flow: flow, requestID: requestID).write(into: &writer)
        guard case .journey(let report) = decoder.decode(writer.bytes.span), report.host == nil,
            report.telemetry.total == bytes.count, report.requestHopsMet == report.hopsMet
        else { return nil }
        return report
    }

    private var bareReport: JourneyReport {
        JourneyReport(
            flow: flow, hops: [], requestHopCount: 0,
            encoding: TelemetryEncoding(format: InBandFormat.name, variant: 0),
            telemetry: TelemetrySize(header: 0, record: 0, records: 0))
    }
}

extension RequestTelemetry {
    private static let requestIDFlag: UInt8 = 0x01

    /// Addresses as IPv6 ones, those of IPv4 mapped.
    var encoded: [UInt8] {
        var writer = PacketWriter(reserving: 44 + bytes.count)
        writer.uint128(flow.source.mappedNumber)
        writer.uint128(flow.destination.mappedNumber)
        writer.uint16(flow.ports?.source.rawValue ?? 0)
        writer.uint16(flow.ports?.destination.rawValue ?? 0)
        writer.uint8(flow.ipProtocol.rawValue)
        writer.uint8(requestID == nil ? 0 : Self.requestIDFlag)
        writer.uint16(0)
        writer.uint32(requestID ?? 0)
        writer.append(bytes)
        return writer.bytes
    }

    /// Reads to the end; nil if it is cut off, or its flow is not one of UDP or TCP.
    init?(parsing cursor: inout PacketCursor) {
        guard let source = try? cursor.uint128(), let destination = try? cursor.uint128(),
            let sourcePort = try? cursor.uint16(), let destinationPort = try? cursor.uint16(),
            let transport = try? cursor.uint8(), let flags = try? cursor.uint8(), (try? cursor.skip(2)) != nil,
            let id = try? cursor.uint32(), let bytes = try? cursor.array(cursor.remaining)
        else { return nil }
        let ports = Flow.Ports(source: Port(rawValue: sourcePort), destination: Port(rawValue: destinationPort))
        let flow = Flow(
            source: IPAddress(unmapping: source), destination: IPAddress(unmapping: destination),
            ipProtocol: IPProtocol(rawValue: transport), ports: ports)
        self.init(flow, requestID: flags & Self.requestIDFlag == 0 ? nil : id, bytes: bytes)
    }
}
