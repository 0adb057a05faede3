// SPDX-License-Identifier: Apache-2.0

/// Bytes from hexadecimal text: blanks are ignored, and `//` begins a comment that runs to the end of the line.
///
/// Anything else that is not a pair of hexadecimal digits is a mistake in the test, which stops there.
public func bytes(_ text: String) -> [UInt8] {
    var digits: [UInt8] = []
    for line in text.split(separator: "\n") {
        let code = line.firstRange(of: "//").map { line[..<$0.lowerBound] } ?? line
        for character in code where !character.isWhitespace {
            guard let digit = character.hexDigitValue else { preconditionFailure("'\(character)' must be a hex digit") }
            digits.append(UInt8(digit))
        }
    }
    precondition(digits.count.isMultiple(of: 2), "a hex digit is missing")
    return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
}

/// The bytes as hexadecimal, for messages and comparison.
public func hex(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}
