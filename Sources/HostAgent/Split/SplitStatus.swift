// SPDX-License-Identifier: Apache-2.0

/// Which parts of the host's time are measured, and why others are not.
public struct SplitStatus: Sendable, Hashable, Encodable {
    public struct Part: Sendable, Hashable, Encodable {
        /// As the extended host record calls it; with tcp_ in front where TCP needs other programs than UDP.
        public let name: String
        public let measured: Bool
        /// What of the kernel is missing; empty if nothing is.
        public let reason: String
    }

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
        ("to_queue", [SplitPrograms.queue]),
        ("to_receive", [SplitPrograms.queue, SplitPrograms.receive]),
        ("application", [SplitPrograms.queue, SplitPrograms.receive, SplitPrograms.send4, SplitPrograms.sent]),
        ("to_egress", [SplitPrograms.send4, SplitPrograms.sent]),
        ("run_queue", [SplitPrograms.queue, SplitPrograms.receive, SplitPrograms.run]),
        ("queue_depth", [SplitPrograms.queue]),
        ("tcp_to_receive", [SplitPrograms.queue, SplitPrograms.receive, SplitPrograms.take]),
        ("tcp_application", [SplitPrograms.queue, SplitPrograms.receive, SplitPrograms.take, SplitPrograms.write]),
        ("tcp_to_egress", [SplitPrograms.write]),
        ("retransmits", [SplitPrograms.queue]),
    ]
}

extension SplitStatus: CustomStringConvertible {
    public var description: String {
        let measured = parts.filter(\.measured).map(\.name)
        let missing = parts.filter { !$0.measured }
        if measured.isEmpty, missing.allSatisfy({ $0.reason.hasSuffix("is not attached") }) { return "off" }
        return (measured.isEmpty ? "nothing" : measured.joined(separator: ", "))
            + missing.map { "; not \($0.name): \($0.reason)" }.joined()
    }
}
