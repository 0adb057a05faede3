// SPDX-License-Identifier: Apache-2.0

import Addresses
import LinuxSystem
import Synchronization
import Testing

@testable import Workload

/// A client and a server on loopback.
@Suite struct ClientAndServerTests {
    @Test(arguments: [IPAddress.v4(.loopback), .v6(.loopback)], TransportProtocol.allCases)
    func everyRequestIsAnsweredUnchanged(_ address: IPAddress, _ transport: TransportProtocol) throws {
        let outcomes = Mutex<[RequestOutcome]>([])
        let report = try withServer(at: address) { port in
            var settings = configuration(port: port, rate: 2000, duration: 0.25)
            settings.destination = Endpoint(address, port: port)
            settings.transport = transport
            settings.connections = 3
            var client = try Client(settings)
            return try client.run { outcome in outcomes.withLock { $0.append(outcome) } }
        }
        #expect(report.sent == 500)
        #expect(report.replied == 500)
        #expect(report.changed == 0 && report.lost == 0 && report.unexpected == 0)
        let ended = outcomes.withLock { $0 }
        #expect(Set(ended.map(\.id)).count == 500)
        #expect(ended.allSatisfy { $0.roundTrip ?? 0 > 0 })
        let median = try #require(report.roundTrip(percentile: 50))
        let longest = try #require(report.longestRoundTrip)
        #expect(median > 0 && median <= longest)
    }

    /// Many segments a request, more than a socket takes at once, in both directions.
    @Test func longRequestsOfAConnectionComeBackWhole() throws {
        let report = try withServer { port in
            var settings = configuration(port: port, rate: 100, duration: 0.1)
            settings.transport = .tcp
            settings.payloadBytes = 1 << 18
            settings.timeout = 20
            var client = try Client(settings)
            return try client.run()
        }
        #expect(report.replied + report.notSent == 10)
        #expect(report.replied > 0 && report.changed == 0 && report.lost == 0 && report.disconnected == 0)
    }

    @Test func aConnectionThatEndsIsMadeAnew() throws {
        let listener = try Listener()
        let endpoint = try listener.socket.localEndpoint()
        let thread = try BackgroundThread {
            // The first connection is taken and dropped at its first bytes; the second answers.
            var connections = 0
            let deadline = DomainClock.monotonicNanoseconds() + 5_000_000_000
            var buffer = [UInt8](repeating: 0, count: 64)
            while connections < 2, DomainClock.monotonicNanoseconds() < deadline {
                guard let connection = try listener.socket.accept() else { continue }
                connections += 1
                while DomainClock.monotonicNanoseconds() < deadline {
                    var span = buffer.mutableSpan
                    guard let count = try connection.receive(into: &span) else { continue }
                    if connections == 1 || count == 0 { break }
                    _ = try connection.send(buffer.span.extracting(first: count))
                }
            }
            return connections
        }
        var settings = configuration(port: endpoint.port, rate: 20, duration: 1)
        settings.transport = .tcp
        settings.timeout = 0.5
        let report: ClientReport
        do {
            var client = try Client(settings)
            report = try client.run()
        }
        #expect(try thread.join() == 2)
        #expect(report.disconnected == 1)
        #expect(report.replied > 0)
        #expect(report.replied + report.lost + report.notSent == 20)
    }

    @Test func connectingWhereNobodyListensIsAnError() throws {
        let listener = try Listener()
        let port = try listener.socket.localEndpoint().port
        _ = consume listener
        var settings = configuration(port: port, rate: 20, duration: 1)
        settings.transport = .tcp
        let error = #expect(throws: SystemError.self) { _ = try Client(settings) }
        #expect(error?.errno == .connectionRefused)
    }

    /// A listening socket that a thread can be given.
    private final class Listener: Sendable {
        let socket: ListeningSocket

        init() throws { socket = try ListeningSocket(at: Endpoint(.loopback, port: 0)) }
    }

    @Test func requestsNobodyAnswersAreLost() throws {
        // Bound but never read: requests arrive and stay.
        let silent = try DatagramSocket()
        try silent.bind(to: Endpoint(.loopback, port: 0))
        var settings = configuration(port: try silent.localEndpoint().port, rate: 100, duration: 0.1)
        settings.timeout = 0.05
        var client = try Client(settings)
        let report = try client.run()
        #expect(report.sent == 10)
        #expect(report.lost == 10)
        #expect(report.roundTrip(percentile: 50) == nil)
    }

    @Test func twoDestinationsTakeTurns() throws {
        let first = try DatagramSocket()
        try first.bind(to: Endpoint(.loopback, port: 0))
        let second = try DatagramSocket(overIPv6: true)
        try second.bind(to: Endpoint(.v6(.loopback), port: 0))
        var settings = configuration(port: try first.localEndpoint().port, rate: 1000, duration: 0.02)
        settings.alternative = try second.localEndpoint()
        settings.timeout = 0.05
        var client = try Client(settings)
        #expect(try client.run().sent == 20)
        func received(_ socket: borrowing DatagramSocket) throws -> Int {
            var buffer = [UInt8](repeating: 0, count: 2048)
            var count = 0
            while true {
                var span = buffer.mutableSpan
                guard try socket.receive(into: &span, waits: false) != nil else { return count }
                count += 1
            }
        }
        let counts = [try received(first), try received(second)]
        #expect(counts == [10, 10])
    }

    @Test func aPortWithoutServerIsReportedAsRefused() throws {
        let probe = try DatagramSocket()
        try probe.bind(to: Endpoint(.loopback, port: 0))
        let port = try probe.localEndpoint().port
        probe.close()
        var settings = configuration(port: port, rate: 100, duration: 0.1)
        settings.timeout = 0.05
        var client = try Client(settings)
        let report = try client.run()
        #expect(report.refused > 0)
        #expect(report.replied == 0)
    }

    @Test func aReplyWithOtherBytesCountsAsChanged() throws {
        let server = try BoundSocket()
        let endpoint = try server.socket.localEndpoint()
        let thread = try BackgroundThread {
            try server.socket.setReceiveTimeout(microseconds: 2_000_000)
            var buffer = [UInt8](repeating: 0, count: 2048)
            for _ in 0..<5 {
                var span = buffer.mutableSpan
                guard let datagram = try server.socket.receive(into: &span) else { return }
                buffer[datagram.count - 1] ^= 1
                try server.socket.send(buffer.span.extracting(first: datagram.count), to: datagram.sender)
            }
        }
        var client = try Client(configuration(port: endpoint.port, rate: 20, duration: 0.25))
        let report = try client.run()
        try thread.join()
        #expect(report.changed == 5)
        #expect(report.replied == 0)
    }

    /// A socket on loopback that a thread can be given.
    private final class BoundSocket: Sendable {
        let socket: DatagramSocket

        init() throws {
            let socket = try DatagramSocket()
            try socket.bind(to: Endpoint(.loopback, port: 0))
            self.socket = socket
        }
    }

    @Test func theStopDescriptorEndsARunEarly() throws {
        let stop = try EventDescriptor()
        stop.signal()
        let report = try withServer { port in
            var client = try Client(configuration(port: port, rate: 10, duration: 60))
            return try client.run(stop: stop.number)
        }
        #expect(report.sent <= 1)
    }

    private func configuration(port: Port, rate: Double, duration: Double) -> ClientConfiguration {
        ClientConfiguration(destination: Endpoint(.loopback, port: port), rate: rate, duration: duration)
    }

    /// Runs `body` while a server answers at the port it is given.
    private func withServer<Result>(
        at address: IPAddress = .v4(.loopback), _ body: (Port) throws -> Result
    ) throws -> Result {
        let stop = try EventDescriptor()
        let stopNumber = stop.number
        let ready = try EventDescriptor()
        let port = Mutex<Port>(0)
        let shared = Shared(ready: ready, port: port)
        let thread = try BackgroundThread {
            var server = try EchoServer(at: [Endpoint(address, port: 0)], by: [.udp, .tcp])
            shared.port.withLock { $0 = server.endpoint.port }
            shared.ready.signal()
            try server.run(stop: stopNumber)
        }
        var epoll = try Epoll()
        try epoll.add(shared.ready.number, for: .readable, token: 0)
        try epoll.wait(milliseconds: 5000) { _ in }
        let outcome = Swift.Result { try body(shared.port.withLock { $0 }) }
        stop.signal()
        try thread.join()
        return try outcome.get()
    }

    private final class Shared: Sendable {
        let ready: EventDescriptor
        let port: Mutex<Port>

        init(ready: consuming EventDescriptor, port: consuming Mutex<Port>) {
            self.ready = ready
            self.port = port
        }
    }
}
