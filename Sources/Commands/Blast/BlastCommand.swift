// SPDX-License-Identifier: Apache-2.0

import Addresses
import ArgumentParser
import Documents
import LinuxSystem
import TelemetryFormats
import TerminalKit
import Workload

struct BlastCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "blast",
        abstract: "Send raw frames with hop records at a given rate.",
        discussion: """
            Each frame is a UDP request with another id, in front of it the telemetry that switches would have added. Runs \
            until the count or the duration is reached, or Ctrl-C. Needs root.
            """)

    @Option(help: ArgumentHelp("The interface to send from, in this network namespace.", valueName: "name"))
    var interface: String

    @Option(help: "Hop records in each frame, up to 20; 0: no telemetry.")
    var hops = 3

    @Option(help: "Level of the records.")
    var level: UInt8 = 2

    @Option(help: "Frames a second; 0: as fast as they go.")
    var rate: Double = 1000

    @Option(help: "Frames in all.")
    var count: UInt64?

    @Option(help: "Seconds to send for.")
    var duration: Double?

    @Option(help: "Bytes of UDP payload, the id included.")
    var size = 64

    @Option(help: ArgumentHelp("Address that the requests go to, IPv4 or IPv6.", valueName: "address"))
    var destination: NetworkAddress = .v4(InternetAddress(number: 0x0a00_0202))

    @Option(help: "Port that the requests go to, from 1 to 65535.")
    var port: UInt16 = 1234

    @Option(help: ArgumentHelp("Address that the requests come from.", valueName: "address"))
    var source: NetworkAddress?

    @Option(help: ArgumentHelp("MAC address that the frames go to; all, if none is given.", valueName: "address"))
    var mac: String?

    @Option(help: "Source ports that are used in turns.")
    var flows = 1

    @Flag(help: "Have the kernel make the frames (XDP): far faster, but what the driver drops is not told.")
    var live = false

    @Flag(help: "Print the result as one JSON object.")
    var json = false

    func validate() throws {
        guard (0...20).contains(hops) else { throw ValidationError("--hops is from 0 to 20") }
        guard Level(rawValue: level) != nil else {
            throw ValidationError("--level is from 1 to \(Level.allCases.map(\.rawValue).max() ?? 0)")
        }
        guard count != 0 else { throw ValidationError("--count is above 0") }
        guard port > 0 else { throw ValidationError("--port is from 1 to 65535") }
        guard rate >= 0, rate <= 1e9 else { throw ValidationError("--rate is from 0 to 1000000000 frames a second") }
        guard (duration ?? 1) > 0, (duration ?? 1) <= 1e6 else {
            throw ValidationError("--duration is from above 0 to 1000000 s")
        }
        let sizes = LoadFrame.Shape.payloadRange
        guard sizes.contains(size) else {
            throw ValidationError("--size is from \(sizes.lowerBound) to \(sizes.upperBound) bytes")
        }
        guard (1...20_000).contains(flows) else { throw ValidationError("--flows is from 1 to 20000") }
        guard mac == nil || mac.flatMap({ LinkAddress($0) }) != nil else {
            throw ValidationError("--mac is six hexadecimal numbers with colons, such as 02:00:00:00:00:01")
        }
        if let source, (source.octets.count == 4) != (destination.octets.count == 4) {
            throw ValidationError("--source and --destination are addresses of one family")
        }
    }

    func run() throws {
        let interruption = try SignalDescriptor([.interrupt, .terminate])
        let frame = LoadFrame(shape)
        let sender: any FrameSender =
            live
            ? try LiveSender(interface: interface, frame: frame) : try SocketSender(interface: interface, frame: frame)
        var blast = try Blast(sender)
        blast.rate = rate > 0 ? rate : nil
        blast.count = count
        blast.duration = duration
        var progress = ProgressLine()
        let report = try blast.run(stop: interruption.number) { report in
            progress.show("\(report.sent) frames sent, \(Int(report.rate)) a second, \(report.refused) refused")
        }
        progress.finish()
        let summary = Summary(report, bytes: frame.bytes.count)
        Terminal.print(json ? try JSONText.line(summary) : summary.text)
        if report.sent == 0 { throw ExitCode.failure }
    }

    private var shape: LoadFrame.Shape {
        var shape = LoadFrame.Shape()
        shape.records = hops
        shape.level = Level(rawValue: level) ?? .standard
        shape.destination = SocketEndpoint(destination, port: port)
        let other: NetworkAddress =
            shape.destination.isIPv6
            ? .v6(InternetAddress6(high: 0xfd00_0000_0000_0001, low: 1)) : shape.source.address
        shape.source = SocketEndpoint(source ?? other, port: 40_000)
        if let mac { shape.destinationLink = LinkAddress(mac) }
        shape.flows = flows
        shape.payloadBytes = size
        return shape
    }

    /// Its properties are the keys of `--json`.
    private struct Summary: Encodable {
        let sent: UInt64
        let refused: UInt64
        let seconds: Double
        let framesPerSecond: Double
        let frameBytes: Int

        enum CodingKeys: String, CodingKey {
            case sent, refused, seconds
            case framesPerSecond = "frames_per_second"
            case frameBytes = "frame_bytes"
        }

        init(_ report: Blast.Report, bytes: Int) {
            sent = report.sent
            refused = report.refused
            seconds = report.seconds.rounded(places: 3)
            framesPerSecond = report.rate.rounded(places: 1)
            frameBytes = bytes
        }

        var text: String {
            "\(sent) frames of \(frameBytes) bytes in \(seconds) s, \(Int(framesPerSecond)) a second, \(refused) refused"
                + (refused > 0 ? " (interface down or busy, or frames longer than its MTU)" : "")
        }
    }
}
