// SPDX-License-Identifier: Apache-2.0

/// Where a journey is in a store: hour, segment and row. It is valid from the moment the journey is stored until its hour is
/// deleted, and is written `498926.37.1022`.
public struct JourneyID: Sendable, Hashable {
    /// Hours since 1970, of the domain's clock.
    public let hour: UInt32
    /// The segment in the hour's file, from 1.
    public let segment: UInt32
    /// The row in the segment, from 0.
    public let row: UInt16

    init(hour: UInt32, segment: UInt32, row: UInt16) {
        self.hour = hour
        self.segment = segment
        self.row = row
    }
}

extension JourneyID: LosslessStringConvertible {
    /// Reads `498926.37.1022`; nil for anything else.
    public init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let hour = UInt32(parts[0]), let segment = UInt32(parts[1]), let row = UInt16(parts[2])
        else { return nil }
        self.init(hour: hour, segment: segment, row: row)
    }

    /// Such as `498926.37.1022`.
    public var description: String { "\(hour).\(segment).\(row)" }
}
