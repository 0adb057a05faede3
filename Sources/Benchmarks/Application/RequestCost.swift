// SPDX-License-Identifier: Apache-2.0

internal import BPF
internal import Workload

/// What all programs of a server cost a request with telemetry, in the kernel's own accounting: those at the interface, and
/// those that split its time, some of which run for other work of the machine too.
public struct RequestCost: Sendable, Hashable, Encodable {
    public let `protocol`: String
    /// Of the programs at the interface's two hooks.
    public let interface: Double
    /// Of the programs that split the host's time, all together; their runs, of each of which the accounting itself is
    /// some 58 ns.
    public let split: Double
    public let splitRuns: Double

    enum CodingKeys: String, CodingKey {
        case `protocol`
        case interface = "interface_ns_per_request"
        case split = "split_ns_per_request"
        case splitRuns = "split_runs_per_request"
    }

    init(
        _ transport: TransportProtocol, _ before: [String: ProgramRunTime], _ after: [String: ProgramRunTime],
        _ requests: Int
    ) {
        var interface: UInt64 = 0
        var split: (nanoseconds: UInt64, runs: UInt64) = (0, 0)
        for (hook, time) in after {
            let start = before[hook] ?? ProgramRunTime(count: 0, nanoseconds: 0)
            if hook == "xdp" || hook == "egress" {
                interface += time.nanoseconds - start.nanoseconds
            } else {
                split.nanoseconds += time.nanoseconds - start.nanoseconds
                split.runs += time.count - start.count
            }
        }
        `protocol` = transport.rawValue
        self.interface = Double(interface) / Double(max(1, requests))
        self.split = Double(split.nanoseconds) / Double(max(1, requests))
        splitRuns = Double(split.runs) / Double(max(1, requests))
    }
}
