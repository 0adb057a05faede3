// SPDX-License-Identifier: Apache-2.0

import Foundation
import LinuxSystem
import Testing
import ThrowawayPlaces

/// Everything at once: real switches, eBPF programs, server, client and collector.
@Suite(.serialized, .needsRoot) struct DemoTests {
    struct Report: Decodable {
        struct Journeys: Decodable {
            let total: Int
            let complete: Int
        }

        struct Part: Decodable {
            let name: String
            let p50_us: Double
            let p90_us: Double
            let p99_us: Double
            let max_us: Double
        }

        let topology: String
        let requests: Int
        let replies: Int
        let changed: Int
        let journeys: Journeys
        let hops: [Int]
        let parts: [Part]
        let dropped: [String: Int]
    }

    @Test func theSlowestRequestIsDrawn() throws {
        let lab = try PrivateTopology()
        let directory = try TemporaryDirectory()
        let outcome = try Binary.run(
            "demo", "--topology", lab.file, "--rate", "100", "--duration", "1", "--svg", directory.path("journey.svg"))
        #expect(outcome.code == 0, "\(outcome.errors)")
        let svg = directory.text("journey.svg")
        #expect(svg.hasPrefix("<svg ") && svg.hasSuffix("</svg>\n"))
        for part in ["switch s1 out", "link s1-s2 out", "server host", "switch s3 back"] {
            #expect(svg.contains(">\(part)</text>"), "\(part)")
        }
        #expect(lab.leftovers.isEmpty)
    }

    @Test(arguments: 1...4)
    func everyRequestsJourneyIsComplete(level: Int) throws {
        let lab = try PrivateTopology()
        let outcome = try Binary.run(
            "demo", "--topology", lab.file, "--level", "\(level)", "--rate", "200", "--duration", "2", "--json")
        #expect(outcome.code == 0, "\(outcome.errors)")
        let report = try outcome.decoded(as: Report.self)
        #expect(report.topology == lab.name)
        #expect(report.requests == 400)
        // A machine that stalls for a second loses a few to the client's time-out; none may be changed.
        #expect(report.replies >= 380)
        #expect(report.changed == 0)
        #expect(report.journeys.complete >= report.replies)
        #expect(report.journeys.complete == report.journeys.total)
        #expect(report.hops == [1, 2, 3, 3, 2, 1])
        // Stages of the host that are unknown for single requests make further parts.
        let expected = Self.parts(of: level)
        #expect(report.parts.map(\.name).filter(expected.contains) == expected)
        for part in report.parts {
            #expect(part.p50_us <= part.p90_us && part.p90_us <= part.p99_us && part.p99_us <= part.max_us)
            #expect(part.max_us > 0 && part.max_us < 5e6, "\(part.name)")
        }
        let host = try #require(report.parts.first { $0.name == "server host" })
        #expect(host.p50_us > 0)
        #expect(lab.leftovers.isEmpty)
    }

    @Test(
        arguments: [
            ["--protocol", "tcp"], ["--ipv6"], ["--protocol", "tcp", "--ipv6", "--level", "3"], ["--client-role"],
            ["--client-role", "--protocol", "tcp", "--ipv6"],
        ])
    func requestsOfAnyKindAreFollowed(_ kind: [String]) throws {
        let lab = try PrivateTopology()
        let outcome = try Binary.run(
            ["demo", "--topology", lab.file, "--rate", "200", "--duration", "2", "--json"] + kind)
        #expect(outcome.code == 0, "\(outcome.errors)")
        let report = try outcome.decoded(as: Report.self)
        #expect(report.requests == 400)
        #expect(report.replies >= 380 && report.changed == 0)
        // Of connections, requests that were sent again or together, as after a stall, may travel without telemetry.
        #expect(report.journeys.complete >= report.replies * 3 / 4)
        #expect(report.hops == [1, 2, 3, 3, 2, 1])
        // The client's times were joined: its links are known.
        for link in ["link client-s1 out", "link s1-client back"] {
            #expect(report.parts.contains { $0.name == link }, "\(link)")
        }
        #expect(lab.leftovers.isEmpty)
    }

    @Test func aSamplingPeriodFollowsOneRequestAPeriod() throws {
        let lab = try PrivateTopology()
        let outcome = try Binary.run(
            "demo", "--topology", lab.file, "--rate", "200", "--duration", "2", "--freq", "100000", "--json")
        let report = try outcome.decoded(as: Report.self)
        #expect(report.requests == 400)
        // One in 100 ms: 20 in two seconds, and never starved though requests come every 5 ms.
        #expect((10...21).contains(report.journeys.complete))
        #expect(report.hops == [1, 2, 3, 3, 2, 1])
        #expect(report.journeys.complete == report.journeys.total)
        #expect(lab.leftovers.isEmpty)
    }

    @Test func aSecondRunAtTheSameTimeIsRefusedAndAnInterruptTakesEverythingDown() throws {
        let lab = try PrivateTopology()
        let directory = try TemporaryDirectory()
        let child = try Binary.start(["demo", "--topology", lab.file, "--duration", "60"], in: directory)
        try Binary.waitUntil(child, says: "requests per second", in: directory)
        let identity = try #require(child.identity)
        let second = try Binary.run("demo", "--topology", lab.file, "--duration", "1")
        #expect(second.code == 1)
        #expect(second.errors.contains("belongs to process \(identity.id)"))
        child.send(.interrupt)
        let status = try #require(try child.wait(milliseconds: 30_000))
        #expect(status.code == 130)
        #expect(directory.text("output").contains("journeys seen"))
        #expect(lab.leftovers.isEmpty)
    }

    @Test func aSecondRunWorksAfterTheFirstWasKilled() throws {
        let lab = try PrivateTopology()
        let directory = try TemporaryDirectory()
        let child = try Binary.start(["demo", "--topology", lab.file, "--duration", "60"], in: directory)
        try Binary.waitUntil(child, says: "requests per second", in: directory)
        child.send(.kill)
        try child.wait()
        #expect(!lab.leftovers.isEmpty)
        let outcome = try Binary.run("demo", "--topology", lab.file, "--duration", "1", "--rate", "100", "--json")
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(lab.leftovers.isEmpty)
    }

    static func parts(of level: Int) -> [String] {
        let host = [
            "server host", "server kernel in", "server socket wait", "server application", "server kernel out",
        ]
        guard level > 1 else { return host }
        return [
            "link client-s1 out", "switch s1 out", "link s1-s2 out", "switch s2 out", "link s2-s3 out", "switch s3 out",
            "link s3-server out",
        ] + host + [
            "link server-s3 back", "switch s3 back", "link s3-s2 back", "switch s2 back", "link s2-s1 back",
            "switch s1 back", "link s1-client back",
        ]
    }
}

/// A copy of the three-switch topology under a name of its own, so that no other lab of the machine is touched.
final class PrivateTopology {
    private let directory: TemporaryDirectory
    let name: String
    var file: String { directory.path("\(name).json") }

    init() throws {
        directory = try TemporaryDirectory()
        name = "test-\(UInt32.random(in: 0...UInt32.max))"
        let shipped = Binary.repository.appending(path: "topologies")
        try FileManager.default.copyItem(
            at: shipped.appending(path: "three-switch"), to: directory.url.appending(path: "three-switch"))
        try FileManager.default.copyItem(
            at: shipped.appending(path: "three-switch.json"), to: directory.url.appending(path: "\(name).json"))
    }

    deinit {
        _ = try? Binary.run("lab", "down", name)
        try? FileManager.default.removeItem(atPath: "/run/p4netintel/lab/\(name)")
    }

    /// Namespaces of the lab that exist.
    var leftovers: [String] { NetworkNamespace.all().map(\.name).filter { $0.hasPrefix("\(name)-") } }
}
