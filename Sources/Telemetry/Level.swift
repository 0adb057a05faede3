// SPDX-License-Identifier: Apache-2.0

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

    /// Bytes of one record, `next_proto` included.
    public var recordSize: Int {
        switch self {
        case .minimal: 9
        case .standard: 36
        case .full: 72
        case .discretized: 43
        }
    }
}
