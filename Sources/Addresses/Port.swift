// SPDX-License-Identifier: Apache-2.0

/// A UDP or TCP port.
public struct Port: RawRepresentable, Sendable, Hashable, CustomStringConvertible, ExpressibleByIntegerLiteral {
    public var rawValue: UInt16

    @inlinable
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    public init(integerLiteral value: UInt16) { rawValue = value }

    public var description: String { "\(rawValue)" }
}
