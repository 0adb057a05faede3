// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Documents
import HostAgent
import TerminalKit

/// The configuration file of a host verb.
struct HostConfigured: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Configuration (YAML), by default \(HostConfiguration.usualPath) if it is there.", valueName: "file"))
    var config: String?

    /// nil if no file is named and the usual one is not there.
    func read() throws -> HostConfiguration? {
        try config.map { (path) throws(SettingsError) in try HostConfiguration(readingFile: path) }
            ?? HostConfiguration.usual()
    }
}

struct HostRules: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rules",
        abstract: "Show or change the rules that distinguish requests, while the programs run.",
        discussion: """
            A rule is PROTOCOL/PORT=ID, of the server's port. For UDP, ID is first4 (what ports without a rule have), dns, \
            none (replies in the order of the requests), or offset:BYTES,width:1|2|4|8 of the payload. For TCP it is \
            sequence. With either, off leaves the port's requests without telemetry.

            Without changes the rules in force are printed. --config makes them those of the file; --set and --remove \
            come after it. Nothing is attached again; telemetry that waits under an older rule of a port is lost.
            """)

    @OptionGroup var place: HostInterface

    @Option(help: ArgumentHelp("Take all rules from this configuration (YAML).", valueName: "file"))
    var config: String?

    @Option(
        help: ArgumentHelp("A rule to set, such as udp/53=dns.", valueName: "rule"),
        transform: { try MatchingRule(parsing: $0) })
    var set: [MatchingRule] = []

    @Option(
        help: ArgumentHelp("A port to give the default again, such as udp/53.", valueName: "port"),
        transform: { try ServerPort(parsing: $0) })
    var remove: [ServerPort] = []

    @Flag(help: "Print one JSON array.")
    var json = false

    func run() throws {
        let configuration = try config.map { (path) throws(SettingsError) in try HostConfiguration(readingFile: path) }
        let rules = try place.host.changeRules { rules in
            if let configuration { rules = configuration.rules }
            rules += set
            rules.removeAll { remove.contains($0.port) }
        }
        if json { return Terminal.print(try JSONText.line(rules)) }
        if rules.isEmpty { return Terminal.say("no rules: all ports have the default") }
        for rule in rules { Terminal.print("\(rule)") }
    }
}
