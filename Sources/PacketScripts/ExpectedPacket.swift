// SPDX-License-Identifier: Apache-2.0

/// What an `expect` line asks for: digits with `*` for any, and whether the length counts.
struct ExpectedPacket {
    let line: Int
    let digits: [Character]
    let isExact: Bool

    /// Why `bytes` is not this packet; nil if it is.
    func mismatch(_ bytes: [UInt8]) -> String? {
        let actual = Array(Self.hex(bytes))
        if isExact ? actual.count != digits.count : actual.count < digits.count {
            return "\(actual.count / 2) bytes came, \(digits.count / 2) were expected: \(String(actual))"
        }
        for (index, digit) in digits.enumerated() where digit != "*" && digit != actual[index] {
            return "byte \(index / 2) differs: came \(String(actual)), expected \(String(digits))"
        }
        return nil
    }

    static func hex(_ bytes: [UInt8]) -> String {
        bytes.map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }
}
