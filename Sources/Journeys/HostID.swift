// SPDX-License-Identifier: Apache-2.0

/// The number by which a host names itself in the records it writes.
public struct HostID: RawRepresentable, Sendable, Hashable, ExpressibleByIntegerLiteral {
    public var rawValue: UInt32

    public init(rawValue: UInt32) { self.rawValue = rawValue }
    public init(integerLiteral value: UInt32) { rawValue = value }
}
