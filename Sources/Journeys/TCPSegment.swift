// SPDX-License-Identifier: Apache-2.0

/// The place of a TCP segment in its connection.
///
/// A reply's `acknowledgement` is the request's `end` or after it; its `sequence` is the request's `acknowledgement` or
/// after it. Both are modulo 2^32.
public struct TCPSegment: Sendable, Hashable {
    /// The number of the first byte.
    public var sequence: UInt32
    /// The number of the next byte that the sender expects from the other side.
    public var acknowledgement: UInt32
    /// Bytes of payload as sent.
    public var length: Int

    /// Numbers as in the TCP header; `length` without the header.
    public init(sequence: UInt32, acknowledgement: UInt32, length: Int) {
        self.sequence = sequence
        self.acknowledgement = acknowledgement
        self.length = length
    }

    /// The sequence number after the last byte.
    public var end: UInt32 { sequence &+ UInt32(truncatingIfNeeded: length) }
}
