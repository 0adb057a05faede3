// SPDX-License-Identifier: Apache-2.0

/// An IPv6 address, without a zone.
public struct IPv6Address: RawRepresentable, Sendable, Hashable {
    // Two words and not a UInt128, which would make this type and those that contain it 16-byte aligned: Swift 6.3 keeps
    // such values that a call returns in registers at 8-byte aligned addresses, and loads them with aligned moves.
    private let high: UInt64
    private let low: UInt64

    /// The first octet is the most significant byte.
    public var rawValue: UInt128 { UInt128(high) << 64 | UInt128(low) }

    /// - Parameter rawValue: the first octet is the most significant byte.
    public init(rawValue: UInt128) {
        high = UInt64(truncatingIfNeeded: rawValue >> 64)
        low = UInt64(truncatingIfNeeded: rawValue)
    }

    /// - Parameter octets: in the order of transmission; nil unless there are 16.
    public init?(octets: some Collection<UInt8>) {
        guard octets.count == 16 else { return nil }
        self.init(rawValue: octets.reduce(0) { $0 << 8 | UInt128($1) })
    }

    /// The IPv4-mapped address `::ffff:a.b.c.d`.
    public init(mapping address: IPv4Address) { self.init(rawValue: 0xffff << 32 | UInt128(address.rawValue)) }

    /// `::`
    public static let any = IPv6Address(rawValue: 0)
    /// `::1`
    public static let loopback = IPv6Address(rawValue: 1)

    /// 16, in the order of transmission.
    public var octets: [UInt8] { (0..<16).map { UInt8(truncatingIfNeeded: rawValue >> UInt128(120 - 8 * $0)) } }

    /// The IPv4 address in an IPv4-mapped one (`::ffff:a.b.c.d`); nil for any other.
    public var mapped: IPv4Address? {
        rawValue >> 32 == 0xffff ? IPv4Address(rawValue: UInt32(truncatingIfNeeded: rawValue)) : nil
    }
}

extension IPv6Address: LosslessStringConvertible {
    /// Parses the forms of RFC 4291, section 2.2; neither a zone nor a prefix length.
    public init?(_ text: String) {
        guard let gap = text.firstRange(of: "::") else {
            guard let words = Self.words(of: text[...]), words.count == 8 else { return nil }
            self.init(words: words)
            return
        }
        guard let head = Self.words(of: text[..<gap.lowerBound], isEnd: false),
            let tail = Self.words(of: text[gap.upperBound...]),
            head.count + tail.count < 8
        else { return nil }
        self.init(words: head + Array(repeating: 0, count: 8 - head.count - tail.count) + tail)
    }

    private init(words: [UInt16]) {
        self.init(rawValue: words.reduce(0) { $0 << 16 | UInt128($1) })
    }

    /// The 16-bit groups of a run without a gap; at the text's end, a dotted IPv4 address may replace the last two.
    private static func words(of text: Substring, isEnd: Bool = true) -> [UInt16]? {
        if text.isEmpty { return [] }
        var words: [UInt16] = []
        let groups = text.split(separator: ":", omittingEmptySubsequences: false)
        for (index, group) in groups.enumerated() {
            if isEnd, index == groups.count - 1, group.contains(".") {
                guard let dotted = IPv4Address(String(group)) else { return nil }
                words += [UInt16(dotted.rawValue >> 16), UInt16(truncatingIfNeeded: dotted.rawValue)]
            } else {
                guard (1...4).contains(group.utf8.count), group.allSatisfy(\.isHexDigit),
                    let word = UInt16(group, radix: 16)
                else { return nil }
                words.append(word)
            }
        }
        return words
    }

    /// The canonical form of RFC 5952: lower case, no leading zeros, the longest run of two or more zero groups (the
    /// first of equals) as `::`. IPv4-mapped addresses have no dotted part.
    public var description: String {
        let words = stride(from: 112, through: 0, by: -16).map { UInt16(truncatingIfNeeded: rawValue >> UInt128($0)) }
        var gap = 0..<0
        var start = 0
        while start < words.count {
            let end = words[start...].firstIndex { $0 != 0 } ?? words.count
            if end - start > max(1, gap.count) { gap = start..<end }
            start = max(end, start + 1)
        }
        func text(_ run: ArraySlice<UInt16>) -> String { run.map { String($0, radix: 16) }.joined(separator: ":") }
        return gap.isEmpty ? text(words[...]) : text(words[..<gap.lowerBound]) + "::" + text(words[gap.upperBound...])
    }
}
