// SPDX-License-Identifier: Apache-2.0

/// The number by which a switch identifies itself in its records.
public struct SwitchID: RawRepresentable, Sendable, Hashable, ExpressibleByIntegerLiteral {
    /// The number, unique in its domain.
    public var rawValue: UInt32

    /// A switch of this number.
    public init(rawValue: UInt32) { self.rawValue = rawValue }
    /// A switch of this number.
    public init(integerLiteral value: UInt32) { rawValue = value }
}
