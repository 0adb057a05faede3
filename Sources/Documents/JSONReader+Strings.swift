// SPDX-License-Identifier: Apache-2.0

extension JSONReader {
    /// A string from its opening quote on.
    mutating func string() throws(InputError) -> String {
        _ = skip("\"")
        var units: [UInt8] = []
        while let byte = peek {
            switch byte {
            case UInt8(ascii: "\""):
                _ = next()
                guard let text = String(validating: units, as: UTF8.self) else {
                    throw error("the string is not UTF-8")
                }
                return text
            case UInt8(ascii: "\\"):
                _ = next()
                units += Array(String(try escaped()).utf8)
            case 0..<0x20: throw error("a string must end in its line and hold no control characters: expected \"")
            default:
                units.append(byte)
                _ = next()
            }
        }
        throw error("unexpected end of the text in a string")
    }

    /// The character that an escape sequence means, from after the backslash on.
    private mutating func escaped() throws(InputError) -> Unicode.Scalar {
        switch next() {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try codePoint()
        default: throw error("unknown escape sequence (write \\\\ for a backslash)")
        }
    }

    /// Four hexadecimal digits, or twice as many for a character that UTF-16 writes as a pair.
    private mutating func codePoint() throws(InputError) -> Unicode.Scalar {
        let first = try unit()
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard first < 0xDC00, skip("\\"), skip("u"), case let second = try unit(), (0xDC00...0xDFFF).contains(second),
            let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
        else { throw error("a surrogate must be one of a pair, got one alone") }
        return scalar
    }

    private mutating func unit() throws(InputError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = next(), let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw error("\\u must be followed by four hexadecimal digits")
            }
            value = value << 4 | UInt32(digit)
        }
        return value
    }
}
