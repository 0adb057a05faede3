// SPDX-License-Identifier: Apache-2.0

import BigInt

/// A value known at compile time. What type it is of says the expression that has it: a member of an enum or of
/// `error` is its number.
indirect enum Constant: Hashable {
    case integer(BigInt)
    case bool(Bool)
    case string(String)
    /// Of a structure, header or tuple, one a field.
    case list([Constant])

    /// The number of an integer, enum member or Boolean.
    var number: BigInt? {
        switch self {
        case .integer(let value): value
        case .bool(let value): value ? 1 : 0
        case .string, .list: nil
        }
    }

    var isTrue: Bool { self == .bool(true) }
}

extension BigInt {
    /// This value as `width` bits hold it, read as unsigned.
    func cut(to width: Int) -> BigInt {
        guard width > 0 else { return 0 }
        let modulus = BigInt(1) << width
        let rest = self % modulus
        return rest < 0 ? rest + modulus : rest
    }

    /// This value as `width` bits hold it, read as two's complement.
    func cutSigned(to width: Int) -> BigInt {
        let bits = cut(to: width)
        return width > 0 && bits >> (width - 1) != 0 ? bits - (BigInt(1) << width) : bits
    }

    /// This value as a type holds it: `bit<W>` wraps, `int<W>` is two's complement, `int` holds everything.
    func cut(to type: P4Type) -> BigInt {
        switch type.underlying {
        case .bits(let width): cut(to: width)
        case .signed(let width): cutSigned(to: width)
        default: self
        }
    }

    /// The low `width` bits in words of 64, least significant first.
    func words(width: Int) -> [UInt64] {
        var rest = cut(to: width)
        var words: [UInt64] = []
        for _ in stride(from: 0, to: width, by: 64) {
            words.append(UInt64(truncatingIfNeeded: rest))
            rest >>= 64
        }
        return words
    }

    /// The exponent of a power of two.
    var exponentOfTwo: Int? {
        guard self > 0 else { return nil }
        let exponent = magnitude.trailingZeroBitCount
        return BigInt(1) << exponent == self ? exponent : nil
    }
}
