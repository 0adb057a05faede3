// SPDX-License-Identifier: Apache-2.0

import Addresses

/// Which values a hop record holds, and how they are laid out. `HopRecord` draws the layouts.
public enum Level: UInt8, Sendable, Hashable, CaseIterable {
    /// Switch and queue depth.
    case minimal = 1
    /// Ports, times and queue depths.
    case standard = 2
    /// `standard` with lengths, counts and the time of the last telemetry.
    case full = 3
    /// As much as `full`, with depths and lengths as one of four classes.
    case discretized = 4
    /// Switch, egress port, depth and latency, the last two as logarithms.
    case compact = 5
    /// One `compact` record, of a hop chosen by chance, however many hops the packet meets.
    case constant = 6

    /// Bytes of one record, `next_proto` included.
    public var recordSize: Int {
        switch self {
        case .minimal: 9
        case .standard: 36
        case .full: 72
        case .discretized: 43
        case .compact, .constant: 6
        }
    }

    /// Whether each record says by a `next_proto` what follows it. Else the shim's flags do.
    public var isChained: Bool { rawValue <= Level.discretized.rawValue }

    /// How many records a frame holds that has met so many hops.
    public func records(ofHops hops: Int) -> Int { self == .constant ? min(hops, 1) : hops }
}
