// SPDX-License-Identifier: Apache-2.0

/// How one request ended.
public struct RequestOutcome: Sendable, Hashable {
    /// How a request ended.
    public enum Ending: Sendable, Hashable {
        /// Its reply came, byte for byte as the request was. Nanoseconds from send to receive.
        case replied(roundTrip: UInt64)
        /// A reply with its id came, but not with its bytes.
        case changed(roundTrip: UInt64)
        /// No reply within the time-out.
        case lost
    }

    /// The first 4 bytes of its payload.
    public let id: UInt32
    /// When it was handed to the kernel, in nanoseconds of the domain's clock.
    public let sentAt: UInt64
    /// How the request ended.
    public let ending: Ending

    /// Nanoseconds from send to receive; nil for a lost one.
    public var roundTrip: UInt64? {
        switch ending {
        case .replied(let roundTrip), .changed(let roundTrip): roundTrip
        case .lost: nil
        }
    }
}
