// SPDX-License-Identifier: Apache-2.0

/// A value in 8 bits, as quantized fields carry it: a 5-bit exponent and a 4-bit mantissa whose leading 1 is implicit.
/// `p4/INT_quantizers.p4` computes it.
///
/// With s the bits that the value has beyond 4, or 0, the code is 8 s + (value >> s). Values below 16 are their own
/// code; above, a code covers 2^s values, the least of them at least 8 x 2^s. 2^34 and more is 255.
public struct LogarithmicCode: RawRepresentable, Sendable, Hashable {
    /// The code on the wire.
    public var rawValue: UInt8

    /// A code as it is on the wire.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The code of the values among which this one lies.
    public init(of value: UInt64) {
        guard value < 1 << 34 else {
            rawValue = .max
            return
        }
        let bits = UInt64.bitWidth - value.leadingZeroBitCount
        let shift = max(0, bits - 4)
        rawValue = UInt8(8 * shift + Int(value >> UInt64(shift)))
    }

    private var shift: UInt64 { rawValue < 16 ? 0 : UInt64(rawValue) / 8 - 1 }

    /// The values that have this code; the last code is that of larger ones too.
    public var values: ClosedRange<UInt64> {
        let mantissa = rawValue < 16 ? UInt64(rawValue) : 8 + UInt64(rawValue) % 8
        let least = mantissa << shift
        return least...(least + (1 << shift) - 1)
    }

    /// The middle of `values`: off by less than 1/16 of the value that was coded, and growing with the code.
    public var value: UInt64 { values.lowerBound + (values.upperBound - values.lowerBound) / 2 }

    /// The bound of the relative error of `value`.
    public static let relativeError = 1.0 / 16
}
