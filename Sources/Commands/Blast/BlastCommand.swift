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
        abstract: "Send raw frames with hop records at a given rate, to load a host.",
        discussion: """
            Each frame is a UDP request with an id of its own, preceded by the telemetry that switches would have added. \
            Runs until the count or the duration is reached, or until Ctrl-C. Needs root.

            Examples:
              p4netintel blast --interface eth0 --destination 10.0.2.2 --rate 10000 --duration 10
              p4netintel blast --interface eth0 --rate 0 --count 1000000 --live --json

            Exit codes: 0 frames were sent; 1 no frame was sent, or the interface is unusable; 64 wrong usage.
            """)

    @Option(help: ArgumentHelp("The interface to send from, in this network namespace.", valueName: "name"))
    var interface: String

    @Option(help: "Hop records in each frame, 0 to 20; 0 sends no telemetry.")
    var hops = 3

    @Option(help: "Level of the records, \(Level.rangeText).")
    var level = Level.standard.rawValue

    @Option(help: "Frames per second; 0 sends as fast as possible.")
    var rate: Double = 1000

    @Option(help: "Frames to send. (default: no limit)")
    var count: UInt64?

    @Option(help: "Seconds to send for. (default: no limit)")
    var duration: Double?

    @Option(help: "Bytes of UDP payload, including the id.")
    var size = 64

    @Option(help: ArgumentHelp("Destination address of the requests, IPv4 or IPv6.", valueName: "address"))
    var destination: IPAddress = .v4(IPv4Address(rawValue: 0x0a00_0202))

    @Option(help: "Destination port of the requests, 1 to 65535.")
    var port: UInt16 = 1234

    @Option(
        help: ArgumentHelp(
            "Source address of the requests, of the same family as --destination. (default: 10.0.1.1 or fd00:0:0:1::1)",
            valueName: "address"))
    var source: IPAddress?

    @Option(help: ArgumentHelp("Destination MAC address of the frames. (default: broadcast)", valueName: "address"))
    var mac: String?

    @Option(help: "Source ports to use in rotation, 1 to 20000.")
    var flows = 1

    @Flag(
        help:
            """
            Let the kernel generate the frames (XDP): much faster, but frames that the driver drops are not reported. \
            They are evenly spaced, or in groups of 50 us at most; below 20,000 per second a socket sends them.
            """)
    var live = false

    @Flag(help: "Print the result as one JSON object.")
    var json = false

    func validate() throws {
        try ValidationError.unless("--hops", hops, isIn: 0...Shim.maximumCount)
        _ = try ValidationError.level(level)
        guard count != 0 else { throw ValidationError("--count must be at least 1, got 0") }
        try ValidationError.unless("--port", port, isIn: 1...65535)
        try ValidationError.unless("--rate", rate, isIn: 0...1e9, " frames per second")
        try ValidationError.unless("--duration", duration, isAboveZeroUpTo: 1e6, " seconds")
        try ValidationError.unless("--size", size, isIn: LoadFrame.Shape.payloadRange, " bytes")
        try ValidationError.unless("--flows", flows, isIn: 1...20_000)
        guard mac == nil || mac.flatMap({ MACAddress($0) }) != nil else {
            throw ValidationError("--mac must be a MAC address such as 02:00:00:00:00:01, got '\(mac ?? "")'")
        }
        if let source, source.isIPv6 != destination.isIPv6 {
            throw ValidationError(
                "--source must be of the address family of --destination, got \(source) and \(destination)")
        }
    }

    func run() throws {
        let interruption = try SignalDescriptor([.interrupt, .terminate])
        let frame = LoadFrame(try shape())
        var blast = try Blast(sender(of: frame))
        blast.rate = rate > 0 ? rate : nil
        blast.count = count
        blast.duration = duration
        var progress = ProgressLine()
        let report = try blast.run(stop: interruption.number) { report in
            progress.show("\(report.sent) frames sent, \(Int(report.rate)) per second, \(report.refused) refused")
        }
        progress.finish()
        let summary = Summary(report, bytes: frame.bytes.count)
        Terminal.print(json ? try JSONText.line(summary) : summary.text)
        if report.sent == 0 { throw ExitCode.failure }
    }

    /// The kernel makes the frames if it is asked to and the rate is not so low that it would only wait.
    private func sender(of frame: LoadFrame) throws -> any FrameSender {
        guard live, rate == 0 || rate >= LiveSender.lowestPace else {
            return try SocketSender(interface: interface, frame: frame)
        }
        return try LiveSender(interface: interface, frame: frame, pace: rate > 0 ? rate : nil)
    }

    private func shape() throws -> LoadFrame.Shape {
        var shape = LoadFrame.Shape()
        shape.records = hops
        shape.level = try ValidationError.level(level)
        shape.destination = Endpoint(destination, port: Port(port))
        let other: IPAddress =
            destination.isIPv6
            ? .v6(IPv6Address(rawValue: 0xfd00_0000_0000_0001 << 64 | 1)) : shape.source.address
        shape.source = Endpoint(source ?? other, port: 40_000)
        if let mac = mac.flatMap({ MACAddress($0) }) { shape.destinationLink = mac }
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
