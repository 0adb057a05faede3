// SPDX-License-Identifier: Apache-2.0

import LinuxSystem
import Testing
import ThrowawayPlaces

@testable import HostAgent

/// `host attach --fix-mtu`: routes that leave no room for telemetry get a lower MTU, and the printed command undoes it.
extension LiveTests {
    @Suite struct RouteHeadRoomTests {
        private func routes(_ lab: HostLab) throws -> [Route] {
            var session = try RouteSession(in: lab.server)
            return try session.routes(through: "eth0")
        }

        private func run(_ command: [String], in lab: HostLab) throws {
            let outcome = try ChildProcess.spawn(SpawnRequest(command, in: lab.server)).wait()
            #expect(outcome?.isSuccess == true, "\(command)")
        }

        @Test func aDefaultRouteIsLoweredAndBroughtBack() throws {
            try HostLab.with { lab in
                try run(["ip", "route", "add", "default", "via", "10.0.1.1", "dev", "eth0"], in: lab)
                let before = try routes(lab)
                #expect(try lab.host { try $0.warnings() }.contains { $0.check == "mtu" })
                let changes = try lab.host { try $0.fixHeadRoom() }
                #expect(changes.map(\.now) == ["route default mtu 1112"])
                #expect(try routes(lab).contains(Route(destination: "default", mtu: 1112)))
                #expect(try !lab.host { try $0.warnings() }.contains { $0.check == "mtu" })
                #expect(try lab.host { try $0.fixHeadRoom() }.isEmpty)
                for change in changes { try run(change.undo.split(separator: " ").map(String.init), in: lab) }
                #expect(try routes(lab) == before)
            }
        }

        @Test func withoutADefaultRouteThoseOfTheLinkAre() throws {
            try HostLab.with { lab in
                let changes = try lab.host { try $0.fixHeadRoom() }
                #expect(changes.map(\.now) == ["route 10.0.0.0/8 mtu 1112"])
                #expect(changes.first?.undo.hasPrefix("ip -4 route replace 10.0.0.0/8 dev eth0 ") == true)
                for change in changes { try run(change.undo.split(separator: " ").map(String.init), in: lab) }
                #expect(try routes(lab).allSatisfy { $0.mtu == nil })
            }
        }

        @Test(
            arguments: [
                (
                    "default via 10.0.1.254 proto dhcp metric 100 mtu lock 1400 linkdown", 1400,
                    "default dev e0 via 10.0.1.254 proto dhcp metric 100"
                ),
                (
                    "10.0.0.0/8 proto kernel scope link src 10.0.2.2", nil,
                    "10.0.0.0/8 dev e0 proto kernel scope link src 10.0.2.2"
                ),
                (
                    "2001:db8::/64 proto kernel metric 256 mtu 1500 pref medium", 1500,
                    "2001:db8::/64 dev e0 proto kernel metric 256 pref medium"
                ),
            ] as [(String, Int?, String)])
        func aRouteIsReadAsItIsPrinted(line: String, mtu: Int?, words: String) throws {
            let route = try #require(RouteLine.lines(line).first)
            #expect(route.mtu == mtu)
            #expect(route.words(mtu: nil, through: "e0").joined(separator: " ") == words)
            #expect(route.words(mtu: 1112, through: "e0").joined(separator: " ") == words + " mtu 1112")
        }

        @Test func theKernelsOwnRoutesAreLeftOut() {
            #expect(RouteLine.lines("fe80::/64 proto kernel metric 256\nmulticast ff00::/8 metric 256\n\n").isEmpty)
        }
    }
}
