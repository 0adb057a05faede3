// SPDX-License-Identifier: Apache-2.0

/// How a report was encoded, as far as output names it.
public struct TelemetryEncoding: Sendable, Hashable {
    /// A wire format's name; each codec has one.
    public struct Format: RawRepresentable, Sendable, Hashable {
        /// The name, for programs.
        public let rawValue: String

        /// A format of this name.
        public init(rawValue: String) { self.rawValue = rawValue }
    }

    /// The wire format.
    public var format: Format
    /// The format's variant by its number: a level.
    public var variant: UInt8

    /// A variant of a format.
    public init(format: Format, variant: UInt8) {
        self.format = format
        self.variant = variant
    }
}

/// Bytes that telemetry adds to a packet on each link, as its codec knows them.
public struct TelemetrySize: Sendable, Hashable {
    /// Bytes on every link: headers and what the INT source writes.
    public var header: Int
    /// Bytes of one hop's record.
    public var record: Int
    /// The most records that a packet carries.
    public var recordLimit: Int
    /// Bytes that the server's host adds, on the return path only.
    public var host: Int
    /// Bytes in the reported packet.
    public var total: Int

    /// Sizes in bytes. The reported packet had `records` records.
    public init(header: Int, record: Int, records: Int, recordLimit: Int = .max, host: Int = 0) {
        self.header = header
        self.record = record
        self.recordLimit = recordLimit
        self.host = host
        total = header + records * record + host
    }

    /// Bytes on the link after this many hops.
    public func bytes(afterHops hops: Int, onReturnPath: Bool) -> Int {
        header + min(hops, recordLimit) * record + (onReturnPath ? host : 0)
    }
}
