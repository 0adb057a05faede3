// SPDX-License-Identifier: Apache-2.0

import Journeys

/// The first question of a DNS query.
enum DNSQuestion {
    static let headerSize = 12
    /// Bytes of a name on the wire, by the standard.
    static let longestName = 255

    /// Name and type; nil if these bytes are not a query with a question that the look contains.
    /// - Parameter isStream: a length is in front, as over TCP.
    static func identity(of bytes: ArraySlice<UInt8>, isStream: Bool) -> RequestIdentity? {
        var message = bytes
        if isStream { guard let length = message.readNumber(2), length >= headerSize else { return nil } }
        guard message.count >= headerSize else { return nil }
        let header = Array(message.prefix(headerSize))
        let isQuery = header[2] & 0x80 == 0
        guard isQuery, Int(header[4]) << 8 | Int(header[5]) > 0 else { return nil }
        var question = message.dropFirst(headerSize)
        guard let name = name(from: &question), let type = question.readNumber(2), question.count >= 2 else {
            return nil
        }
        return RequestIdentity(kind: .dns, operation: typeName(type), target: name)
    }

    /// A name in lower case, with a dot for the root alone. A pointer is refused: nothing that a first question could
    /// point to lies before it.
    private static func name(from bytes: inout ArraySlice<UInt8>) -> String? {
        var labels: [String] = []
        var size = 1
        while let length = bytes.readNumber(1) {
            guard length > 0 else { return labels.isEmpty ? "." : labels.joined(separator: ".") }
            size += Int(length) + 1
            guard length < 64, size <= longestName, let label = bytes.read(Int(length)) else { return nil }
            labels.append(text(of: label))
        }
        return nil
    }

    /// A label; what is not a letter, digit, hyphen or underscore as `\DDD`.
    private static func text(of label: ArraySlice<UInt8>) -> String {
        label.map { byte in
            let lower = (0x41...0x5a).contains(byte) ? byte | 0x20 : byte
            let isPlain =
                (0x61...0x7a).contains(lower) || (0x30...0x39).contains(lower) || lower == 0x2d || lower == 0x5f
            let digits = String(lower)
            return isPlain
                ? String(UnicodeScalar(lower)) : "\\" + String(repeating: "0", count: 3 - digits.count) + digits
        }.joined()
    }

    private static let typeNames: [UInt32: String] = [
        1: "A", 2: "NS", 5: "CNAME", 6: "SOA", 12: "PTR", 15: "MX", 16: "TXT", 28: "AAAA", 33: "SRV", 35: "NAPTR",
        43: "DS", 46: "RRSIG", 47: "NSEC", 48: "DNSKEY", 52: "TLSA", 64: "SVCB", 65: "HTTPS", 251: "IXFR", 252: "AXFR",
        255: "ANY", 257: "CAA",
    ]

    private static func typeName(_ type: UInt32) -> String { typeNames[type] ?? "TYPE\(type)" }
}
