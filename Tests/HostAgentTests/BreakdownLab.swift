// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Journeys
import LinuxSystem
import TelemetryFormats
import Testing
import ThrowawayPlaces

@testable import HostAgent

/// A server of one kind with attached programs, with the log it keeps of its own calls.
struct BreakdownLab {
    /// CLOCK_TAI in ns around the receive call and the send call of one request.
    struct LogEntry {
        let begin: Int64
        let received: Int64
        let send: Int64
        let sent: Int64
    }

    let host: HostLab
    private let logPath: String

    /// The host's times and the server's log are of one clock. While it is being set, as after a virtual machine has been
    /// stopped and goes on, the two disagree by its steps.
    private static func waitForASteadyClock() {
        func distance() -> UInt64 { DomainClock.nanoseconds() &- DomainClock.monotonicNanoseconds() }
        var since = DomainClock.monotonicNanoseconds()
        let end = since + 60_000_000_000
        var last = distance()
        while DomainClock.monotonicNanoseconds() - since < 500_000_000, DomainClock.monotonicNanoseconds() < end {
            Pause.microseconds(10_000)
            let now = distance()
            if max(now, last) - min(now, last) > 20_000 { since = DomainClock.monotonicNanoseconds() }
            last = now
        }
    }

    static func with(
        _ kind: String, _ options: AttachOptions = AttachOptions(), script: String = "datagrams.py",
        _ body: (BreakdownLab) throws -> Void
    ) throws {
        waitForASteadyClock()
        try HostLab.with { lab in
            _ = try lab.host { try $0.attach(options) }
            let path = "/tmp/p4ni-split-\(getpid())-\(UInt32.random(in: 0 ... .max)).log"
            defer { unsafe unlink(path) }
            let stopping = try Descriptor.pipe()
            let ready = try Descriptor.pipe()
            var request = SpawnRequest(
                ["python3", Self.script(script), kind, HostLab.serverAddress, "\(HostLab.serverPort)", path],
                in: lab.server)
            request.input = .descriptor(stopping.reading.number)
            request.output = .descriptor(ready.writing.number)
            let server = try ChildProcess.spawn(request)
            let outcome = Result {
                var word = pollfd(fd: ready.reading.number, events: Int16(POLLIN), revents: 0)
                #expect(unsafe poll(&word, 1, 20_000) == 1, "the server is not ready")
                try body(BreakdownLab(host: lab, logPath: path))
            }
            server.send(.kill)
            _ = try server.wait()
            try outcome.get()
            try lab.host { try $0.detach() }
        }
    }

    static func script(_ name: String) -> String {
        let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        return tests.appending(path: "Servers/\(name)").path
    }

    /// - Parameter work: microseconds.
    static func request(_ id: UInt32, work: UInt32? = nil, sourcePort: UInt16 = 40000) -> RequestFrame {
        var frame = RequestFrame()
        frame.requestID = id
        frame.sourcePort = sourcePort
        frame.payload = big(work ?? id &* 2_654_435_761 >> 20) + [UInt8](repeating: 1, count: 12)
        return frame
    }

    /// Sends requests, a few at a time, and hears the replies' host records by request id.
    func exchange(
        _ requests: [RequestFrame], outstanding: Int, pause: UInt32 = 0
    ) throws -> [UInt32: HostMeasurement] {
        var wire = try Cable(host)
        var replies: [UInt32: HostMeasurement] = [:]
        var next = 0
        var idle = 0
        while replies.count < requests.count, idle < 60 {
            while next < requests.count, next - replies.count < outstanding {
                wire.send(requests[next].bytes)
                next += 1
                usleep(pause)
            }
            let before = replies.count
            for (id, record) in Self.hear(&wire) { replies[id] = record }
            idle = replies.count == before ? idle + 1 : 0
        }
        return replies
    }

    /// Sends all at once, in their order.
    func exchange(_ frames: [[UInt8]], replies expected: Int) throws -> [(UInt32, HostMeasurement)] {
        var wire = try Cable(host)
        for frame in frames {
            wire.send(frame)
            usleep(5000)
        }
        var replies: [(UInt32, HostMeasurement)] = []
        for _ in 0..<60 where replies.count < expected { replies += Self.hear(&wire) }
        return replies
    }

    private static func hear(_ wire: inout Cable) -> [(UInt32, HostMeasurement)] {
        var heard: [(UInt32, HostMeasurement)] = []
        wire.receive(milliseconds: 50) { bytes in
            guard case .telemetry(let frame) = TelemetryFrame.decode(bytes), let host = frame.host,
                let id = frame.inner.requestID
            else { return }
            heard.append((id, host))
        }
        return heard
    }

    /// What the server wrote down, by request id. It writes after the send call, so its last lines may be late.
    func log() throws -> [UInt32: LogEntry] {
        usleep(100_000)
        var entries: [UInt32: LogEntry] = [:]
        for line in try lines() {
            let numbers = line.split(separator: " ").compactMap { Int64($0) }
            guard numbers.count == 5, let id = UInt32(exactly: numbers[0]) else { continue }
            entries[id] = LogEntry(begin: numbers[1], received: numbers[2], send: numbers[3], sent: numbers[4])
        }
        return entries
    }

    private func lines() throws -> [Substring] {
        try String(contentsOfFile: logPath, encoding: .utf8).split(separator: "\n")
    }

    /// Host records of the frames that left the server, by the request id that a reply of TCP ends with.
    func sentRecords() throws -> [UInt32: HostMeasurement] {
        var records: [UInt32: HostMeasurement] = [:]
        for line in try lines() where line.hasPrefix("F ") {
            let digits = Array(line.dropFirst(2).utf8)
            let bytes = stride(from: 0, to: digits.count, by: 2).compactMap {
                UInt8(String(decoding: digits[$0..<$0 + 2], as: UTF8.self), radix: 16)
            }
            guard case .telemetry(let frame) = TelemetryFrame.decode(bytes.span), let host = frame.host else {
                continue
            }
            records[UInt32(number(bytes.suffix(4)))] = host
        }
        return records
    }
}
