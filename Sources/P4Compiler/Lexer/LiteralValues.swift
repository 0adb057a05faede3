// SPDX-License-Identifier: Apache-2.0

import BigInt

/// Why digits are not a number; the message says what to write instead.
struct LiteralProblem: Error, Equatable {
    let message: String
}

extension IntegerLiteral {
    /// The widest integer type a literal may name, so that a slip does not ask for gigabytes.
    static let maximumWidth = 1 << 16

    /// Reads `[width(w|s)][0x|0o|0d|0b]digits`, with `_` between digits.
    static func parse(_ text: String) -> Result<IntegerLiteral, LiteralProblem> {
        var rest = Substring(text)
        var prefix: Prefix?
        let leading = rest.prefix { $0.isASCII && $0.isNumber || $0 == "_" }
        if let mark = rest.dropFirst(leading.count).first, mark == "w" || mark == "s" {
            let isSigned = mark == "s"
            guard let width = Int(leading.filter { $0 != "_" }), width <= maximumWidth else {
                return .failure(LiteralProblem(message: "the width '\(leading)' is too large: \(maximumWidth) at most"))
            }
            if isSigned, width == 0 {
                return .failure(LiteralProblem(message: "a signed number is at least one bit wide"))
            }
            prefix = Prefix(width: width, isSigned: isSigned)
            rest = rest.dropFirst(leading.count + 1)
        }
        let base = consumeBase(&rest)
        return digits(rest, base: base, in: text).map { IntegerLiteral(value: $0, prefix: prefix, base: base) }
    }

    private static func consumeBase(_ rest: inout Substring) -> Int {
        let bases: [(String, Int)] = [("0x", 16), ("0o", 8), ("0d", 10), ("0b", 2)]
        for (mark, base) in bases where rest.lowercased().hasPrefix(mark) {
            rest = rest.dropFirst(2)
            return base
        }
        return 10
    }

    private static func digits(_ rest: Substring, base: Int, in text: String) -> Result<BigInt, LiteralProblem> {
        let plain = rest.filter { $0 != "_" }
        guard !plain.isEmpty, rest.first != "_" else {
            return .failure(LiteralProblem(message: "the number '\(text)' has no digits"))
        }
        if let bad = plain.first(where: { $0.hexDigitValue.map { $0 >= base } ?? true }) {
            return .failure(LiteralProblem(message: "'\(bad)' is not a digit of the base-\(base) number '\(text)'"))
        }
        guard plain.count <= maximumWidth else {
            return .failure(LiteralProblem(message: "this number has more than \(maximumWidth) digits"))
        }
        guard let value = BigInt(plain, radix: base) else {
            return .failure(LiteralProblem(message: "the number '\(text)' has no value"))
        }
        return .success(value)
    }
}

/// The characters a string token stands for: without its quotes, and with `\"`, `\\`, `\n`, `\r`, `\t` replaced.
/// Other backslashes stay, since `log_msg` gives `\{` a meaning of its own.
func stringValue(ofToken text: String) -> String {
    var value = ""
    var isEscaped = false
    for character in text.dropFirst().unicodeScalars {
        guard isEscaped else {
            if character == "\"" { break }
            if character == "\\" { isEscaped = true } else { value.unicodeScalars.append(character) }
            continue
        }
        isEscaped = false
        switch character {
        case "\"", "\\": value.unicodeScalars.append(character)
        case "n": value += "\n"
        case "r": value += "\r"
        case "t": value += "\t"
        default:
            value += "\\"
            value.unicodeScalars.append(character)
        }
    }
    return value
}
