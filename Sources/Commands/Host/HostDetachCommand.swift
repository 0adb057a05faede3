// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import HostAgent
import Journeys
import TelemetryFormats
import TerminalKit

struct HostDetachCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "detach", abstract: "Detach the programs and remove everything they hold.",
        discussion: """
            The host answers the probes of switches and clients that it strips no longer, and keeps stripping until the next \
            probe was answered so: about a second, or five if nobody asks any more. An interrupted detach leaves the \
            programs in place, stripping; run it again to complete it.

            Examples:
              p4netintel host detach --interface eth0
              p4netintel host detach --interface eth0 --now

            Exit codes: 0 detached; 1 nothing is attached, or the detach could not be completed; 64 wrong usage.
            """)

    @OptionGroup var place: HostInterface

    @Flag(help: "Do not wait for the switch: what it sends with telemetry until it asks again is lost.")
    var now = false

    func run() throws {
        var progress = ProgressLine()
        if !now { progress.show("stripping until nobody sends telemetry here any more; --now does not wait") }
        defer { progress.finish() }
        try place.host.detach(waits: !now)
        progress.finish()
        Terminal.say("detached from \(place.interface)")
    }
}
