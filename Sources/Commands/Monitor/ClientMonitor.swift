// SPDX-License-Identifier: Apache-2.0

import Collector
import HostAgent
import Journeys
import LinuxSystem
import TelemetryFormats
import TerminalKit

/// Feeds a monitor with what an interface's client programs report.
struct ClientMonitor: ~Copyable {
    private var reports: RequestReports
    private var join: ReplyJoin
    /// Requests whose journeys are to end at a switch.
    private var elsewhere = 0
    private static let stopToken: UInt64 = 1
    private static let reportsToken: UInt64 = 2
    /// How long a reply waits for its application's receive call: 200 ms.
    private static let patience: UInt64 = 200_000_000

    init(interface: String) throws {
        reports = try TelemetryHost(interface: interface).requestReports()
        join = ReplyJoin(patience: Self.patience)
    }

    /// Until `stop` is readable; then what is there is shown, and the summary.
    mutating func run(_ monitor: inout Monitor, until stop: Int32) throws {
        var epoll = try Epoll(capacity: 2)
        try epoll.add(stop, for: .readable, token: Self.stopToken)
        try epoll.add(reports.number, for: .readable, token: Self.reportsToken)
        var stopped = false
        while !stopped {
            try epoll.wait(milliseconds: 100) { if $0.token == Self.stopToken { stopped = true } }
            show(try replies(), in: &monitor)
            try monitor.tick()
        }
        show(join.finish(), in: &monitor)
        try monitor.finish()
        guard elsewhere > 0 else { return }
        Terminal.say(
            "\(elsewhere) requests have left with --sink switch; journeys of which a switch has taken the telemetry "
                + "are shown by 'monitor --interface' at the collector behind it")
    }

    private mutating func replies() throws -> [ReplyJoin.Reply] {
        var found: [ReplyJoin.Reply] = []
        var join = join
        var sent = 0
        try reports.read { report in
            found += join.take(report)
            if case .sent = report.kind { sent += 1 }
        }
        elsewhere += sent
        found += join.expire(at: DomainClock.nanoseconds())
        self.join = join
        return found
    }

    private func show(_ replies: [ReplyJoin.Reply], in monitor: inout Monitor) {
        for reply in replies {
            monitor.take(
                reply.head.span, originalLength: reply.head.count, seenAt: reply.times.arrived ?? 0, client: reply.times
            )
        }
    }
}
