// SPDX-License-Identifier: Apache-2.0

public import Addresses
internal import BPF
internal import CHostPrograms
internal import LinuxSystem

/// A device that requests go to next, and what it answered to probes.
public struct NeighbourStatus: Sendable, Hashable {
    /// Its MAC address.
    public let address: MACAddress
    /// Whether its last answer says that it takes telemetry: a switch that carries it, or a host that strips it.
    public let takesTelemetry: Bool
    /// Seconds since its last answer; nil: none yet.
    public let answeredSeconds: Double?

    /// Whether requests to it get telemetry: it has answered lately that it takes it.
    public var isCurrent: Bool {
        takesTelemetry && answeredSeconds.map { $0 * 1e9 < Double(P4NI_ANSWER_LIFETIME) } ?? false
    }

    /// All devices that were probed.
    static func all(in maps: HostMaps) throws(BPFError) -> [NeighbourStatus] {
        guard let map = maps["p4ni_neighbours"] else { return [] }
        let now = DomainClock.monotonicNanoseconds()
        var found: [NeighbourStatus] = []
        for key in try map.value.keys(startingFrom: p4ni_neighbour_key()) {
            var neighbour = p4ni_neighbour()
            guard try map.value.read(&neighbour, for: key) else { continue }
            found.append(NeighbourStatus(key, neighbour, now: now))
        }
        return found.sorted { $0.address.rawValue < $1.address.rawValue }
    }

    private init(_ key: p4ni_neighbour_key, _ neighbour: p4ni_neighbour, now: UInt64) {
        let mac = key.mac
        address = MACAddress(
            rawValue: [mac.0, mac.1, mac.2, mac.3, mac.4, mac.5].reduce(0) { $0 << 8 | UInt64($1) })
        takesTelemetry =
            neighbour.capabilities & UInt32(P4NI_STRIPS_REQUESTS | P4NI_CARRIES_REQUESTS) != 0
        let age = now > neighbour.answered ? now - neighbour.answered : 0
        answeredSeconds = neighbour.answered == 0 ? nil : (Double(age) / 1e8).rounded() / 10
    }
}

extension NeighbourStatus: Encodable {
    private enum CodingKeys: String, CodingKey {
        case mac
        case takesTelemetry = "takes_telemetry"
        case answeredSeconds = "answered_seconds"
    }

    /// The form of `host status --json`; `answered_seconds` is null where there was no answer.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode("\(address)", forKey: .mac)
        try container.encode(takesTelemetry, forKey: .takesTelemetry)
        try container.encode(answeredSeconds, forKey: .answeredSeconds)
    }
}

extension NeighbourStatus {
    /// One line for people.
    var line: String {
        let what =
            switch answeredSeconds {
            case nil: "has not answered: a router or a host without programs, to which no telemetry is sent"
            case .some where !takesTelemetry: "answers that it takes no telemetry from this host"
            case .some(let seconds) where isCurrent: "takes telemetry, answered \(seconds) s ago"
            case .some(let seconds): "took telemetry, has not answered for \(seconds) s: none is sent"
            }
        return "next device     \(address) \(what)"
    }
}
