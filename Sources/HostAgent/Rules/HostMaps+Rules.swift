// SPDX-License-Identifier: Apache-2.0

internal import BPF
internal import CHostPrograms

extension HostMaps {
    /// The rules in force, in the order of their ports. Ports that have the default are left out.
    func readRules() throws(BPFError) -> [MatchingRule] { Self.rules(try readRuleValues()) }

    /// Makes these the rules in force; of several for one port the last. What waits for a reply under an earlier rule
    /// is not found by a new one, and gives way in time.
    func writeRules(_ rules: [MatchingRule]) throws(BPFError) {
        var wanted: [ServerPort: RequestIdentifier] = [:]
        for rule in rules { wanted[rule.port] = rule.identifier }
        let old = try readRuleValues()
        for rule in Self.rules(old) where wanted[rule.port] == nil {
            wanted[rule.port] = .standard(of: rule.port.transport)
        }
        let map = try map("p4ni_rules")
        for (port, identifier) in wanted {
            var value = identifier.value
            value.kind |= old[Int(port.place)].kind & UInt8(P4NI_RULE_USED)
            try map.value.write(value, at: port.place)
        }
    }

    /// Marks here the ports that `old` has marked as used: telemetry has come for them. The programs may run at the
    /// same time: they only mark rules.
    func keepMarks(of old: HostMaps) throws(BPFError) {
        guard self["p4ni_rules"] != nil, old["p4ni_rules"] != nil else { return }
        let before = try old.readRuleValues()
        let now = try readRuleValues()
        let map = try map("p4ni_rules")
        for (place, value) in now.enumerated() where before[place].isUsed && !value.isUsed {
            var marked = value
            marked.kind |= UInt8(P4NI_RULE_USED)
            try map.value.write(marked, at: UInt32(place))
        }
    }

    private func readRuleValues() throws(BPFError) -> [p4ni_rule] {
        try map("p4ni_rules").value.readAll(like: p4ni_rule())
    }

    private static func rules(_ values: [p4ni_rule]) -> [MatchingRule] {
        values.enumerated().compactMap { place, value in
            guard let identifier = RequestIdentifier(value) else { return nil }
            let transport: ServerPort.Transport = place < Int(P4NI_RULE_PORTS) ? .udp : .tcp
            return MatchingRule(ServerPort(transport, UInt16(place % Int(P4NI_RULE_PORTS))), identifier)
        }
    }
}

extension p4ni_rule {
    fileprivate var isUsed: Bool { kind & UInt8(P4NI_RULE_USED) != 0 }
}

extension ServerPort {
    /// The rule's place in the map.
    var place: UInt32 { UInt32(number) + (transport == .tcp ? UInt32(P4NI_RULE_PORTS) : 0) }
}

extension RequestIdentifier {
    /// nil for the default.
    init?(_ rule: p4ni_rule) {
        switch Int32(rule.kind) & P4NI_RULE_KIND {
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
