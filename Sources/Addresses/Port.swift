// SPDX-License-Identifier: Apache-2.0

/// A UDP or TCP port.
public struct Port: RawRepresentable, Sendable, Hashable, ExpressibleByIntegerLiteral {
    /// The port in the machine's byte order; 0 asks the kernel to choose one.
    public var rawValue: UInt16

    /// The port of this number.
    @inlinable
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// The port of this number.
    @inlinable
    public init(_ number: UInt16) { rawValue = number }

    /// The port of a number in source text.
    public init(integerLiteral value: UInt16) { rawValue = value }
}

extension Port: LosslessStringConvertible {
    /// Parses a decimal number from 0 to 65535.
    public init?(_ text: some StringProtocol) {
        guard text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }), let number = UInt16(text)
        else { return nil }
        rawValue = number
    }

    /// In decimal.
    public var description: String { "\(rawValue)" }
}
