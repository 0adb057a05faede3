// SPDX-License-Identifier: Apache-2.0

internal import CHostPrograms
public import Documents

/// Into which of the requests to peers a client's host inserts telemetry.
public enum Sampling: Sendable, Hashable {
    /// Every request.
    case every
    /// One request in this many, chosen at random; at least 1.
    case share(UInt32)
    /// At most this many requests per second, from 1 to 10^9, evenly apart.
    case rate(UInt32)

    /// `every`, `1/100`, `100/s`.
    public init(parsing text: String) throws(InputError) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        if text == "every" {
            self = .every
        } else if parts.count == 2, parts[1] == "s" {
            guard let rate = UInt32(parts[0]), (1...1_000_000_000).contains(rate) else {
                throw InputError("rate must be 1 to 1000000000 per second, got '\(parts[0])'")
            }
            self = .rate(rate)
        } else if parts.count == 2, parts[0] == "1" {
            guard let share = UInt32(parts[1]), share > 0 else {
                throw InputError("share must be 1/1 to 1/\(UInt32.max), got '1/\(parts[1])'")
            }
            self = .share(share)
        } else {
            throw InputError(
                "sampling must be every, a share such as 1/100, or a rate such as 100/s, got '\(text)'")
        }
    }

    /// As `init(parsing:)`; nil where that throws.
    public init?(_ text: String) {
        guard let sampling = try? Sampling(parsing: text) else { return nil }
        self = sampling
    }

    /// As `set` wrote it; nil for a share of none.
    init?(_ settings: p4ni_client_settings) {
        switch settings.sampling {
        case UInt32(P4NI_SAMPLE_SHARE):
            guard settings.threshold > 0 else { return nil }
            // A rounded share of a rounded threshold: up to 2^16 it is what was set.
            self = .share(UInt32(clamping: ((UInt64(1) << 33) / UInt64(settings.threshold) + 1) / 2))
        case UInt32(P4NI_SAMPLE_RATE):
            self = .rate(UInt32(clamping: (2_000_000_000 / max(settings.interval, 1) + 1) / 2))
        default: self = .every
        }
    }

    func set(in settings: inout p4ni_client_settings) {
        switch self {
        // A share of all has no threshold that 32 bits can hold.
        case .every, .share(0), .share(1):
            settings.sampling = UInt32(P4NI_SAMPLE_EVERY)
        case .share(let share):
            settings.sampling = UInt32(P4NI_SAMPLE_SHARE)
            settings.threshold = UInt32(clamping: (UInt64(1) << 32) / UInt64(share))
        case .rate(let rate):
            settings.sampling = UInt32(P4NI_SAMPLE_RATE)
            settings.interval = 1_000_000_000 / UInt64(max(rate, 1))
        }
    }
}

extension Sampling: LosslessStringConvertible {
    /// As `init(parsing:)` reads it.
    public var description: String {
        switch self {
        case .every: "every"
        case .share(let share): "1/\(share)"
        case .rate(let rate): "\(rate)/s"
        }
    }
}
