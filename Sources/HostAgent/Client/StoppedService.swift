// SPDX-License-Identifier: Apache-2.0

public import Addresses
internal import BPF
internal import CHostPrograms
internal import LinuxSystem

/// A service towards which a client has stopped beginning telemetry, since its replies do not bring it.
public struct StoppedService: Sendable, Hashable {
    /// Where requests went.
    public let endpoint: Endpoint
    /// UDP or TCP.
    public let ipProtocol: IPProtocol
    /// Requests with telemetry in a row whose replies brought none.
    public let unanswered: UInt32
    /// Seconds until one more is tried; 0: with the next request.
    public let retrySeconds: Double

    static func all(in maps: HostMaps) throws(BPFError) -> [StoppedService] {
        guard let map = maps["p4ni_services"] else { return [] }
        let now = DomainClock.monotonicNanoseconds()
        var found: [StoppedService] = []
        for key in try map.value.keys(startingFrom: p4ni_service()) {
            var state = p4ni_service_state()
            guard try map.value.read(&state, for: key), state.unanswered >= UInt32(P4NI_TRIES),
                now &- state.heard > UInt64(P4NI_SILENCE)
            else { continue }
            found.append(StoppedService(key, state, now: now))
        }
        return found.sorted { $0.text < $1.text }
    }

    private init(_ service: p4ni_service, _ state: p4ni_service_state, now: UInt64) {
        endpoint = Endpoint(IPAddress(service.address), port: Port(rawValue: UInt16(bigEndian: service.port)))
        ipProtocol = service.protocol == IPProtocol.tcp.rawValue ? .tcp : .udp
        unanswered = state.unanswered
        let left = state.retry > now ? state.retry - now : 0
        retrySeconds = (Double(left) / 1e8).rounded() / 10
    }

    private var text: String { "\(endpoint)/\(ipProtocol == .tcp ? "tcp" : "udp")" }
}

extension StoppedService: Encodable {
    private enum CodingKeys: String, CodingKey {
        case service, unanswered
        case retrySeconds = "retry_seconds"
    }

    /// The form of `host status --json`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(text, forKey: .service)
        try container.encode(unanswered, forKey: .unanswered)
        try container.encode(retrySeconds, forKey: .retrySeconds)
    }
}

extension StoppedService {
    /// One line for people.
    var line: String {
        "stopped         towards \(text): \(unanswered) requests in a row came back without telemetry; "
            + (retrySeconds > 0 ? "one more is tried in \(retrySeconds) s" : "the next request is tried again")
    }
}
