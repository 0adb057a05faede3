// SPDX-License-Identifier: Apache-2.0

public import Wire

extension InnerPacket {
    public var etherType: EtherType {
        if case .v6 = flow.source { .ipv6 } else { .ipv4 }
    }

    /// Writes a whole UDP datagram, checksums right: the request id, if there is one, and `payload` behind it.
    ///
    /// For generators and tests: both addresses must be of one family, and the flow UDP with ports.
    public func write(payload: [UInt8] = [], into writer: inout PacketWriter) {
        guard flow.ipProtocol == .udp, let ports = flow.ports else {
            preconditionFailure("only UDP with ports is written")
        }
        let data =
            (requestID.map { id in stride(from: 24, through: 0, by: -8).map { UInt8(id >> UInt32($0) & 0xFF) } } ?? [])
            + payload
        let length = UDPHeader.size + data.count
        var udp = UDPHeader(
            sourcePort: ports.source, destinationPort: ports.destination, length: UInt16(truncatingIfNeeded: length))
        var checksum = InternetChecksum()
        switch (flow.source, flow.destination) {
        case (.v4(let source), .v4(let destination)):
            var header = IPv4Header(
                totalLength: UInt16(truncatingIfNeeded: IPv4Header.fixedSize + length), flags: 2, ipProtocol: .udp,
                source: source, destination: destination)
            header.checksum = header.rightChecksum
            header.write(into: &writer)
            checksum.addPseudoHeader(source: source, destination: destination, protocol: .udp, length: length)
        case (.v6(let source), .v6(let destination)):
            IPv6Header(
                payloadLength: UInt16(truncatingIfNeeded: length), nextHeader: .udp, source: source,
                destination: destination
            ).write(into: &writer)
            checksum.addPseudoHeader(source: source, destination: destination, protocol: .udp, length: length)
        default: preconditionFailure("addresses of two families")
        }
        var datagram = PacketWriter(reserving: length)
        udp.write(into: &datagram)
        datagram.append(data)
        checksum.add(datagram.bytes.span)
        // A computed 0 is sent as all ones: 0 says "none computed".
        udp.checksum = checksum.value == 0 ? 0xFFFF : checksum.value
        udp.write(into: &writer)
        writer.append(data)
    }
}
