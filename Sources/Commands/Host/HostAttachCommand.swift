// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import BPF
import HostAgent
import Journeys
import TelemetryFormats
import TerminalKit

struct HostAttachCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "attach",
        abstract: "Strip telemetry from requests and restore it on their replies, or insert it as a client.",
        discussion: """
            Server: XDP strips the telemetry of a request, saves it, and passes the plain packet; TC egress restores it on \
            the reply and adds the host's own record. A reply is matched to its UDP request by addresses, ports and the \
            first 4 bytes of payload, or by a rule for the port; over TCP by sequence numbers. Client: the host is INT \
            source and sink of its own requests. The programs stay attached when this command ends, until 'host detach'.

            Options override the configuration file; /etc/p4netintel/host.yaml is read if it exists.

            Programs that are attached already stay as they are, unless --replace is given: then new ones replace them \
            while traffic flows. Saved telemetry is kept if version and --max-requests are the same. Needs root.

            Examples:
              p4netintel host attach --interface eth0
              p4netintel host attach --interface eth0 --rule udp/53=dns --fix-offloads
              p4netintel host attach --interface eth0 --role client --peer 10.0.2.0/24 --sample 1/100
              p4netintel host attach --interface eth0 --replace

            Exit codes: 0 attached; 1 the kernel or the interface refuses; 64 wrong usage.
            """)

    @OptionGroup var place: HostInterface

    @Option(
        help: ArgumentHelp(
            "Level (\(ReferenceFormat.levelsText)) of frames in the reference format, which do not carry it; of a client, the level (\(Level.rangeText)) that it inserts.",
            valueName: "level"))
    var level: UInt8?

    @Option(help: ArgumentHelp("Requests that can have saved telemetry at the same time.", valueName: "count"))
    var maxRequests: Int?

    @OptionGroup var configured: HostConfigurationOption

    @Option(
        name: .customLong("rule"),
        help: ArgumentHelp(
            "How replies of a port are matched, instead of the file's rule: udp/53=dns; 'host rules --help' lists all.",
            valueName: "rule"), transform: { try MatchingRule(parsing: $0) })
    var rules: [MatchingRule] = []

    @Option(
        help: ArgumentHelp(
            "Whose telemetry to believe: trust (everyone's), strip (nobody's), or source prefixes separated by commas.",
            valueName: "whose"), transform: { try TelemetryTrust(parsing: $0) })
    var telemetry: TelemetryTrust?

    @Option(
        help: ArgumentHelp(
            "Latency breakdown of the host into kernel, socket and application: auto, as far as the kernel allows, or off.",
            valueName: "auto|off"))
    var breakdown: AttachOptions.Breakdown?

    /// The former name of `--breakdown`.
    @Option(name: .customLong("split"), help: .hidden)
    var split: AttachOptions.Breakdown?

    @Flag(
        help: "Write host records of 18 bytes, those of the reference format, at levels \(ReferenceFormat.levelsText).")
    var legacy = false

    @Option(
        help: ArgumentHelp(
            "The host's number in its records, 1 to 4294967295. (default: from the interface's address)",
            valueName: "number"))
    var hostId: UInt32?

    @Flag(help: "Use generic XDP; do not try XDP in the driver.")
    var genericXdp = false

    @Flag(help: "First turn off the interface's offloads that prevent telemetry on replies; detach leaves them off.")
    var fixOffloads = false

    @Flag(
        help: ArgumentHelp(
            "First lower the MTU of the interface's routes, so that telemetry has room in front of full packets; detach leaves "
                + "them so. Prints how to undo it."))
    var fixMtu = false

    @Flag(help: "Replace programs that are attached already, without a gap.")
    var replace = false

    @OptionGroup(title: "Client") var clientPart: ClientArguments

    func validate() throws {
        let range = AttachOptions.maximumRequestsRange
        if let maxRequests, !range.contains(maxRequests) {
            throw ValidationError(
                "--max-requests must be \(range.lowerBound) to \(range.upperBound), got \(maxRequests)")
        }
        if hostId == 0 { throw ValidationError("--host-id must be 1 to \(UInt32.max), got 0") }
        // What a file may say of the role is known later.
        if let role = clientPart.role { try check(role) }
        if let level, !Level.range.contains(Int(level)) {
            throw ValidationError(
                "--level must be \(Level.rangeText), for a server \(ReferenceFormat.levelsText), got \(level)")
        }
    }

    /// Whether what was given is for this role.
    private func check(_ role: HostRole) throws(ValidationError) {
        guard role == .server else { return }
        if let level, ReferenceFormat.level(level) == nil {
            throw ValidationError(
                "--level must be \(ReferenceFormat.levelsText) for a server, got \(level); others are for --role client or both"
            )
        }
        let given = clientPart.givenOptions.joined(separator: ", ")
        if !given.isEmpty {
            throw ValidationError("\(given) must be given with --role client or both, got role server")
        }
    }

    func run() throws {
        var configuration = try configured.read() ?? HostConfiguration()
        let role = clientPart.role ?? configuration.role ?? .server
        do {
            try check(role)
        } catch {
            throw Terminal.wrongUsage(error.message, of: "host attach")
        }
        if role == .server { configuration.level = level ?? configuration.level }
        configuration.maximumRequests = maxRequests ?? configuration.maximumRequests
        configuration.rules += rules
        var options = AttachOptions(configuration)
        clientPart.set(in: &options, level: level)
        options.xdp = genericXdp ? .genericOnly : .automatic
        options.replaces = replace
        if let telemetry { options.trust = telemetry }
        if let breakdown = breakdown ?? split { options.breakdown = breakdown }
        if legacy { options.isLegacy = true }
        if let hostId { options.hostID = HostID(rawValue: hostId) }
        if fixOffloads { try turnOffloadsOff(for: options) }
        if fixMtu { try lowerRoutes() }
        let status = try place.host.attach(options)
        Terminal.print("\(status)")
        if genericXdp, status.xdpMode == .native {
            Terminal.say("warning: XDP stays native, as it was first attached; 'host detach' first to change that")
        }
        for finding in try place.host.warnings() {
            Terminal.say("warning: \(finding.check) \(finding.found): \(finding.reason)\n  \(finding.advice)")
        }
    }

    private func lowerRoutes() throws {
        let changes = try place.host.fixHeadRoom()
        if changes.isEmpty { return Terminal.say("no route has to be changed") }
        Terminal.say("changed; 'host detach' does not change them back:")
        for change in changes { Terminal.say("  \(change.now)  (undo: \(change.undo))") }
    }

    private func turnOffloadsOff(for options: AttachOptions) throws {
        let changes = try place.host.fixOffloads(for: options)
        if changes.isEmpty { return Terminal.say("no offload has to be turned off") }
        Terminal.say("turned off; 'host detach' does not turn them on again:")
        for change in changes { Terminal.say("  \(change.now)  (undo: \(change.undo))") }
    }
}
