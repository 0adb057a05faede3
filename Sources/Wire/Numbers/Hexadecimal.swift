// SPDX-License-Identifier: Apache-2.0

/// Lower-case hexadecimal, filled with zeros to at least `digits`.
func hexadecimal(_ value: UInt64, digits: Int) -> String {
    let text = String(value, radix: 16)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
}
