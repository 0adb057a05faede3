// SPDX-License-Identifier: Apache-2.0

/// Why a frame with telemetry is not decoded.
///
/// Numbers below 32 are those of the eBPF programs' counters (`enum p4ni_reason`), so that what a host and the
/// collector refuse can be compared; they never change their meaning.
public enum Malformed: UInt8, Error, Sendable, Hashable, CaseIterable {
    /// The frame ends within the shim.
    case shortShim = 5
    /// More than 20 hop records, or none and no source record either.
    case countOutOfRange = 6
    /// A level that has no layout, or a reference frame when no level is configured.
    case unknownLevel = 7
    /// More records of the request path than records.
    case forwardBeyondCount = 8
    /// The frame ends within the hop records or the host record.
    case recordsBeyondFrame = 9
    /// A `next_proto` that disagrees with the count or with the flags for source and host record.
    case chainDisagrees = 10
    /// Another shim after the records.
    case nestedShim = 11
    /// What follows the records is neither IPv4 nor IPv6.
    case unknownInner = 12
    /// The IP or UDP header is cut off, or a length or version in it cannot be.
    case shortInner = 13
}

extension Malformed {
    /// For scripts; `description` is for people.
    public var name: String {
        switch self {
        case .shortShim: "short_shim"
        case .countOutOfRange: "count_out_of_range"
        case .unknownLevel: "unknown_level"
        case .forwardBeyondCount: "forward_beyond_count"
        case .recordsBeyondFrame: "records_beyond_frame"
        case .chainDisagrees: "chain_disagrees"
        case .nestedShim: "nested_shim"
        case .unknownInner: "unknown_inner"
        case .shortInner: "short_inner"
        }
    }
}

extension Malformed: CustomStringConvertible {
    /// The reason in words, for summaries.
    public var description: String {
        switch self {
        case .shortShim: "frame ends within the shim"
        case .countOutOfRange: "number of hop records not from 1 to 20"
        case .unknownLevel: "unknown level"
        case .forwardBeyondCount: "more forward records than records"
        case .recordsBeyondFrame: "frame ends within the records"
        case .chainDisagrees: "next_proto disagrees with count or flags"
        case .nestedShim: "a second shim after the records"
        case .unknownInner: "neither IPv4 nor IPv6 after the records"
        case .shortInner: "inner packet cut off or damaged"
        }
    }
}
