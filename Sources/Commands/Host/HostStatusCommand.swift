// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Documents
import HostAgent
import TerminalKit

struct HostStatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show the attached programs and their counters per reason.",
        discussion: """
            Without --interface, shows all interfaces of this network namespace; --json then prints an array. \
            --prometheus prints text for a scraper, such as the node exporter's textfile collector. Needs root.

            Examples:
              p4netintel host status
              p4netintel host status --interface eth0 --json
              p4netintel host status --prometheus

            Exit codes: 0 done; 1 nothing is attached to the interface, or it does not exist; 64 wrong usage.
            """)

    @Option(help: ArgumentHelp("Show this interface only, in this network namespace.", valueName: "name"))
    var interface: String?

    @Flag(help: "Print one JSON object, or an array of them.")
    var json = false

    @Flag(help: "Print metrics in the Prometheus text format.")
    var prometheus = false

    func validate() throws {
        if json, prometheus { throw ValidationError("--json and --prometheus exclude each other") }
    }

    func run() throws {
        if let interface {
            let status = try TelemetryHost(interface: interface).status()
            Terminal.print(json ? try JSONText.line(status) : prometheus ? metrics([status]) : "\(status)")
            return
        }
        let all = try TelemetryHost.attachments()
        for error in all.unreadable { Terminal.say("warning: \(error)") }
        if json { return Terminal.print(try JSONText.line(all.statuses)) }
        if prometheus { return Terminal.print(metrics(all.statuses)) }
        if all.statuses.isEmpty, all.unreadable.isEmpty {
            return Terminal.say("nothing is attached in this network namespace")
        }
        Terminal.print(all.statuses.map { "\($0)" }.joined(separator: "\n\n"))
    }

    /// Without the last line's end, which printing adds.
    private func metrics(_ statuses: [HostStatus]) -> String { String(HostMetrics(statuses).text.dropLast()) }
}
