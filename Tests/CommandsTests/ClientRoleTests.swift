// SPDX-License-Identifier: Apache-2.0

import Addresses
import Foundation
import LinuxSystem
import Synchronization
import Testing
import ThrowawayPlaces

/// Host to host without a switch: the client's programs are INT source and sink, the server's carry the telemetry around an
/// unchanged application.
@Suite(.serialized, .needsRoot) struct ClientRoleTests {
    struct Journey: Decodable {
        struct Client: Decodable {
            let sequence: UInt32
            let sent_ns: UInt64?
            let left_ns: UInt64
            let arrived_ns: UInt64
            let received_ns: UInt64?
        }

        struct Part: Decodable {
            let name: String
            let us: Double?
        }

        let complete: Bool
        let client: Client
        let parts: [Part]
        let total_us: Double?
    }

    struct Summary: Decodable {
        struct Values: Decodable {
            struct Requests: Decodable {
                let returned: Int
                let missing: Int
                let lost_out: Int
                let lost_back: Int
            }

            let journeys: Int
            let complete: Int
            let requests: Requests?
        }

        let summary: Values
    }

    struct Traffic: Decodable {
        let requests: Int
        let replies: Int
        let changed: Int
        let lost: Int
    }

    /// What a run came to.
    struct Outcome {
        let traffic: Traffic
        let journeys: [Journey]
        let summary: Summary.Values
        let status: Status
    }

    /// Of the server's host.
    struct Status: Decodable {
        struct Arrivals: Decodable {
            let received: Int
            let missing: Int
            let begun_anew: Int
        }

        struct Breakdown: Decodable {
            struct Part: Decodable {
                let name: String
                let measured: Bool
            }

            let parts: [Part]
        }

        let arrivals: Arrivals
        let breakdown: Breakdown
    }

    @Test(arguments: ["udp", "tcp"], ["10.9.0.2", "fd09::2"])
    func everyRequestIsAJourneyAndNothingOfItIsChanged(transport: String, address: String) throws {
        try DroppingBridge.with { bridge in
            let outcome = try run(bridge, transport, address)
            #expect(outcome.traffic.replies == 200)
            #expect(outcome.traffic.changed == 0)
            // Requests that a busy sender puts into one segment are stamped once, and where it is not clear which reply
            // is whose the server sends it plain; but none is lost.
            #expect(transport == "udp" ? outcome.summary.journeys == 200 : outcome.summary.journeys >= 100)
            #expect(outcome.summary.complete == outcome.summary.journeys)
            #expect(outcome.summary.requests?.lost_out == 0)
            if transport == "udp" { #expect(outcome.summary.requests?.missing == 0) }
            #expect(bridge.requests.load(ordering: .relaxed) >= outcome.summary.journeys)
            // A journey ends with the application's own calls; no UDP socket reports which datagram a call has
            // received.
            let sent = outcome.journeys.count { $0.client.sent_ns != nil }
            let received = outcome.journeys.count { $0.client.received_ns != nil }
            // A UDP socket has no port before its first call, so that call's flow is not known.
            let unknown = transport == "udp" ? 1 : 0
            #expect(sent >= outcome.journeys.count - unknown, "\(sent) of \(outcome.journeys.count)")
            #expect(transport == "udp" ? received == 0 : received == outcome.journeys.count, "\(received)")
            for journey in outcome.journeys {
                #expect(journey.complete)
                #expect(journey.client.arrived_ns > journey.client.left_ns)
                if let sent = journey.client.sent_ns { #expect(sent < journey.client.left_ns) }
                if let received = journey.client.received_ns { #expect(received > journey.client.arrived_ns) }
                let names = journey.parts.map(\.name)
                #expect(names.contains { $0.hasPrefix("link client-server") })
                #expect(names.contains { $0.hasPrefix("server") })
            }
            // Both hosts are on one machine. Its clocks differ by less than a way takes, but while one of them is set.
            let ways = outcome.journeys.count { journey in
                ["link client-server out", "link server-client back"].allSatisfy { way in
                    journey.parts.contains { $0.name == way && $0.us != nil }
                }
            }
            #expect(ways == outcome.journeys.count, "\(ways) of \(outcome.journeys.count)")
        }
    }

    @Test func aHostThatIsServerAndClientMeasuresItsStages() throws {
        try DroppingBridge.with { bridge in
            let outcome = try run(bridge, "udp", "10.9.0.2", server: ["--role", "both", "--peer", "10.9.0.1:9"])
            #expect(outcome.traffic.replies == 200 && outcome.traffic.changed == 0)
            #expect(outcome.status.breakdown.parts.contains { $0.name == "to_queue" && $0.measured })
            let measured = outcome.journeys.count {
                $0.parts.contains { $0.name == "server kernel in" && $0.us != nil }
            }
            #expect(measured == outcome.journeys.count, "\(measured) of \(outcome.journeys.count)")
        }
    }

    @Test func lossesAreToldByTheWayOnWhichTheyHappened() throws {
        try DroppingBridge.with(dropping: 10) { bridge in
            let outcome = try run(bridge, "udp", "10.9.0.2")
            let lostOut = bridge.droppedRequests.load(ordering: .relaxed)
            let lostBack = bridge.droppedReplies.load(ordering: .relaxed)
            #expect(lostOut > 5 && lostBack > 5)
            #expect(outcome.traffic.lost == lostOut + lostBack)
            #expect(outcome.summary.journeys == 200 - lostOut - lostBack)
            let requests = try #require(outcome.summary.requests)
            #expect(requests.missing == lostOut + lostBack)
            #expect(requests.lost_out == lostOut)
            #expect(requests.lost_back == lostBack)
            // The server's host sees the same: what it answered in vain has arrived.
            #expect(outcome.status.arrivals.missing == lostOut)
            #expect(outcome.status.arrivals.received == 200 - lostOut)
            #expect(outcome.status.arrivals.begun_anew == 0)
        }
    }

    @Test func withoutPeersNothingIsBegun() throws {
        try DroppingBridge.with { bridge in
            try binary(["host", "attach", "--role", "client", "--interface", "eth0"], in: bridge.client)
            defer { _ = try? binary(["host", "detach", "--interface", "eth0"], in: bridge.client) }
            let traffic = try traffic(bridge, "udp", "10.9.0.2")
            #expect(traffic.replies == 200)
            #expect(bridge.requests.load(ordering: .relaxed) == 0)
        }
    }

    @Test(arguments: ["udp", "tcp"]) func towardsAHostWithoutProgramsNothingIsBegun(transport: String) throws {
        try DroppingBridge.with { bridge in
            try attachClient(bridge, ["--peer", "10.9.0.2:1234"])
            defer { _ = try? binary(["host", "detach", "--interface", "eth0"], in: bridge.client) }
            let traffic = try traffic(bridge, transport, "10.9.0.2")
            #expect(traffic.replies == 200)
            #expect(bridge.requests.load(ordering: .relaxed) == 0)
            let status = try binary(["host", "status", "--interface", "eth0"], in: bridge.client)
            #expect(status.contains("next device     02:00:00:00:01:02 has not answered"), "\(status)")
        }
    }

    @Test(arguments: ["udp", "tcp"]) func noRequestIsLostWhenTheServerDetaches(transport: String) throws {
        try DroppingBridge.with { bridge in
            try binary(["host", "attach", "--interface", "eth0"], in: bridge.server)
            try attachClient(bridge, ["--peer", "10.9.0.2:1234"])
            defer { _ = try? binary(["host", "detach", "--interface", "eth0"], in: bridge.client) }
            try askTheServer(bridge, "10.9.0.2")
            let sending = try BackgroundThread { try self.traffic(bridge, transport, "10.9.0.2", seconds: 3) }
            Pause.microseconds(1_000_000)
            try binary(["host", "detach", "--interface", "eth0"], in: bridge.server)
            let traffic = try sending.join()
            #expect(traffic.replies == traffic.requests && traffic.requests >= 590, "\(traffic)")
            #expect(bridge.requests.load(ordering: .relaxed) > 50)
        }
    }

    @Test func learningNeedsNoSwitch() throws {
        try DroppingBridge.with { bridge in
            try binary(["host", "attach", "--interface", "eth0"], in: bridge.server)
            defer { _ = try? binary(["host", "detach", "--interface", "eth0", "--now"], in: bridge.server) }
            try attachClient(bridge, ["--learn", "10.9.0.0/24:1234"])
            defer { _ = try? binary(["host", "detach", "--interface", "eth0", "--now"], in: bridge.client) }
            try askTheServer(bridge, "10.9.0.2")
            #expect(try traffic(bridge, "udp", "10.9.0.2").replies == 200)
            #expect(bridge.requests.load(ordering: .relaxed) == 200)
        }
    }

    private func attachClient(_ bridge: DroppingBridge, _ options: [String]) throws {
        try binary(["host", "attach", "--role", "client", "--interface", "eth0"] + options, in: bridge.client)
    }

    /// A request without telemetry, at which the client's programs ask the server's, and the time of the answer.
    private func askTheServer(_ bridge: DroppingBridge, _ address: String) throws {
        try bridge.client.perform {
            let server = try #require(Endpoint(address.contains(":") ? "[\(address)]:1234" : "\(address):1234"))
            try DatagramSocket(overIPv6: server.address.isIPv6).send([UInt8](repeating: 0, count: 8).span, to: server)
        }
        Pause.microseconds(200_000)
    }

    private func run(
        _ bridge: DroppingBridge, _ transport: String, _ address: String, server: [String] = []
    ) throws -> Outcome {
        let peer = address.contains(":") ? "[\(address)]:1234" : "\(address):1234"
        try binary(["host", "attach", "--interface", "eth0"] + server, in: bridge.server)
        defer { _ = try? binary(["host", "detach", "--interface", "eth0"], in: bridge.server) }
        try binary(["host", "attach", "--role", "client", "--interface", "eth0", "--peer", peer], in: bridge.client)
        defer { _ = try? binary(["host", "detach", "--interface", "eth0"], in: bridge.client) }
        try askTheServer(bridge, address)
        let directory = try TemporaryDirectory()
        let monitor = try start(["monitor", "--client", "eth0", "--json"], in: bridge.client, directory)
        defer { _ = try? monitor.end() }
        try Binary.waitUntil(monitor, says: "showing the journeys of requests that leave eth0", in: directory)
        let traffic = try traffic(bridge, transport, address)
        // What has been reported by now is read before the monitor ends.
        monitor.send(.interrupt)
        guard try monitor.wait(milliseconds: 20_000) != nil else {
            throw Binary.Failure("monitor did not end: \(directory.text("errors"))")
        }
        let lines = directory.text("output").split(separator: "\n").map { Data($0.utf8) }
        let last = try #require(lines.last, "\(directory.text("errors"))")
        let status = try binary(["host", "status", "--interface", "eth0", "--json"], in: bridge.server)
        return Outcome(
            traffic: traffic, journeys: try lines.dropLast().map { try JSONDecoder().decode(Journey.self, from: $0) },
            summary: try JSONDecoder().decode(Summary.self, from: last).summary,
            status: try JSONDecoder().decode(Status.self, from: Data(status.utf8)))
    }

    private func traffic(
        _ bridge: DroppingBridge, _ transport: String, _ address: String, seconds: Int = 1
    ) throws -> Traffic {
        let directory = try TemporaryDirectory()
        let server = try start(["server"], in: bridge.server, directory)
        defer { _ = try? server.end() }
        try Binary.waitUntil(server, says: "listening on", in: directory)
        let output = try binary(
            ["client", "200", "--to", address, "--protocol", transport, "--duration", "\(seconds)", "--json"],
            in: bridge.client)
        return try JSONDecoder().decode(Traffic.self, from: Data(output.utf8))
    }

    /// Runs it to its end, which must be a good one.
    @discardableResult
    private func binary(_ arguments: [String], in namespace: NetworkNamespace) throws -> String {
        let directory = try TemporaryDirectory()
        let child = try start(arguments, in: namespace, directory)
        guard let status = try child.wait(milliseconds: 30_000) else {
            try child.end()
            throw Binary.Failure("\(arguments) did not end")
        }
        guard status.code == 0 else { throw Binary.Failure("\(arguments): \(directory.text("errors"))") }
        return directory.text("output")
    }

    private func start(
        _ arguments: [String], in namespace: NetworkNamespace, _ directory: TemporaryDirectory
    ) throws -> ChildProcess {
        var request = SpawnRequest([Binary.path] + arguments, in: namespace)
        request.output = .file(directory.path("output"))
        request.errors = .file(directory.path("errors"))
        return try ChildProcess.spawn(request)
    }
}
