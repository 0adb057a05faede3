// SPDX-License-Identifier: Apache-2.0

import CHostPrograms

/// A request as it reaches a server, built byte by byte so that nothing of the code under test is used. Every field can
/// be made to lie.
struct RequestFrame {
    enum Family { case ipv4, ipv6 }

    static let sizes: [Int: Int] = [1: 9, 2: 36, 3: 72, 4: 43, 5: 6, 6: 6]

    /// Level of the records, which for a reference frame (`shimLevel` 0) is not in the shim.
    var level = 2
    var shimLevel: UInt8?
    var flags: UInt8 = 0
    var forward: UInt8 = 0
    /// Records that are there, and the number the shim claims.
    var records = 3
    var claimed: UInt32?
    var lastProto: UInt16?
    /// Record whose next_proto is another than it should be.
    var brokenLink: (record: Int, value: UInt16)?
    /// A source record after the hop records.
    var hasSource = false
    /// A host record after the records, and the type of what follows by its account; 60 bytes instead of 18.
    var hostRecord: UInt16?
    var hostRecordIsExtended = false
    /// The host is configured for the record of the reference format.
    var isLegacy = false
    var tags: [UInt16] = []
    var family = Family.ipv4
    var requestID: UInt32 = 0x0102_0304
    var sourcePort: UInt16 = 40000
    var destinationPort: UInt16 = 1234
    /// Payload after the request id.
    var payload: [UInt8] = Array(0..<20)
    var omitsID = false
    /// Makes it a TCP segment, without request id.
    var segment: Segment?
    var protocolNumber: UInt8 = 17
    var fragment: UInt16 = 0
    var ipOptions = 0
    /// Seed of the bytes of the records: two frames with different seeds share no record.
    var seed: UInt8 = 1
    var udpLengthError = 0
    var ipLengthError = 0
    /// UDP over IPv4 with a checksum; if not, the field is 0. Frames whose bytes are changed later cannot have one.
    var hasChecksum = false
    /// Added to the transport's checksum, which is then wrong, and to the IP header's.
    var checksumError: UInt16 = 0
    var headerChecksumError: UInt16 = 0
    var versionByte: UInt8?

    var innerType: UInt16 { family == .ipv4 ? 0x0800 : 0x86dd }

    func link(_ type: UInt16) -> [UInt8] {
        var bytes: [UInt8] = [2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1]
        for tag in tags { bytes += big(UInt16(tag == tags.first && tags.count == 2 ? 0x88a8 : 0x8100)) + big(tag) }
        return bytes + big(type)
    }

    var shim: [UInt8] {
        let level = shimLevel ?? UInt8(level)
        if level == 0 { return big(claimed ?? UInt32(records)) }
        return [level, flags, forward, UInt8(truncatingIfNeeded: claimed ?? UInt32(records))]
    }

    var isChained: Bool { level < 5 }

    /// What the last record that has a next_proto says.
    private var lastType: UInt16 {
        lastProto ?? (hostRecord == nil ? innerType : hostRecordIsExtended ? 0x1216 : 0x1214)
    }

    /// Hop records that are in the frame.
    private var present: Int { level == 6 ? min(records, 1) : records }

    var recordBytes: [UInt8] {
        let size = Self.sizes[level] ?? 36
        var bytes: [UInt8] = []
        for record in 0..<present {
            for offset in 0..<(isChained ? size - 2 : size) {
                bytes.append(seed &* 31 &+ UInt8(record) &* 7 &+ UInt8(truncatingIfNeeded: offset) &* 3)
            }
            guard isChained else { continue }
            var next = record == present - 1 ? (hasSource ? 0x1217 : lastType) : 0x1213
            if let broken = brokenLink, broken.record == record { next = broken.value }
            bytes += big(next)
        }
        return bytes + sourceBytes
    }

    private var sourceBytes: [UInt8] {
        hasSource ? (0..<20).map { seed &+ $0 } + big(lastType) : []
    }

    /// Shim, hop records and source record as a host sends them back: its own record follows.
    var returned: [UInt8] {
        var telemetry = shim + recordBytes
        if shimLevel ?? UInt8(level) != 0 {
            telemetry[1] |= 0x80
            telemetry[2] = UInt8(records)
        }
        if isChained || hasSource { telemetry.replaceSubrange((telemetry.count - 2)..., with: big(UInt16(hostType))) }
        // The first request of its flow and sending host that this host has seen.
        if hasSource { telemetry.replaceSubrange((telemetry.count - 6)..<(telemetry.count - 2), with: big(UInt32(1))) }
        return telemetry
    }

    /// Of the host record that follows them: a reference frame gets the reference's.
    private var hostType: Int { returnedRecordSize == 18 ? 0x1214 : 0x1216 }
    var returnedRecordSize: Int { shimLevel == 0 || (isLegacy && (isChained || hasSource)) ? 18 : 60 }

    var telemetry: [UInt8] {
        let size = hostRecordIsExtended ? 60 : 18
        return shim + recordBytes + (hostRecord.map { [UInt8](repeating: 0xab, count: size - 2) + big($0) } ?? [])
    }

    /// The complete frame as it arrives.
    var bytes: [UInt8] { link(0x1212) + telemetry + datagram }
    /// The frame that the stack should see.
    var stripped: [UInt8] { link(innerType) + datagram }
    /// The reply that an application sends.
    var reply: [UInt8] {
        var swapped = self
        swapped.sourcePort = destinationPort
        swapped.destinationPort = sourcePort
        return link(innerType) + swapped.datagram(reversed: true)
    }

    var datagram: [UInt8] { datagram(reversed: false) }

    private func datagram(reversed: Bool) -> [UInt8] {
        if let segment {
            let bytes = segment.header(from: sourcePort, to: destinationPort) + payload
            return packet(carrying: summed(bytes, 6, field: 16), 6, reversed)
        }
        let body = omitsID ? Array(payload.prefix(3)) : big(requestID) + payload
        let udp =
            big(sourcePort) + big(destinationPort) + big(UInt16(8 + body.count + udpLengthError)) + big(UInt16(0))
            + body
        let isSummed = hasChecksum || checksumError != 0 || family == .ipv6
        return packet(carrying: isSummed ? summed(udp, 17, field: 6) : udp, protocolNumber, reversed)
    }

    /// With the transport's checksum. Which end is which makes no difference to it.
    private func summed(_ transport: [UInt8], _ protocolNumber: UInt8, field: Int) -> [UInt8] {
        let (client, server) = Self.addresses(family)
        let pseudo = client + server + big(UInt32(transport.count)) + [0, 0, 0, protocolNumber]
        var bytes = transport
        bytes.replaceSubrange(field..<field + 2, with: big(internetChecksum(pseudo + transport) &+ checksumError))
        return bytes
    }

    private static func addresses(_ family: Family) -> (client: [UInt8], server: [UInt8]) {
        switch family {
        case .ipv4: ([10, 0, 1, 1], [10, 0, 2, 2])
        case .ipv6:
            (
                [0x20, 1] + [UInt8](repeating: 0, count: 13) + [1],
                [0x20, 1] + [UInt8](repeating: 0, count: 13) + [2]
            )
        }
    }

    private func packet(carrying body: [UInt8], _ protocolNumber: UInt8, _ reversed: Bool) -> [UInt8] {
        switch family {
        case .ipv4: ipv4Header(carrying: body.count, protocolNumber, reversed) + body
        case .ipv6: ipv6Header(carrying: body.count, protocolNumber, reversed) + body
        }
    }

    func ipv4Header(carrying count: Int, _ protocolNumber: UInt8, _ reversed: Bool) -> [UInt8] {
        let (client, server) = Self.addresses(.ipv4)
        let length = 20 + ipOptions
        let first = versionByte ?? UInt8(0x40 | length / 4)
        var header =
            [first, 0] + big(UInt16(length + count + ipLengthError)) + [0, 7] + big(fragment) + [
                64, protocolNumber, 0, 0,
            ]
            + (reversed ? server + client : client + server) + [UInt8](repeating: 1, count: ipOptions)
        header.replaceSubrange(10..<12, with: big(internetChecksum(header) &+ headerChecksumError))
        return header
    }

    func ipv6Header(carrying count: Int, _ protocolNumber: UInt8, _ reversed: Bool) -> [UInt8] {
        let (client, server) = Self.addresses(.ipv6)
        return [versionByte ?? 0x60, 0, 0, 0] + big(UInt16(count)) + [protocolNumber, 64]
            + (reversed ? server + client : client + server)
    }
}

/// What a TCP header says.
struct Segment: Sendable, Hashable {
    static let fin: UInt8 = 1, syn: UInt8 = 2, rst: UInt8 = 4, push: UInt8 = 8, ack: UInt8 = 16

    var sequence: UInt32 = 1000
    var acknowledged: UInt32 = 5000
    var flags = push | ack
    /// Bytes of options, a multiple of 4.
    var options = 12

    func header(from source: UInt16, to destination: UInt16) -> [UInt8] {
        big(source) + big(destination) + big(sequence) + big(acknowledged)
            + [UInt8(5 + options / 4) << 4, flags, 1, 0, 0, 0, 0, 0] + [UInt8](repeating: 1, count: options)
    }
}

/// The checksum of RFC 1071, never 0.
func internetChecksum(_ bytes: [UInt8]) -> UInt16 {
    var sum = stride(from: 0, to: bytes.count, by: 2).reduce(0 as UInt64) {
        $0 + UInt64(bytes[$1]) << 8 + ($1 + 1 < bytes.count ? UInt64(bytes[$1 + 1]) : 0)
    }
    while sum > 0xffff { sum = sum >> 16 + sum & 0xffff }
    return sum == 0xffff ? 0xffff : ~UInt16(sum)
}

/// Big-endian bytes.
func big<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
    unsafe withUnsafeBytes(of: number.bigEndian) { unsafe Array($0) }
}

/// A big-endian number.
func number(_ bytes: some Collection<UInt8>) -> UInt64 {
    bytes.reduce(0) { $0 << 8 | UInt64($1) }
}
