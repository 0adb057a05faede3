// SPDX-License-Identifier: Apache-2.0

import Glibc
import LinuxSystem
import Synchronization
import Testing
import ThrowawayPlaces

@testable import HostAgent

/// What is done to an attached agent while requests with telemetry keep coming.
enum Disturbance: CaseIterable, Sendable {
    /// The programs are replaced, again and again.
    case replaced
    /// A process that replaces them is killed, a bit later each time.
    case killed

    static let times = 10
    /// Microseconds by which each killed process gets further than the one before.
    private static let step: UInt32 = 60_000

    func run(in server: NetworkNamespace) throws {
        switch self {
        case .replaced: try Self.replace(in: server, times: Self.times)
        case .killed:
            for number in 1...Self.times { try Self.kill(in: server, after: UInt32(number) * Self.step) }
            // What the last one left is set right.
            try Self.replace(in: server, times: 1)
        }
    }

    private static func replace(in server: NetworkNamespace, times: Int) throws {
        var options = AttachOptions()
        options.replaces = true
        for _ in 0..<times {
            let status = try server.perform { try TelemetryHost(interface: "eth0").attach(options) }
            #expect(status.keptMaps == true)
        }
    }

    private static func kill(in server: NetworkNamespace, after microseconds: UInt32) throws {
        var request = SpawnRequest(
            [try binaryBesideTests(), "host", "attach", "--replace", "--interface", "eth0"], in: server)
        request.output = .discard
        request.errors = .discard
        let agent = try ChildProcess.spawn(request)
        usleep(microseconds)
        agent.send(.kill)
        _ = try agent.wait()
    }
}

extension LiveTests {
    @Suite(.serialized) struct UnderLoadTests {
        /// 16 requests of UDP on their way at any time: each gets its reply, and every byte that comes back is known.
        @Test(arguments: Disturbance.allCases)
        func noDatagramIsLostOrWrong(_ disturbance: Disturbance) throws {
            try HostLab.with { lab in
                _ = try lab.host { try $0.attach() }
                var outcome = CheckOutcome()
                try EchoServer.with(lab) {
                    let stopping = StopFlag()
                    let checkers = try (0..<2).map { number in
                        try BackgroundThread {
                            try ReplyChecker(lab, port: UInt16(40000 + number)).run(until: stopping)
                        }
                    }
                    let result = Result { try disturbance.run(in: lab.server) }
                    stopping.isSet.store(true, ordering: .relaxed)
                    for checker in checkers { outcome.add(try checker.join()) }
                    try result.get()
                }
                #expect(outcome.corrupt == 0 && outcome.lost == 0, "\(outcome)")
                // A slot that the other processor holds for a moment is passed over; more are not.
                #expect(outcome.plain < 4 && outcome.correct > 1000, "\(outcome)")
                let after = try lab.host { try $0.status() }
                #expect(after.counts[.xdpSaved] == UInt64(outcome.correct + outcome.plain))
                #expect(after.counts[.tcRestored] == UInt64(outcome.correct))
                try lab.host { try $0.detach() }
                #expect(try lab.pins() == nil)
            }
        }

        /// An application on TCP whose every request has telemetry: no connection fails, no byte is wrong, and no frame
        /// with telemetry reaches the server's network stack.
        @Test(.needs(PublicServerTests.python, package: "python3"), arguments: Disturbance.allCases)
        func noConnectionFails(_ disturbance: Disturbance) throws {
            try BridgedLab.with { lab in
                _ = try lab.host { try $0.attach() }
                var unstripped = try lab.server.perform { try Self.unstripped() }
                let outcome = try TelemetryBridge.with(lab) {
                    let server = try spawn(["server", "10.0.2.2", "1234"], lab.server)
                    defer { _ = try? server.end() }
                    let asking = try Descriptor.pipe()
                    let answers = try Descriptor.pipe()
                    let client = try spawn(
                        ["client", "10.0.2.2", "1234", "4"], lab.client, input: asking.reading.number,
                        output: answers.writing.number)
                    let result = Result { try disturbance.run(in: lab.server) }
                    try asking.writing.write([10])
                    let end = try client.wait(milliseconds: 60_000)
                    if end == nil { _ = try? client.end() }
                    #expect(end?.isSuccess == true, "the client: \(end.map { "\($0)" } ?? "does not end")")
                    try result.get()
                    try expectAnswers(answers.reading)
                }
                #expect(outcome.strange == 0)
                #expect(outcome.requests.allSatisfy { $0.answers.count <= 1 })
                #expect(outcome.requests.count { !$0.answers.isEmpty } >= outcome.requests.count * 9 / 10)
                var frames = 0
                unstripped.receive(limit: 1024) { _, _ in frames += 1 }
                #expect(frames == 0 && unstripped.statistics().receiveDrops == 0)
                #expect(try lab.host { try $0.status() }.saved > 0)
                try lab.host { try $0.detach() }
            }
        }

        /// Receives frames that pass XDP with their telemetry.
        private static func unstripped() throws(SystemError) -> PacketRing {
            var options = PacketRingOptions()
            options.filter = FrameFilter(refusing: [[.init(at: 12, 0...0x1211)], [.init(at: 12, 0x1213...0xffff)]])
            options.transmission = .messages
            return try PacketRing(interface: "eth0", options: options)
        }

        /// Requests that were answered, of all connections and of the one that had fewest.
        private func expectAnswers(_ answers: borrowing Descriptor) throws {
            let line = String(decoding: try answers.read(upTo: 100) ?? [], as: UTF8.self)
            let counts = line.split { $0 == " " || $0 == "\n" }.compactMap { Int($0) }
            #expect(counts.count == 2 && counts.allSatisfy { $0 > 20 }, "\(line)")
        }

        private func spawn(
            _ arguments: [String], _ namespace: NetworkNamespace, input: Int32? = nil, output: Int32? = nil
        ) throws -> ChildProcess {
            var request = SpawnRequest(
                [PublicServerTests.python, BreakdownLab.script("echo.py")] + arguments, in: namespace)
            request.input = input.map { .descriptor($0) } ?? .discard
            request.output = output.map { .descriptor($0) } ?? .discard
            request.deathSignal = .terminate
            return try ChildProcess.spawn(request)
        }
    }
}
