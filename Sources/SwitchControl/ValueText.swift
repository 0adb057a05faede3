// SPDX-License-Identifier: Apache-2.0

import Addresses
package import Documents
package import SwitchIR

/// Values as people write them: numbers, MAC, IPv4 and IPv6 addresses.
package enum ValueText {
    /// `text` as a value of `width` bits, which it must fit.
    package static func parse(_ text: String, width: Int) throws(InputError) -> BitString {
        if let address = try address(text, width: width) { return address }
        guard let words = number(text) else {
            throw InputError("'\(text)' is not a value; write a number (10, 0x0a, 0b1010) or an address")
        }
        return try fit(words, width: width, text)
    }

    /// A number as JSON has it; a negative one is its two's complement.
    static func parse(_ value: Int64, width: Int) throws(InputError) -> BitString {
        guard value < 0 else { return try fit([UInt64(value)], width: width, String(value)) }
        guard width >= 64 || value >= -(1 << Int64(width - 1)) else { throw tooLarge(String(value), width) }
        let ones = repeatElement(UInt64.max, count: BitString.wordCount(width))
        return BitString(width: width, words: [UInt64(bitPattern: value)] + ones.dropFirst())
    }

    /// A count, port, handle or index: decimal digits alone.
    static func decimal(_ text: some StringProtocol, _ what: String) throws(InputError) -> Int {
        guard !text.isEmpty, text.allSatisfy({ ("0"..."9").contains($0) }), let value = Int(text) else {
            throw InputError("\(what) '\(text)' is not a decimal number")
        }
        return value
    }

    /// The text as an address, if it is one, which then must have as many bytes as the value.
    private static func address(_ text: String, width: Int) throws(InputError) -> BitString? {
        let (words, bytes, kind): ([UInt64], Int, String)
        if let mac = MACAddress(text) {
            (words, bytes, kind) = ([mac.rawValue], 6, "a MAC address")
        } else if let ipv4 = IPv4Address(text), text.contains(".") {
            (words, bytes, kind) = ([UInt64(ipv4.rawValue)], 4, "an IPv4 address")
        } else if text.contains(":"), let ipv6 = IPv6Address(text) {
            let value = ipv6.rawValue
            (words, bytes, kind) = (
                [UInt64(truncatingIfNeeded: value), UInt64(truncatingIfNeeded: value >> 64)], 16, "an IPv6 address"
            )
        } else {
            return nil
        }
        guard (width + 7) / 8 == bytes else {
            throw InputError("'\(text)' is \(kind) of \(bytes * 8) bits, where a value of \(width) bits is needed")
        }
        return try fit(words, width: width, text)
    }

    private static func fit(_ words: [UInt64], width: Int, _ text: String) throws(InputError) -> BitString {
        let value = BitString(width: width, words: words)
        let padded = value.words + repeatElement(0, count: max(0, words.count - value.words.count))
        guard zip(padded, words).allSatisfy({ $0 == $1 }) else { throw tooLarge(text, width) }
        return value
    }

    private static func tooLarge(_ text: String, _ width: Int) -> InputError {
        let highest =
            width < 64 ? String((UInt64(1) << UInt64(width)) - 1) : "2^\(width) - 1"
        return InputError("\(text) does not fit \(width) bits; the highest value is \(highest)")
    }

    /// Digits of any length in base 10, or after 0x, 0o or 0b in that base.
    private static func number(_ text: String) -> [UInt64]? {
        var digits = Substring(text.lowercased())
        var base: UInt64 = 10
        for (prefix, value) in [("0x", UInt64(16)), ("0o", 8), ("0b", 2)] where digits.hasPrefix(prefix) {
            digits = digits.dropFirst(2)
            base = value
        }
        guard !digits.isEmpty, digits.utf8.count <= 2048 else { return nil }
        var words: [UInt64] = [0]
        for digit in digits {
            guard let value = digit.hexDigitValue, value < base else { return nil }
            var carry = UInt64(value)
            for index in words.indices {
                let (high, low) = words[index].multipliedFullWidth(by: base)
                let (sum, overflow) = low.addingReportingOverflow(carry)
                words[index] = sum
                carry = high + (overflow ? 1 : 0)
            }
            if carry > 0 { words.append(carry) }
        }
        return words
    }

    /// A value for people: decimal up to 64 bits, else hexadecimal.
    static func text(_ value: BitString) -> String {
        if value.width <= 64 { return String(value.words.first ?? 0) }
        let hex = value.words.reversed().map { word in
            let digits = String(word, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }
        let digits = hex.joined().drop { $0 == "0" }
        return "0x" + (digits.isEmpty ? "0" : String(digits))
    }
}
