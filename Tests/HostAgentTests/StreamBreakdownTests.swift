// SPDX-License-Identifier: Apache-2.0

import Addresses
import Benchmarks
import Glibc
import Journeys
import LinuxSystem
import TelemetryFormats
import Testing
import ThrowawayPlaces

@testable import HostAgent

/// How a TCP server reads and writes, and how its client asks.
struct StreamKind: Sendable, CustomTestStringConvertible {
    let name: String
    var client = "client"
    /// Of the requests that are answered with telemetry, how many must have all parts.
    var reported = 0.9

    var testDescription: String { "\(name), \(client)" }

    static let all = [
        StreamKind(name: "recv"), StreamKind(name: "read"), StreamKind(name: "recvmsg"), StreamKind(name: "epoll"),
        StreamKind(name: "twice"), StreamKind(name: "pieces"), StreamKind(name: "large", client: "client-large"),
        // Several requests in one read.
        StreamKind(name: "recv", client: "client-pipelined"),
        // Two threads read from one connection, whichever is first.
        StreamKind(name: "shared"),
    ]
}

extension LiveTests {
    @Suite(.serialized) struct StreamBreakdownTests {
        @Test(arguments: StreamKind.all)
        func partsAgreeWithTheServersOwnLog(_ kind: StreamKind) throws {
            try BreakdownLab.with(kind.name, script: "streams.py") { lab in
                try lab.ask(kind.client, count: 45)
                let log = try lab.log()
                let records = try lab.sentRecords()
                // Some requests share a segment's fate: which reply is whose is then not clear, and it goes out plain.
                #expect(records.count >= 15)
                let complete = try records.count { id, host in
                    let entry = try #require(log[id])
                    return expect(host, agreesWith: entry, id)
                }
                #expect(Double(complete) >= kind.reported * Double(records.count), "\(complete) of \(records.count)")
            }
        }

        /// - Returns: whether all parts were reported.
        private func expect(_ host: HostMeasurement, agreesWith log: BreakdownLab.LogEntry, _ id: UInt32) -> Bool {
            guard let details = host.details else {
                Issue.record("not an extended record")
                return false
            }
            let reading = BreakdownTests.clockReading
            #expect(details.queueDepth != nil && details.retransmits != nil)
            if let toQueue = details.stages.kernelIn, let toReceive = details.stages.socketWait {
                let received = Int64(details.arrival) + Int64(toQueue) + Int64(toReceive)
                #expect(received >= log.begin - reading && received <= log.received + reading, "request \(id)")
                #expect(details.runQueue ?? 0 <= toReceive)
            }
            if let application = details.stages.application {
                #expect(
                    Int64(application) >= log.send - log.received && Int64(application) <= log.sent - log.begin,
                    "request \(id)")
            }
            if let toEgress = details.stages.kernelOut {
                let sent = Int64(details.arrival + (host.duration?.count ?? 0)) - Int64(toEgress)
                #expect(sent >= log.send - reading && sent <= log.sent + reading, "request \(id)")
            }
            let parts = details.stages.inOrder
            let sum = parts.reduce(0) { $0 + UInt64($1 ?? 0) }
            #expect(sum <= host.duration?.count ?? 0)
            guard !parts.contains(nil) else { return false }
            #expect(sum == host.duration?.count)
            return true
        }
    }
}

extension BreakdownLab {
    /// Runs a client at the other end of the cable, all of whose segments with payload are tagged.
    func ask(_ kind: String, count: Int) throws {
        let front =
            [2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x12, 0x12, 1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0] as [UInt8] + [8, 0]
        try prepareForStreams()
        var inserter = try host.cable.perform {
            try TelemetryInserter(interface: "wire", port: HostLab.serverPort, front: front)
        }
        try inserter.insert(oneIn: 1)
        var request = SpawnRequest(
            ["python3", Self.script("streams.py"), kind, HostLab.serverAddress, "\(HostLab.serverPort)", "\(count)"],
            in: host.cable)
        request.output = .discard
        let client = try ChildProcess.spawn(request)
        let status = try client.wait(milliseconds: 30_000)
        if status == nil { client.send(.kill) }
        #expect(status?.code == 0)
    }

    /// The cable's end becomes a host, and neither end leaves checksums or segments to a card.
    private func prepareForStreams() throws {
        for (namespace, interface) in [(host.server, "eth0"), (host.cable, "wire")] {
            try namespace.perform { try InterfaceControl().disableOffloads(of: interface) }
            var route = try RouteSession(in: namespace)
            try route.setSegmentLimit(1, of: interface)
        }
        var route = try RouteSession(in: host.cable)
        guard let prefix = IPPrefix("\(HostLab.clientAddress)/8"),
            let address = IPAddress(HostLab.serverAddress), let server = MACAddress("02:00:00:00:00:02")
        else { return }
        try route.addAddress(prefix, to: "wire")
        try route.setNeighbour(address, at: server, through: "wire")
    }
}
