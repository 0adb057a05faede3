// SPDX-License-Identifier: Apache-2.0

import InstalledFiles
import Collector
import Foundation
import Journeys
import Lab
import LinuxSystem
import Scenarios
import TelemetryFormats
import Testing
import ThrowawayPlaces
import Workload

/// The demo as a library: only the switches and the server are processes of the binary, which lies beside the tests.
@Suite(.serialized, .needsRoot) struct DemoRunTests {
    @Test func `a demo reports what happens and what it found, and leaves nothing`() throws {
        let place = try PrivateLab()
        let never = try EventDescriptor()
        var settings = DemoSettings(topology: place.file, level: .standard, rate: 200, duration: 1)
        settings.overIPv6 = true
        let events = Events()
        let report = try Demo(
            settings, place.installation, interruption: never.number, report: { events.append($0) }
        ).run()
        #expect(report.topology == place.name)
        #expect(report.client.sent == 200)
        #expect(report.client.changed == 0)
        #expect(report.view.counts.complete >= UInt64(report.client.replied))
        #expect(report.view.latestComplete?.hops.map(\.switchID) == [1, 2, 3, 3, 2, 1])
        // The client's times were joined.
        #expect(report.view.statistics.rows.first?.kind.name() == "link client-s1 out")
        #expect(report.view.slowest?.client != nil)
        #expect(report.view.overhead.requests.hops == 3 && report.view.overhead.replies.hops == 6)
        #expect(events.names == ["lab", "serverAttached", "sending", "progress", "sent"])
        #expect(NetworkNamespace.all().allSatisfy { !$0.name.hasPrefix("\(place.name)-") })
    }

    @Test func `a topology without the demo's hosts is refused before anything is brought up`() throws {
        let place = try PrivateLab()
        let never = try EventDescriptor()
        let settings = DemoSettings(topology: "no-such", level: .standard, rate: 1, duration: 1)
        let error = #expect(throws: (any Error).self) {
            _ = try Demo(settings, place.installation, interruption: never.number)
        }
        #expect("\(try #require(error))".contains("topology must be a .json file or one of"))
    }
}

/// The names of a demo's events, without repetitions.
private final class Events {
    private(set) var names: [String] = []

    func append(_ event: DemoEvent) {
        let name =
            switch event {
            case .lab: "lab"
            case .serverAttached: "serverAttached"
            case .clientAttached: "clientAttached"
            case .sending: "sending"
            case .progress: "progress"
            case .sent: "sent"
            }
        if names.last != name { names.append(name) }
    }
}

/// A copy of the three-switch topology under a name of its own, so that no other lab of the machine is touched.
private final class PrivateLab {
    private let directory: TemporaryDirectory
    let name: String
    let installation: Installation
    var file: String { directory.path("\(name).json") }

    init() throws {
        directory = try TemporaryDirectory()
        name = "test-\(UInt32.random(in: 0...UInt32.max))"
        let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        installation = Installation(
            home: repository.path,
            executable: URL(filePath: tests).deletingLastPathComponent().appending(path: "p4netintel").path)
        let shipped = repository.appending(path: "topologies")
        try FileManager.default.copyItem(
            at: shipped.appending(path: "three-switch"), to: directory.url.appending(path: "three-switch"))
        try FileManager.default.copyItem(
            at: shipped.appending(path: "three-switch.json"), to: directory.url.appending(path: "\(name).json"))
    }

    deinit { try? FileManager.default.removeItem(atPath: "/run/p4netintel/lab/\(name)") }
}
