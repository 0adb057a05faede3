// SPDX-License-Identifier: Apache-2.0

import BPF
import Glibc
import Journeys
import LinuxSystem
import TelemetryFormats
import Testing
import ThrowawayPlaces

@testable import HostAgent

/// Everything that touches real interfaces and pins, one at a time.
@Suite(.needsRoot, .serialized) struct LiveTests {
    @Suite(.serialized) struct AttachTests {
        @Test func requestComesInPlainAndItsTelemetryGoesOutWithTheReply() throws {
            try HostLab.with { lab in
                let status = try lab.host { try $0.attach() }
                #expect(status.xdpMode == .native)
                #expect(status.egressHook == "tcx")
                try expectEcho(in: lab, ordinal: 1)
                let after = try lab.host { try $0.status() }
                #expect(after.saved == 1 && after.restored == 1 && after.answered == 1 && after.waiting == 0)
                #expect(after.xdpProgramID == status.xdpProgramID)
                #expect(after.since == status.since)
                #expect(try #require(after.memoryBytes) > 6144 * 1600)
                try lab.host { try $0.detach() }
            }
        }

        @Test func detachLeavesNothing() throws {
            try HostLab.with { lab in
                let status = try lab.host { try $0.attach() }
                let expected = ["current", "generation_1", "attachment", "link_egress", "link_xdp", "map_slots"]
                #expect(Set(expected).isSubset(of: try lab.pins() ?? []))
                try lab.host { try $0.detach() }
                #expect(try lab.pins() == nil)
                expectGone(status.xdpProgramID)
                let egress = try #require(status.egressProgramID)
                expectGone(egress)
                // Telemetry is no longer understood: the server's stack drops the frame.
                try EchoServer.with(lab) {
                    var wire = try Cable(lab)
                    wire.send(RequestFrame().bytes)
                    var plain = RequestFrame()
                    plain.requestID = 99
                    wire.send(plain.stripped)
                    let next = wire.nextReply()
                    let reply = try #require(next)
                    #expect(Array(reply[42..<46]) == big(UInt32(99)))
                }
            }
        }

        @Test func attachingTwiceIsRefusedAndHarmless() throws {
            try HostLab.with { lab in
                _ = try lab.host { try $0.attach() }
                expect(.alreadyAttached) { try lab.host { _ = try $0.attach() } }
                try expectEcho(in: lab, ordinal: 1)
                try lab.host { try $0.detach() }
                expect(.notAttached) { try lab.host { try $0.detach() } }
                expect(.notAttached) { try lab.host { _ = try $0.status() } }
                _ = try lab.host { try $0.attach() }
                try lab.host { try $0.detach() }
            }
        }

        @Test func missingInterfaceIsNamed() throws {
            try HostLab.with { lab in
                for step: (TelemetryHost) throws -> Void in [
                    { _ = try $0.attach() }, { try $0.detach() }, { _ = try $0.status() },
                ] {
                    expect(.noInterface) { try lab.server.perform { try step(TelemetryHost(interface: "nope")) } }
                }
            }
        }

        @Test func anotherXDPProgramIsLeftAloneAndNothingStays() throws {
            try HostLab.with { lab in
                let programs = try HostPrograms(AttachOptions())
                let place = try #require(try lab.server.perform { InterfacePlace(named: "eth0") })
                let other = try lab.server.perform {
                    try BPFLink.attachXDP(programs.strip, to: place.index, mode: .native)
                }
                expect(.occupied) { try lab.host { _ = try $0.attach() } }
                #expect(try lab.pins() == nil)
                #expect(try other.information().interfaceIndex == place.index)
            }
        }

        @Test func interfaceThatVanishedLeavesNoPins() throws {
            try HostLab.with { lab in
                let status = try lab.host { try $0.attach() }
                let directory = try #require(try lab.attachmentPins())
                #expect(directory.isLive)
                try withPinsLocked {
                    var session = try RouteSession(in: lab.server)
                    try session.delete("eth0")
                    #expect(directory.exists && !directory.isLive)
                }
                // Another process may have tidied up before.
                try? lab.host { try $0.detach() }
                #expect(!directory.exists)
                expect(.noInterface) { try lab.host { try $0.detach() } }
                expectGone(status.xdpProgramID)
                // The same namespace gets a new interface: its counters start again.
                try lab.connect()
                _ = try lab.host { try $0.attach() }
                try expectEcho(in: lab, ordinal: 1)
                try lab.host { try $0.detach() }
            }
        }

        @Test func attachThatWasCutShortIsTidiedUp() throws {
            try HostLab.with { lab in
                let directory = try #require(try lab.attachmentPins())
                try withPinsLocked {
                    try HostPrograms(AttachOptions()).maps.pin(in: directory.makeGeneration())
                    #expect(directory.exists && !directory.isLive)
                }
                expect(.notAttached) { try lab.host { _ = try $0.status() } }
                #expect(!directory.exists)
                _ = try lab.host { try $0.attach() }
                try lab.host { try $0.detach() }
            }
        }

        @Test func genericXDPAndClsactWorkAlike() throws {
            try HostLab.with { lab in
                var options = AttachOptions()
                options.xdp = .genericOnly
                options.trafficControl = .classicOnly
                options.referenceLevel = .discretized
                let status = try lab.host { try $0.attach(options) }
                #expect(status.xdpMode == .generic && status.egressHook == "clsact" && status.referenceLevel == 4)
                #expect(status.egressProgramID != nil)
                try expectEcho(in: lab, ordinal: 1, RequestFrame(level: 4, shimLevel: 0, records: 9))
                try lab.host { try $0.detach() }
                #expect(try lab.pins() == nil)
                let egress = try #require(status.egressProgramID)
                expectGone(egress)
                #expect(try queueingDisciplines(in: lab.server).contains("clsact") == false)
            }
        }

        @Test func replyThatWouldPassTheMTUGoesOutPlain() throws {
            try HostLab.with { lab in
                _ = try lab.host { try $0.attach() }
                try EchoServer.with(lab) {
                    var wire = try Cable(lab)
                    // With the host record, one byte more than fits; then exactly as much as fits.
                    for (spare, restored) in [(-1, 0), (0, 1)] as [(Int, UInt64)] {
                        var request = RequestFrame(level: 3, records: 10)
                        request.requestID = UInt32(spare + 2)
                        let telemetry = request.telemetry.count + 60
                        request.payload = [UInt8](repeating: 5, count: 1500 - telemetry - 28 - 4 - spare)
                        wire.send(request.bytes)
                        let next = wire.nextReply()
                        let reply = try #require(next)
                        #expect(reply.count == request.reply.count + (restored == 1 ? telemetry : 0))
                        #expect(Array(reply.suffix(request.payload.count)) == request.payload)
                        let status = try lab.host { try $0.status() }
                        #expect(status.restored == restored && status.counts[.tcMTU] == 1)
                    }
                }
                try lab.host { try $0.detach() }
            }
        }

        /// Two hosts of a lab have interfaces of one name, and often of one index.
        @Test func interfacesOfDifferentNamespacesDoNotMeet() throws {
            try HostLab.with { first in
                try HostLab.with { second in
                    _ = try first.host { try $0.attach() }
                    expect(.notAttached) { try second.host { _ = try $0.status() } }
                    _ = try second.host { try $0.attach() }
                    try first.host { try $0.detach() }
                    try expectEcho(in: second, ordinal: 1)
                    try second.host { try $0.detach() }
                }
            }
        }
    }
}

/// Keeps every other process of the machine from tidying up pins during `body`, as it may whenever it attaches,
/// detaches or looks.
func withPinsLocked(_ body: () throws -> Void) throws {
    try MountNamespace.performInInitial { () throws -> Void in
        let store = try PinStore.open(mounts: true)
        try body()
        _ = consume store
    }
}
