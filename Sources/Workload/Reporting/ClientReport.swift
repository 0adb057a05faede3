// SPDX-License-Identifier: Apache-2.0

internal import Histogram

/// The measurements of a client's run. Its memory is bounded, however long the run.
public struct ClientReport: Sendable {
    /// Requests that were sent.
    public internal(set) var sent = 0
    /// Replies that came back byte for byte.
    public internal(set) var replied = 0
    /// Replies with a known id and other bytes.
    public internal(set) var changed = 0
    /// Requests without a reply within the time-out.
    public internal(set) var lost = 0
    /// Datagrams that answer no request that still waits: second or late replies.
    public internal(set) var unexpected = 0
    /// Requests that the kernel refused to send.
    public internal(set) var notSent = 0
    /// Times the kernel reported that nobody listens at the destination (ECONNREFUSED).
    public internal(set) var refused = 0
    /// Times a connection ended before the run did (TCP).
    public internal(set) var disconnected = 0
    /// From the first request to the last reply or time-out, nanoseconds.
    public internal(set) var elapsed: UInt64 = 0

    private var roundTrips = Histogram<UInt64>(numberOfSignificantValueDigits: .three)

    mutating func add(_ outcome: RequestOutcome, _ onOutcome: (RequestOutcome) -> Void) {
        add(outcome)
        onOutcome(outcome)
    }

    private mutating func add(_ outcome: RequestOutcome) {
        switch outcome.ending {
        case .replied: replied += 1
        case .changed: changed += 1
        case .lost: lost += 1
        }
        if let roundTrip = outcome.roundTrip { roundTrips.record(roundTrip) }
    }

    /// The round trip that `percentile` per cent of the answered requests did not pass, in nanoseconds; nil without
    /// one.
    public func roundTrip(percentile: Double) -> UInt64? {
        roundTrips.totalCount == 0 ? nil : roundTrips.valueAtPercentile(percentile)
    }

    /// Nanoseconds; nil if no reply came.
    public var longestRoundTrip: UInt64? {
        roundTrips.totalCount == 0 ? nil : roundTrips.max
    }
}
