// SPDX-License-Identifier: Apache-2.0

internal import LinuxSystem
public import Journeys
internal import TextLayout
internal import Wire

/// Shows journeys as they come in and keeps them in files: all of `p4netintel monitor` but its command line.
public struct Monitor: ~Copyable {
    /// What is known so far.
    public private(set) var view: LiveView
    private let options: MonitorOptions
    private let print: (String) -> Void
    private var csv: FileWriter?
    private var pcap: FileWriter?
    private var pcapWriter = PcapWriter()
    private var budget: LineBudget
    private var start: UInt64?
    private var headingIsPrinted = false
    /// The first journey that could not be printed; thrown at the next chance.
    private var failure: CollectorError?

    /// Opens the files at once, so that a path that cannot be written fails before anything is captured.
    /// - Parameter print: takes one line without its end.
    public init(options: MonitorOptions, print: @escaping (String) -> Void) throws(CollectorError) {
        self.options = options
        self.print = print
        view = LiveView(decoder: options.decoder)
        budget = LineBudget(linesPerSecond: options.linesPerSecond)
        csv = nil
        pcap = nil
        if let path = options.csvPath {
            csv = try FileWriter(path)
            csv?.append(JourneyCSV.header)
        }
        if let path = options.pcapPath { pcap = try FileWriter(path) }
    }

    /// Takes one frame.
    /// - Parameters:
    ///   - originalLength: on the wire, if `bytes` were cut.
    ///   - time: nanoseconds of the domain's clock.
    ///   - client: what the client's host knows of the request beside the frame.
    public mutating func take(
        _ bytes: Span<UInt8>, originalLength: Int, seenAt time: UInt64, client: ClientTimes? = nil
    ) {
        if pcap != nil {
            let realtime = time &- DomainClock.nanoseconds(ofRealtime: 0)
            pcapWriter.add(bytes, time: realtime, originalLength: originalLength)
            pcap?.append(pcapWriter.drain())
        }
        guard let journey = view.take(bytes, seenAt: time, client: client) else { return }
        csv?.append(JourneyCSV.row(journey))
        let first = start ?? time
        start = first
        guard budget.admits(at: DomainClock.monotonicNanoseconds()) else { return }
        switch options.format {
        case .text:
            if !headingIsPrinted { print(JourneyLine.heading(options.style)) }
            headingIsPrinted = true
            print(JourneyLine.text(journey, since: first, names: options.names, style: options.style))
        case .json:
            do {
                print(try JourneyDocument(journey, names: options.names).line)
            } catch {
                failure = failure ?? CollectorError(code: .output, object: "standard output", cause: error)
            }
        }
    }

    /// To be called now and then: once a second it says what was not printed and brings the files up to date.
    public mutating func tick() throws(CollectorError) {
        guard let heldBack = budget.endOfSecond(at: DomainClock.monotonicNanoseconds()) else { return }
        tell(heldBack)
        try flush()
    }

    /// To be called at the end: prints the summary and completes the files.
    public mutating func finish(lostFrames: UInt64 = 0) throws(CollectorError) {
        tell(budget.rest())
        let summary = Summary(view, lostFrames: lostFrames)
        switch options.format {
        case .text: for line in summary.lines(names: options.names, style: options.style) { print(line) }
        case .json:
            do {
                print(try summary.json(names: options.names))
            } catch {
                throw CollectorError(code: .output, object: "standard output", cause: error)
            }
        }
        try flush()
    }

    private mutating func flush() throws(CollectorError) {
        if let failure { throw failure }
        try csv?.flush()
        // A file without packets must have its header too.
        if pcap != nil { pcap?.append(pcapWriter.drain()) }
        try pcap?.flush()
    }

    private func tell(_ heldBack: UInt64) {
        // In JSON, lines that are missing are seen from the summary's counts.
        guard heldBack > 0, options.format == .text else { return }
        print(options.style.paint("… \(heldBack) more journeys in this second, \(view.counts.journeys) in all", .dim))
    }
}

extension Monitor {
    /// Shows what arrives at an interface until `stop` becomes readable, then the summary.
    public mutating func run(on capture: inout TelemetryCapture, until stop: Int32) throws(CollectorError) {
        var failure: CollectorError?
        var cause: CollectorError?
        do throws(CollectorError) {
            try capture.run(until: stop) { bytes, info in
                take(bytes, originalLength: info.originalLength, seenAt: info.timestamp)
            } tick: {
                do throws(CollectorError) { try tick() } catch { failure = error }
                return failure == nil
            }
        } catch {
            cause = error
        }
        // Also when the interface went: what was seen is shown and kept.
        try finish(lostFrames: capture.statistics().receiveDrops)
        if let failure = failure ?? cause { throw failure }
    }

    /// Shows what a pcap file holds, then the summary.
    public mutating func run(readingPcap path: String) throws(CollectorError) {
        var cause: CollectorError?
        do throws(CollectorError) {
            try PcapFile.read(path) { packet in
                take(
                    packet.bytes.span, originalLength: packet.originalLength,
                    seenAt: DomainClock.nanoseconds(ofRealtime: packet.time))
            }
        } catch {
            cause = error
        }
        // What stands before the place that cannot be read is worth its summary; nothing is not.
        if cause == nil || view.counts.frames > 0 { try finish() }
        if let cause { throw cause }
    }
}
