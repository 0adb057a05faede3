// SPDX-License-Identifier: Apache-2.0

internal import BPF

/// Attachments as metrics for Prometheus. Names, labels and units never change; new ones may be added.
public struct HostMetrics: Sendable {
    private let attachments: [HostStatus]

    /// Metrics of these attachments, in their order.
    public init(_ attachments: [HostStatus]) { self.attachments = attachments }

    /// The text of the Prometheus exposition format, version 0.0.4.
    public var text: String {
        var text = MetricText()
        text.add(
            "p4netintel_host_frames_total", .counter,
            "Frames by the hook they went through and the one reason they were counted under there.", frames)
        text.add(
            "p4netintel_host_dropped_requests_total", .counter,
            "Requests whose telemetry was saved and lost before a reply carried it, by reason.", dropped)
        text.add(
            "p4netintel_host_answered_requests_total", .counter, "Requests answered with telemetry.",
            server { String($0.answered) })
        text.add(
            "p4netintel_host_numbered_requests_total", .counter,
            "Requests that arrived with a number by their client's host.", arrivals(\.received))
        text.add(
            "p4netintel_host_missing_requests", .gauge,
            "Numbers that were skipped: requests that were lost on their way, or have still to come.",
            arrivals(\.missing))
        text.add(
            "p4netintel_host_numbers_begun_anew_total", .counter,
            "Times that a flow's numbers began again at 1, because its client was attached again.",
            arrivals(\.begunAgain))
        text.add(
            "p4netintel_host_client_frames_total", .counter,
            "Frames by what the client role made of them: stamp_ for each frame that left, the others for frames that arrived.",
            client)
        text.add(
            "p4netintel_host_waiting_requests", .gauge, "Requests whose telemetry waits for a reply now.",
            server { String($0.waiting) })
        text.add(
            "p4netintel_host_max_requests", .gauge, "Requests whose telemetry may wait at once.",
            server { String($0.maximumRequests) })
        text.add(
            "p4netintel_host_memory_bytes", .gauge, "Kernel memory of the maps.",
            attachments.compactMap { status in status.memoryBytes.map { (labels(status), String($0)) } })
        text.add(
            "p4netintel_host_attached_timestamp_seconds", .gauge, "When the programs were attached or last replaced.",
            each { Self.seconds($0.since) })
        text.add(
            "p4netintel_host_absent_part", .gauge, "1 for each part that the kernel did not accept.",
            attachments.flatMap { status in
                status.absent.map { (labels(status) + [("part", $0.name)], "1") }
            })
        text.add(
            "p4netintel_host_info", .gauge, "1, with what is attached and how.",
            attachments.map { status in
                (
                    labels(status) + [
                        ("xdp", status.xdpMode.rawValue), ("egress", status.egressHook),
                        ("version", String(status.version)),
                    ], "1"
                )
            })
        return text.text
    }

    private func labels(_ status: HostStatus) -> [(String, String)] {
        [("interface", status.interface), ("role", status.role.rawValue)]
    }

    private func each(_ value: (HostStatus) -> String) -> [(labels: [(String, String)], value: String)] {
        attachments.map { (labels($0), value($0)) }
    }

    private func server(_ value: (ServerStatus) -> String) -> [(labels: [(String, String)], value: String)] {
        attachments.compactMap { status in status.server.map { (labels(status), value($0)) } }
    }

    private func arrivals(_ value: (Arrivals) -> UInt64) -> [(labels: [(String, String)], value: String)] {
        attachments.compactMap { status in status.arrivals.map { (labels(status), String(value($0))) } }
    }

    private var client: [(labels: [(String, String)], value: String)] {
        attachments.flatMap { status in
            guard let counts = status.client?.counts else { return [] as [(labels: [(String, String)], value: String)] }
            return ClientReason.allCases.map { (labels(status) + [("reason", $0.name)], String(counts[$0])) }
        }
    }

    /// What is counted on top is not among them: a sum would count those frames twice.
    private var frames: [(labels: [(String, String)], value: String)] {
        attachments.flatMap { status in
            status.counts.reasons.filter { !$0.isOnTop }.map { reason in
                (
                    labels(status) + [("hook", Self.hook(reason)), ("reason", reason.name)],
                    String(status.counts[reason])
                )
            }
        }
    }

    private var dropped: [(labels: [(String, String)], value: String)] {
        attachments.flatMap { status in
            status.counts.reasons.filter(\.isOnTop).map { reason in
                (labels(status) + [("reason", reason.name)], String(status.counts[reason]))
            }
        }
    }

    private static func hook(_ reason: FrameReason) -> String { reason.name.hasPrefix("tc_") ? "tc" : "xdp" }

    /// With nine decimals, exact.
    private static func seconds(_ nanoseconds: UInt64) -> String {
        let fraction = String(nanoseconds % 1_000_000_000)
        return "\(nanoseconds / 1_000_000_000)." + String(repeating: "0", count: 9 - fraction.count) + fraction
    }
}
