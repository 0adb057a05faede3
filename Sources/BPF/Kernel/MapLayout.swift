// SPDX-License-Identifier: Apache-2.0

/// What makes two maps interchangeable to a program, but for what their bytes mean.
public struct MapLayout: Sendable, Hashable {
    /// Number of the map's type, as in `enum bpf_map_type`.
    public let type: UInt32
    public let keySize: UInt32
    public let valueSize: UInt32
    public let maximumEntries: UInt32
    public let flags: UInt32
}
