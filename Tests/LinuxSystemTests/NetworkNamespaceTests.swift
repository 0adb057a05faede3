// SPDX-License-Identifier: Apache-2.0

import Addresses
import Glibc
import Testing
import ThrowawayPlaces

@testable import LinuxSystem

@Suite(.needsRoot) struct NetworkNamespaceTests {
    @Test func isListedWhileItExistsAndSeenByIproute2() throws {
        let namespace = try throwaway()
        #expect(!namespace.exists)
        try namespace.create()
        defer { try? namespace.delete() }
        #expect(namespace.exists)
        #expect(NetworkNamespace.all().contains(namespace))
        let output = try Descriptor.pipe()
        var request = SpawnRequest(["ip", "netns", "list"])
        request.output = .descriptor(output.writing.number)
        let child = try ChildProcess.spawn(request)
        #expect(try child.wait(milliseconds: 5000) == .exited(0))
        let text = String(decoding: try output.reading.read(upTo: 1 << 16) ?? [], as: UTF8.self)
        #expect(text.contains(namespace.name))

        try namespace.delete()
        #expect(!namespace.exists)
        #expect(!NetworkNamespace.all().contains(namespace))
    }

    @Test func isEnteredForTheClosureOnly() throws {
        let namespace = try throwaway()
        try namespace.create()
        defer { try? namespace.delete() }
        let outside = try threadNamespace()
        let inside = try namespace.perform { try threadNamespace() }
        #expect(inside != outside)
        #expect(try threadNamespace() == outside)
        struct Sentinel: Error {}
        #expect(throws: Sentinel.self) { try namespace.perform { throw Sentinel() } }
        #expect(try threadNamespace() == outside)
    }

    @Test func aSessionOpenedInsideStaysInside() throws {
        let namespace = try throwaway()
        try namespace.create()
        defer { try? namespace.delete() }
        var session = try RouteSession(in: namespace)
        let links = try session.links()
        #expect(links.contains { $0.name == "lo" && !$0.isUp })
        try session.setUp("lo")
        #expect(try session.link(named: "lo").isUp)
    }

    @Test func aSecondOfTheSameNameIsRefusedAndTheFirstKept() throws {
        let namespace = try throwaway()
        try namespace.create()
        defer { try? namespace.delete() }
        let error = #expect(throws: SystemError.self) { try namespace.create() }
        #expect(error?.errno == .exists)
        #expect(namespace.exists)
    }

    @Test func aFileLeftBehindIsNoObstacle() throws {
        let namespace = try throwaway()
        try namespace.create()
        unsafe umount2(namespace.path, Int32(MNT_DETACH))
        #expect(!namespace.exists)
        try namespace.create()
        #expect(namespace.exists)
        try namespace.delete()
    }

    @Test func oneThatIsMissingIsNamed() throws {
        let namespace = try throwaway()
        let error = #expect(throws: SystemError.self) { try namespace.perform {} }
        #expect(error?.object == namespace.name)
        #expect(#expect(throws: SystemError.self) { try namespace.delete() }?.errno == .noEntry)
    }

    @Test(arguments: ["", ".", "..", "a/b"]) func refusesANameThatIsNoFiles(_ name: String) {
        #expect(throws: SystemError.self) { try NetworkNamespace(named: name) }
    }

    @Test func knowsTheProcessesInside() throws {
        let namespace = try throwaway()
        try namespace.create()
        defer { try? namespace.delete() }
        let child = try ChildProcess.spawn(SpawnRequest(["sleep", "30"], in: namespace))
        #expect(namespace.processes().map(\.id) == [child.id])
        try child.end()
        #expect(namespace.processes().isEmpty)
    }

    private func throwaway() throws -> NetworkNamespace {
        try NetworkNamespace(named: "p4ni-test-\(getpid())-\(UInt32.random(in: 0...UInt32.max))")
    }

    private func threadNamespace() throws -> UInt64 {
        var file = stat()
        try SystemCall.run("stat") { unsafe stat("/proc/thread-self/ns/net", &file) }
        return UInt64(file.st_ino)
    }
}

@Suite(.needsRoot) struct RouteSessionTests {
    @Test func addressesAndNeighboursAreSet() throws {
        try VethLab.with(mtu: 1600) { lab in
            var session = try RouteSession(in: lab.left)
            let address = try #require(IPPrefix("10.9.1.1/24"))
            let mac = try #require(MACAddress("08:00:00:00:01:11"))
            try session.addAddress(address, to: "left")
            #expect(try session.addresses(of: "left") == [address])
            #expect(try session.link(named: "left").mtu == 1600)
            #expect(try session.link(named: "left").address == VethLab.leftAddress)
            let gateway = try #require(IPAddress("10.9.1.254"))
            try session.setNeighbour(gateway, at: mac, through: "left")
            #expect(
                try text(of: ["ip", "neigh"], in: lab.left).contains(
                    "10.9.1.254 dev left lladdr 08:00:00:00:01:11 PERMANENT"))
            #expect(try session.links().map(\.name).contains("left"))
            try session.delete("left")
            var other = try RouteSession(in: lab.right)
            #expect(try !other.links().map(\.name).contains("right"))
        }
    }

    @Test func offloadsAreOffAndTheDriverIsKnown() throws {
        try VethLab.with { lab in
            try lab.left.perform {
                let control = try InterfaceControl()
                #expect(try control.driver(of: "left") == "veth")
                for offload in Offload.allCases {
                    #expect(try !control.isOn(offload, of: "left"), "\(offload.rawValue)")
                }
                try control.set(.genericReceive, of: "left", to: true)
                #expect(try control.isOn(.genericReceive, of: "left"))
                #expect(try control.isUp("left"))
            }
        }
    }

    private func text(of command: [String], in namespace: NetworkNamespace) throws -> String {
        let output = try Descriptor.pipe()
        var request = SpawnRequest(command, in: namespace)
        request.output = .descriptor(output.writing.number)
        #expect(try ChildProcess.spawn(request).wait(milliseconds: 5000) == .exited(0))
        return String(decoding: try output.reading.read(upTo: 1 << 16) ?? [], as: UTF8.self)
    }
}
