// SPDX-License-Identifier: Apache-2.0

internal import BPF

extension TelemetryHost {
    /// The rules in force, without those that are the default.
    public func rules() throws(HostAgentError) -> [MatchingRule] {
        try withMaps(ofServers: true) { (maps) throws(BPFError) in try maps.readRules() }
    }

    /// Changes the rules while the programs run: each port has the old one or the new one at any moment.
    /// - Returns: those in force then.
    @discardableResult
    public func changeRules(_ change: (inout [MatchingRule]) -> Void) throws(HostAgentError) -> [MatchingRule] {
        try withMaps(ofServers: true) { (maps) throws(BPFError) in
            var rules = try maps.readRules()
            change(&rules)
            try maps.writeRules(rules)
            return try maps.readRules()
        }
    }
}
