// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Documents
import HostAgent
import TerminalKit

/// The configuration file of a host verb.
struct HostConfigurationOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Configuration (YAML). (default: \(HostConfiguration.usualPath), if it exists)", valueName: "file"))
    var config: String?

    /// nil if no file is named and the usual one is not there.
    func read() throws -> HostConfiguration? {
        try config.map { (path) throws(InputError) in try HostConfiguration(readingFile: path) }
            ?? HostConfiguration.usual()
    }
}

struct HostRulesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rules",
        abstract: "Show or change how replies are matched to requests, while the programs run.",
        discussion: """
            A rule is PROTOCOL/PORT=ID, with the port of the server. For UDP, ID is first4 (the default), dns, none \
            (replies are in the order of the requests), or offset:BYTES,width:1|2|4|8 of the payload. For TCP, ID is \
            sequence. For both, off removes the telemetry of the port's requests and does not put it on replies.

            Without changes, prints the rules in force. --config replaces them by those of the file; then --set and \
            --remove apply. Nothing is attached again; telemetry saved under a port's previous rule is lost. Needs root.

            Examples:
              p4netintel host rules --interface eth0
              p4netintel host rules --interface eth0 --set udp/53=dns --remove udp/7000

            Exit codes: 0 done; 1 nothing is attached, or the file has a mistake; 64 wrong usage.
            """)

    @OptionGroup var place: HostInterface

    @Option(help: ArgumentHelp("Replace all rules by those of this configuration (YAML).", valueName: "file"))
    var config: String?

    @Option(
        help: ArgumentHelp("A rule to set, such as udp/53=dns; may be repeated.", valueName: "rule"),
        transform: { try MatchingRule(parsing: $0) })
    var set: [MatchingRule] = []

    @Option(
        help: ArgumentHelp("A port to reset to the default, such as udp/53; may be repeated.", valueName: "port"),
        transform: { try ServerPort(parsing: $0) })
    var remove: [ServerPort] = []

    @Flag(help: "Print one JSON array.")
    var json = false

    func run() throws {
        let configuration = try config.map { (path) throws(InputError) in try HostConfiguration(readingFile: path) }
        let rules = try place.host.changeRules { rules in
            if let configuration { rules = MatchingRule.completed(configuration.rules) }
            rules += set
            rules.removeAll { remove.contains($0.port) }
        }
        if json { return Terminal.print(try JSONText.line(rules)) }
        if rules.isEmpty { return Terminal.say("no rules: all ports have the default") }
        for rule in rules { Terminal.print("\(rule)") }
    }
}
