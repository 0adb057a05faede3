// SPDX-License-Identifier: Apache-2.0

internal import BPF
internal import Journeys
internal import TelemetryFormats
internal import TextLayout

extension HostStatus: CustomStringConvertible {
    /// Several lines, for a terminal; reasons that were never met are left out.
    public var description: String {
        var lines = [
            "interface       \(interface), as \(role.rawValue)",
            "XDP             \(xdpMode.rawValue), program \(xdpProgramID)"
                + (nativeRefusal.map { " (not native: \($0))" } ?? ""),
            "TC egress       \(egressHook), "
                + (egressProgramID.map { "program \($0)" } ?? "program removed"),
        ]
        lines += probes.map { [$0.line] } ?? []
        lines += memoryBytes.map { ["memory          \(($0 + 512) / 1024) KiB of kernel memory, for maps"] } ?? []
        lines += client?.lines ?? []
        lines += server?.lines ?? []
        if server != nil { lines.append("saved           \(saved), restored \(restored), evicted \(evicted)") }
        lines += FrameReason.allCases.filter { counts[$0] > 0 }.map { reason in
            let name = (reason.name + " ").leftAligned(16)
            return "  \(name)\(counts[reason])  \(reason.explanation)"
        }
        lines += matchingHint.map { [$0] } ?? []
        lines += arrivals?.lines ?? []
        lines += client?.countLines ?? []
        if let keptMaps {
            lines.append(
                keptMaps
                    ? "replaced        without a gap; saved telemetry was kept"
                    : "replaced        with new maps: counters start again, and requests on their way lose their telemetry"
            )
        }
        if let lostMarks {
            lines.append(
                "warning         ports first used during the replacement have no telemetry until used again: \(lostMarks)"
            )
        }
        lines += absent.map { "without         \($0.name): \($0.reason)" }
        return lines.joined(separator: "\n")
    }

    /// What to look at where most saved telemetry finds no reply.
    var matchingHint: String? {
        guard server != nil, saved >= 20, restored < saved / 2 else { return nil }
        return
            "hint            most replies do not match their request: a UDP port whose replies do not begin with the "
            + "request's first 4 bytes needs a rule ('host rules'); or they leave by another interface"
    }
}

extension ServerStatus {
    fileprivate var lines: [String] {
        [
            "reference level \(referenceLevel)",
            "requests        at most \(maximumRequests) waiting",
            "trusts          \(trust)",
            "rules           "
                + (rules.isEmpty
                    ? "none; all ports have the default" : rules.map(\.description).joined(separator: " ")),
            "breakdown       \(breakdown)",
            "now waiting     \(waiting)" + (waiting > 0 ? ", the oldest for \(oldestWaiting) s" : ""),
        ]
    }
}

extension ClientStatus {
    fileprivate var lines: [String] {
        [
            "inserts         \(inserts)",
            "as host         \(hostID.rawValue), the sink is "
                + (sink == .host ? "this host" : "a switch")
                + (timesCalls ? "" : ", the application's calls are not timed"),
        ] + (neighbours.map { $0.map(\.line) } ?? ["next device     not asked (--no-probe)"]) + stopped.map(\.line)
    }

    private var inserts: String {
        guard peers > 0 else { return "nothing: no peers" }
        let chosen = sampling == "every" ? "every request" : sampling
        return "level \(level) into \(chosen), towards \(peers) prefixes of peers"
    }

    fileprivate var countLines: [String] {
        ClientReason.allCases.filter { counts[$0] > 0 }.map { reason in
            let name = (reason.name + " ").leftAligned(18)
            return "  \(name)\(counts[reason])  \(reason.explanation)"
        }
    }
}
