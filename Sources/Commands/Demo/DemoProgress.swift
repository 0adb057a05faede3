// SPDX-License-Identifier: Apache-2.0

import LinuxSystem
import Scenarios
import TerminalKit
import Workload

/// Shows on standard error what a demo is doing.
final class DemoProgress {
    private let settings: DemoSettings
    private var line = ProgressLine()

    init(_ settings: DemoSettings) { self.settings = settings }

    func show(_ event: DemoEvent) {
        switch event {
        case .lab(let line): Terminal.say(line)
        case .serverAttached(let host, let xdpMode, let egressHook):
            Terminal.say("eBPF programs on \(host): XDP \(xdpMode), TC \(egressHook)")
        case .clientAttached(let host): Terminal.say("eBPF programs on \(host): its host is the INT source")
        case .sending(let client, let server):
            line = ProgressLine()
            Terminal.say(
                "\(plain(settings.rate)) requests per second over \(settings.transport == .tcp ? "TCP" : "UDP") from "
                    + "\(client) to \(server) for \(plain(settings.duration)) s")
        case .progress(let report, let completeJourneys):
            line.show(
                "\(report.sent) requests, \(report.replied) replies, \(report.lost) lost, "
                    + "\(completeJourneys) complete journeys")
        case .sent: line.finish()
        }
    }

    /// Without the `.0` of a whole number.
    private func plain(_ number: Double) -> String { Int(exactly: number).map(String.init) ?? "\(number)" }
}
