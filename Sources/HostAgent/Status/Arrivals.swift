// SPDX-License-Identifier: Apache-2.0

public import Addresses
internal import BPF
internal import CHostPrograms
public import Journeys
internal import Wire

/// What a server's host saw of requests that clients' hosts have numbered: a number that is skipped is a request that
/// was lost on its way here, or has still to come.
public struct Arrivals: Sendable, Hashable {
    /// One client's requests on one flow; what is missing, since it last began at 1.
    public struct Numbered: Sendable, Hashable {
        /// The flow of the requests.
        public let flow: Flow
        /// The number of the client's host.
        public let host: HostID
        /// Requests of the flow that have arrived.
        public let received: UInt64
        /// Numbers that were skipped and have not arrived since then.
        public let missing: UInt64
    }

    /// Since the programs were attached, also of flows that have been forgotten.
    public let received: UInt64
    /// Numbers of all flows that were skipped and have not arrived since then.
    public let missing: UInt64
    /// How often a flow's numbers began again at 1, because its client was attached again.
    public let begunAgain: UInt64
    /// Those that miss requests, most first.
    public let flows: [Numbered]

    static let mostFlows = 16
}

extension Arrivals: Encodable {
    enum CodingKeys: String, CodingKey {
        case received, missing, flows
        case begunAgain = "begun_anew"
    }
}

extension Arrivals.Numbered: Encodable {
    private enum CodingKeys: CodingKey {
        case flow, host, received, missing
    }

    /// The form of `host status --json`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(flow.description, forKey: .flow)
        try container.encode(host.rawValue, forKey: .host)
        try container.encode(received, forKey: .received)
        try container.encode(missing, forKey: .missing)
    }
}

extension Arrivals {
    /// For a terminal; none where no client's host has numbered a request.
    var lines: [String] {
        guard received > 0 else { return [] }
        let restarts = begunAgain == 0 ? "" : "; numbers began again \(begunAgain) times"
        return ["numbered        \(received) requests arrived, \(missing) earlier ones are missing" + restarts]
            + flows.map { "  \($0.missing) missing, \($0.received) arrived of \($0.flow) of host \($0.host.rawValue)" }
    }
}

extension HostMaps {
    /// A snapshot: the programs go on while it is made.
    func arrivals() throws(BPFError) -> Arrivals {
        var totals = p4ni_arrival_totals()
        try map("p4ni_arrived").value.read(&totals)
        let map = try map("p4ni_arrivals")
        var flows: [Arrivals.Numbered] = []
        for key in try map.value.keys(startingFrom: p4ni_flow_key()) {
            var value = p4ni_arrivals()
            // One that has given way since then is not there.
            guard try map.value.read(&value, for: key), value.missing > 0 else { continue }
            flows.append(Arrivals.Numbered(key, value))
        }
        flows.sort { ($0.missing, $1.flow.description) > ($1.missing, $0.flow.description) }
        return Arrivals(
            received: totals.received, missing: totals.missing, begunAgain: totals.runs,
            flows: Array(flows.prefix(Arrivals.mostFlows)))
    }
}

extension Arrivals.Numbered {
    fileprivate init(_ key: p4ni_flow_key, _ value: p4ni_arrivals) {
        flow = Flow(
            source: IPAddress(key.source), destination: IPAddress(key.destination),
            ipProtocol: IPProtocol(rawValue: key.protocol),
            ports: Flow.Ports(
                source: Port(rawValue: UInt16(bigEndian: key.source_port)),
                destination: Port(rawValue: UInt16(bigEndian: key.destination_port))))
        host = HostID(rawValue: UInt32(bigEndian: UInt32(truncatingIfNeeded: key.request_id)))
        received = UInt64(value.received)
        missing = UInt64(value.missing)
    }
}
