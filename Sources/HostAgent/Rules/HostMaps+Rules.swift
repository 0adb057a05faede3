// SPDX-License-Identifier: Apache-2.0

internal import BPF
internal import CHostPrograms

extension HostMaps {
    /// The rules in force, in the order of their ports. Ports that have the default are left out.
    func readRules() throws(BPFError) -> [MatchingRule] {
        let values = try map("p4ni_rules").value.readAll(like: p4ni_rule())
        return values.enumerated().compactMap { place, value in
            guard let identifier = RequestIdentifier(value) else { return nil }
            let transport: ServerPort.Transport = place < Int(P4NI_RULE_PORTS) ? .udp : .tcp
            return MatchingRule(ServerPort(transport, UInt16(place % Int(P4NI_RULE_PORTS))), identifier)
        }
    }

    /// Makes these the rules in force; of several for one port the last. What waits for a reply under an earlier rule is
    /// not found by a new one, and gives way in time.
    func writeRules(_ rules: [MatchingRule]) throws(BPFError) {
        var wanted: [ServerPort: RequestIdentifier] = [:]
        for rule in rules { wanted[rule.port] = rule.identifier }
        let map = try map("p4ni_rules")
        for old in try readRules() where wanted[old.port] == nil {
            try map.value.write(p4ni_rule(), at: old.port.place)
        }
        for (port, identifier) in wanted { try map.value.write(identifier.value, at: port.place) }
    }
}

extension ServerPort {
    /// Of the rule in the map.
    var place: UInt32 { UInt32(number) + (transport == .tcp ? UInt32(P4NI_RULE_PORTS) : 0) }
}

extension RequestIdentifier {
    /// nil for the default.
    init?(_ rule: p4ni_rule) {
        switch Int32(rule.kind) {
        case P4NI_RULE_NONE: self = .none
        case P4NI_RULE_DNS: self = .dns
        case P4NI_RULE_FIELD: self = .field(offset: Int(rule.offset), width: Int(rule.width))
        case P4NI_RULE_OFF: self = .off
        default: return nil
        }
    }

    var value: p4ni_rule {
        switch self {
        case .firstFourBytes, .sequence: p4ni_rule()
        case .none: p4ni_rule(kind: UInt8(P4NI_RULE_NONE), width: 0, offset: 0)
        case .dns: p4ni_rule(kind: UInt8(P4NI_RULE_DNS), width: 2, offset: 0)
        case .field(let offset, let width):
            p4ni_rule(kind: UInt8(P4NI_RULE_FIELD), width: UInt8(width), offset: UInt16(offset))
        case .off: p4ni_rule(kind: UInt8(P4NI_RULE_OFF), width: 0, offset: 0)
        }
    }
}
