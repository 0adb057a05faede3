// SPDX-License-Identifier: Apache-2.0

/// Which stages of the latency breakdown are measured, and why others are not.
public struct BreakdownStatus: Sendable, Hashable, Encodable {
    /// One stage or value of the breakdown.
    public struct Part: Sendable, Hashable, Encodable {
        /// The name in the extended host record, with the prefix tcp_ where TCP needs other programs than UDP.
        public let name: String
        /// Whether all programs that the part needs are attached.
        public let measured: Bool
        /// What the kernel lacks; empty if the part is measured.
        public let reason: String
    }

    /// All parts, in the order of the extended host record, UDP's before TCP's.
    public let parts: [Part]

    /// By the programs that are on their hooks, and those that the kernel refused.
    init(hooks: [HostHook], absent: [AbsentPart]) {
        parts = Self.needs.map { name, needed in
            let missing = needed.filter { !hooks.contains($0) }
            let reasons = missing.map { hook in
                absent.first { $0.name == hook.name }?.reason ?? "\(hook.name) is not attached"
            }
            return Part(name: name, measured: missing.isEmpty, reason: reasons.joined(separator: "; "))
        }
    }

    private static let needs: [(name: String, hooks: [HostHook])] = [
        ("to_queue", [BreakdownPrograms.queue]),
        ("to_receive", [BreakdownPrograms.queue, BreakdownPrograms.receive]),
        (
            "application",
            [BreakdownPrograms.queue, BreakdownPrograms.receive, BreakdownPrograms.send4, BreakdownPrograms.sent]
        ),
        ("to_egress", [BreakdownPrograms.send4, BreakdownPrograms.sent]),
        ("run_queue", [BreakdownPrograms.queue, BreakdownPrograms.receive, BreakdownPrograms.run]),
        ("queue_depth", [BreakdownPrograms.queue]),
        ("tcp_to_receive", [BreakdownPrograms.queue, BreakdownPrograms.receive, BreakdownPrograms.copied]),
        (
            "tcp_application",
            [BreakdownPrograms.queue, BreakdownPrograms.receive, BreakdownPrograms.copied, BreakdownPrograms.write]
        ),
        ("tcp_to_egress", [BreakdownPrograms.write]),
        ("retransmits", [BreakdownPrograms.queue]),
    ]
}

extension BreakdownStatus: CustomStringConvertible {
    /// The measured parts, then each missing one with its reason; `off` without programs.
    public var description: String {
        let measured = parts.filter(\.measured).map(\.name)
        let missing = parts.filter { !$0.measured }
        if measured.isEmpty, missing.allSatisfy({ $0.reason.hasSuffix("is not attached") }) { return "off" }
        return (measured.isEmpty ? "nothing" : measured.joined(separator: ", "))
            + missing.map { "; not \($0.name): \($0.reason)" }.joined()
    }
}
