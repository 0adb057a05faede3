// SPDX-License-Identifier: Apache-2.0

/// How much a store keeps. Hours are deleted one by one, the oldest first.
public struct StoreLimits: Sendable, Hashable {
    /// Hours after which journeys are deleted.
    public var hours = 7 * 24
    /// Bytes of all hours' files.
    public var bytes: UInt64 = 20_000_000_000
    /// Hundredths of the file system that stay free.
    public var freePercent = 5

    /// 7 days, 20 GB, 5 % free.
    public init() {}
}
