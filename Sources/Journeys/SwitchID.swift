// SPDX-License-Identifier: Apache-2.0

/// The number by which a switch names itself in its records; 8 bits of it at level 4.
public struct SwitchID: RawRepresentable, Sendable, Hashable, ExpressibleByIntegerLiteral {
    public var rawValue: UInt32

    public init(rawValue: UInt32) { self.rawValue = rawValue }
    public init(integerLiteral value: UInt32) { rawValue = value }
}
