// SPDX-License-Identifier: Apache-2.0

internal import BPF
internal import Workload

/// What all programs of a server cost a request, in the kernel's own accounting: those at the interface, and those that
/// measure its latency breakdown; some of these run for other work of the machine too.
///
/// The accounting itself is a part of every run. What is less than a per cent of a request cannot be seen in requests
/// per second, which vary by more: `share` shows it.
public struct RequestCost: Sendable, Hashable, Encodable {
    /// `udp` or `tcp`.
    public let `protocol`: String
    /// A mode's raw value.
    public let mode: String
    /// Nanoseconds of the programs at the interface's two hooks.
    public let interface: Double
    /// Nanoseconds of the programs of the latency breakdown, in total.
    public let breakdown: Double
    /// Runs of the programs of the latency breakdown per request.
    public let breakdownRuns: Double
    /// Nanoseconds of one run of a program that does nothing, at the interface's hooks.
    public let empty: Double
    /// Per cent of the processors' time a request, of client, server and kernel, that the programs take beyond programs
    /// that do nothing.
    public let share: Double

    enum CodingKeys: String, CodingKey {
        case `protocol`, mode
        case interface = "interface_ns_per_request"
        case breakdown = "breakdown_ns_per_request"
        case breakdownRuns = "breakdown_runs_per_request"
        case empty = "empty_ns_per_run"
        case share = "share_percent"
    }

    /// - Parameter empty: nanoseconds of one run of a program that does nothing.
    init(
        _ transport: TransportProtocol, _ mode: ApplicationBench.Mode, _ runs: ProgramRuns, empty: Double,
        requests: Int,
        processorTime: UInt64
    ) {
        let requests = Double(max(1, requests))
        let added =
            Double(runs.interface.nanoseconds + runs.breakdown.nanoseconds)
            - empty * Double(runs.interface.count + runs.breakdown.count)
        `protocol` = transport.rawValue
        self.mode = mode.rawValue
        interface = Double(runs.interface.nanoseconds) / requests
        breakdown = Double(runs.breakdown.nanoseconds) / requests
        breakdownRuns = Double(runs.breakdown.count) / requests
        self.empty = empty
        share = added / Double(max(1, processorTime)) * 100
    }
}

/// Runs of a server's programs between two readings.
struct ProgramRuns {
    private(set) var interface = ProgramRunTime(count: 0, nanoseconds: 0)
    private(set) var breakdown = ProgramRunTime(count: 0, nanoseconds: 0)

    /// Readings are by the name of the programs' hook.
    init(from before: [String: ProgramRunTime], to after: [String: ProgramRunTime]) {
        for (hook, time) in after {
            let start = before[hook] ?? ProgramRunTime(count: 0, nanoseconds: 0)
            let runs = ProgramRunTime(
                count: time.count - start.count, nanoseconds: time.nanoseconds - start.nanoseconds)
            if hook == "xdp" || hook == "egress" {
                interface = interface.adding(runs)
            } else {
                breakdown = breakdown.adding(runs)
            }
        }
    }
}

extension ProgramRunTime {
    fileprivate func adding(_ other: ProgramRunTime) -> ProgramRunTime {
        ProgramRunTime(count: count + other.count, nanoseconds: nanoseconds + other.nanoseconds)
    }
}
