// SPDX-License-Identifier: Apache-2.0

/// What the client knows of one request beside the report: nanoseconds of the domain's clock, nil for what was not
/// measured.
public struct ClientTimes: Sendable, Hashable {
    /// When the application handed its request to the kernel.
    public var sent: UInt64?
    /// When the reply reached the XDP hook of the client's host.
    public var arrived: UInt64?
    /// When the application had the reply.
    public var received: UInt64?
    /// Not a time: how many earlier replies of this flow the client's host had no room to report.
    public var unreported: UInt32 = 0

    /// Times in nanoseconds.
    public init(sent: UInt64? = nil, arrived: UInt64? = nil, received: UInt64? = nil) {
        self.sent = sent
        self.arrived = arrived
        self.received = received
    }
}
