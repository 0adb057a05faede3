// SPDX-License-Identifier: Apache-2.0

internal import BPF
internal import CHostPrograms
internal import LinuxSystem

/// Whether the switch at the other end asks what this host strips, which it does before it sends telemetry.
public struct ProbeStatus: Sendable, Hashable, Encodable {
    /// Probes answered since the programs were attached.
    public let answered: UInt64
    /// Seconds since the last one; nil: none yet.
    public let lastSeconds: Double?

    private enum CodingKeys: String, CodingKey {
        case answered
        case lastSeconds = "last_seconds"
    }

    /// Whether a switch has asked so lately that it believes the answer.
    public var isCurrent: Bool { lastSeconds.map { $0 * 1e9 < Double(P4NI_ANSWER_LIFETIME) } ?? false }

    init(_ discovery: p4ni_discovery) {
        answered = discovery.answered
        let age = DomainClock.monotonicNanoseconds() &- discovery.last
        lastSeconds = discovery.last == 0 ? nil : (Double(age) / 1e8).rounded() / 10
    }
}

extension ProbeStatus {
    /// One line for people.
    var line: String {
        let what: String
        switch lastSeconds {
        case nil: what = "none yet: a switch that asks its hosts sends this one no telemetry"
        case .some(let seconds) where isCurrent: what = "\(answered) answered, the last \(seconds) s ago"
        case .some(let seconds):
            what =
                "\(answered) answered, none for \(seconds) s: a switch that asks its hosts sends no telemetry any more"
        }
        return "probes          " + what
    }
}
