// SPDX-License-Identifier: Apache-2.0

import Addresses
internal import Journeys
public import Wire

extension InnerPacket {
    /// IPv4 or IPv6, by the flow's addresses.
    public var etherType: EtherType {
        if case .v6 = flow.source { .ipv6 } else { .ipv4 }
    }

    /// Writes a complete UDP datagram or TCP segment with correct checksums: the request id, if there is one, then
    /// `payload`.
    ///
    /// For generators and tests: both addresses must be of one family, and the flow UDP or TCP with ports. A segment
    /// without numbers gets zeros; `segment.length` is ignored.
    public func write(payload: [UInt8] = [], into writer: inout PacketWriter) {
        let id = requestID.map { id in stride(from: 24, through: 0, by: -8).map { UInt8(id >> UInt32($0) & 0xFF) } }
        let data = (id ?? []) + payload
        let headerSize = flow.ipProtocol == .tcp ? TCPHeader.fixedSize : UDPHeader.size
        let length = headerSize + data.count
        var checksum = InternetChecksum()
        writeInternetHeader(length, &checksum, into: &writer)
        // The pseudo-header, then the transport's header and data as if their checksum were 0.
        var unsummed = PacketWriter(reserving: headerSize)
        writeTransportHeader(length, checksum: 0, into: &unsummed)
        checksum.add(unsummed.bytes.span)
        checksum.add(data.span)
        // In UDP a computed 0 is sent as all ones: 0 says "none computed".
        let sum = flow.ipProtocol == .udp && checksum.value == 0 ? 0xFFFF : checksum.value
        writeTransportHeader(length, checksum: sum, into: &writer)
        writer.append(data)
    }

    private func writeInternetHeader(_ length: Int, _ checksum: inout InternetChecksum, into writer: inout PacketWriter)
    {
        switch (flow.source, flow.destination) {
        case (.v4(let source), .v4(let destination)):
            var header = IPv4Header(
                totalLength: UInt16(truncatingIfNeeded: IPv4Header.fixedSize + length), flags: 2,
                ipProtocol: flow.ipProtocol, source: source, destination: destination)
            header.checksum = header.rightChecksum
            header.write(into: &writer)
            checksum.addPseudoHeader(
                source: source, destination: destination, protocol: flow.ipProtocol, length: length)
        case (.v6(let source), .v6(let destination)):
            IPv6Header(
                payloadLength: UInt16(truncatingIfNeeded: length), nextHeader: flow.ipProtocol, source: source,
                destination: destination
            ).write(into: &writer)
            checksum.addPseudoHeader(
                source: source, destination: destination, protocol: flow.ipProtocol, length: length)
        default: preconditionFailure("addresses of two families")
        }
    }

    private func writeTransportHeader(_ length: Int, checksum: UInt16, into writer: inout PacketWriter) {
        guard let ports = flow.ports else { preconditionFailure("only what has ports is written") }
        switch flow.ipProtocol {
        case .udp:
            UDPHeader(
                sourcePort: ports.source, destinationPort: ports.destination,
                length: UInt16(truncatingIfNeeded: length), checksum: checksum
            ).write(into: &writer)
        case .tcp:
            TCPHeader(
                sourcePort: ports.source, destinationPort: ports.destination, sequence: segment?.sequence ?? 0,
                acknowledgement: segment?.acknowledgement ?? 0, flags: [.push, .acknowledgement], window: 512,
                checksum: checksum
            ).write(into: &writer)
        default: preconditionFailure("only UDP and TCP are written")
        }
    }
}
