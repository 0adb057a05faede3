// SPDX-License-Identifier: Apache-2.0

/// A switch or a host that reports in a journey.
public enum ReportingNode: Sendable, Hashable {
    /// A switch.
    case networkSwitch(SwitchID)
    /// The server's host, or the client's.
    case host(HostID)

    /// Such as `s9`, or the name that the switch has, and `host 7`.
    public func name(_ places: PlaceNames = PlaceNames()) -> String {
        switch self {
        case .networkSwitch(let id): places.name(of: id)
        case .host(let id): "host \(id.rawValue)"
        }
    }
}

/// The switches and hosts whose reports a collector expects. A report of any other one is not refused, but marked:
/// it may be forged, or of a node that was added.
public struct ExpectedNodes: Sendable, Hashable {
    /// The switches; nil: any.
    public var switches: Set<SwitchID>?
    /// The hosts; nil: any.
    public var hosts: Set<HostID>?

    /// Any node is expected.
    public init(switches: Set<SwitchID>? = nil, hosts: Set<HostID>? = nil) {
        self.switches = switches
        self.hosts = hosts
    }

    /// The nodes of a report that are not expected, each once, in the order of travel, then hosts. A host that the
    /// report does not name, as in the record of 18 bytes, cannot be judged.
    public func unexpected(in report: JourneyReport) -> [ReportingNode] {
        var found: [ReportingNode] = []
        func check(_ node: ReportingNode, _ isExpected: Bool) {
            if !isExpected, !found.contains(node) { found.append(node) }
        }
        if let switches {
            for hop in report.hops { check(.networkSwitch(hop.switchID), switches.contains(hop.switchID)) }
        }
        if let hosts {
            for id in [report.source?.host, report.host?.details?.hostID] {
                if let id { check(.host(id), hosts.contains(id)) }
            }
        }
        return found
    }
}
