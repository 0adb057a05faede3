// SPDX-License-Identifier: Apache-2.0

extension HostStatus: CustomStringConvertible {
    private var ruleText: String {
        rules.isEmpty ? "none, all ports as by default" : rules.map(\.description).joined(separator: " ")
    }

    /// Several lines, for a terminal; reasons that were never met are left out.
    public var description: String {
        var lines = [
            "interface       \(interface), as \(role)",
            "XDP             \(xdpMode), program \(xdpProgramID)"
                + (nativeRefusal.map { " (not native: \($0))" } ?? ""),
            "TC egress       \(egressHook), " + (egressProgramID.map { "program \($0)" } ?? "program taken away"),
            "reference level \(referenceLevel)",
            "requests        at most \(maximumRequests) waiting"
                + (memoryBytes.map { ", \(($0 + 512) / 1024) KiB of kernel memory" } ?? ""),
            "believes        \(trust)",
            "rules           \(ruleText)",
            "split           \(split)",
            "now waiting     \(waiting)",
            "saved           \(saved), restored \(restored), evicted \(evicted)",
        ]
        lines += FrameReason.allCases.filter { counts[$0] > 0 }.map { reason in
            let name = reason.name + String(repeating: " ", count: max(1, 16 - reason.name.utf8.count))
            return "  \(name)\(counts[reason])  \(reason.explanation)"
        }
        lines += arrivals?.lines ?? []
        if let client {
            lines += ClientReason.allCases.filter { client[$0] > 0 }.map { reason in
                let name = reason.name + String(repeating: " ", count: max(1, 18 - reason.name.utf8.count))
                return "  \(name)\(client[reason])  \(reason.explanation)"
            }
        }
        if let keptMaps {
            lines.append(
                keptMaps
                    ? "replaced        without a gap; what waited still waits"
                    : "replaced        with new maps: counters start again, and requests on their way lose their telemetry"
            )
        }
        lines += absent.map { "without         \($0.name): \($0.reason)" }
        return lines.joined(separator: "\n")
    }
}
