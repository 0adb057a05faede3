// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc
import LinuxSystem
import ProgramAssembly
import Synchronization
import Testing
import ThrowawayPlaces

@testable import SwitchRuntime

/// Commands for a switch that runs.
@Suite(.needsRoot, .serialized) struct ControlSocketTests {
    /// A router without a route, and its control socket.
    private static func withSwitch(_ body: (LiveSwitch, LiveSwitch.Running, String) throws -> Void) throws {
        let directory = try TemporaryDirectory()
        try LiveSwitch.with { lab in
            var options = SwitchOptions(ports: [
                PortOptions(number: 1, interface: "sw1"), PortOptions(number: 2, interface: "sw2"),
            ])
            options.controlPath = directory.path("s1.control")
            let running = try lab.start(options, program: Assembly.router())
            try body(lab, running, directory.path("s1.control"))
            let hasEnded = running.state.withLock { $0.hasEnded }
            if !hasEnded { _ = try running.stop() }
        }
    }

    private static let route = "table_add ipv4_lpm ipv4_forward 10.0.2.0/24 => 08:00:00:00:02:22 2"

    /// 10.0.1.1 to 10.0.2.2, UDP.
    private static let packet: [UInt8] =
        [UInt8](repeating: 2, count: 12) + [
            0x08, 0x00,
            0x45, 0, 0, 20, 0, 0, 0, 0, 0x40, 0x11, 0x63, 0xD7, 10, 0, 1, 1, 10, 0, 2, 2,
        ]

    @Test func anEntryHoldsFromTheNextPacketOn() throws {
        try Self.withSwitch { lab, running, path in
            var left = try TestHost(lab.left, "left")
            var right = try TestHost(lab.right, "right")
            let control = try ControlConnection(at: path)
            #expect(try control.run("table_num_entries ipv4_lpm").contains("0"))
            _ = try control.run(Self.route)
            #expect(try control.run("table_dump ipv4_lpm").contains("ipv4_forward"))
            left.send([Self.packet])
            #expect(try right.receive(1).map { Array($0.prefix(6)) } == [[8, 0, 0, 0, 2, 0x22]])
            _ = try control.run("table_clear ipv4_lpm")
            _ = try control.run("table_add ipv4_lpm ipv4_forward 10.0.0.0/8 => 08:00:00:00:09:99 2")
            left.send([Self.packet])
            #expect(try right.receive(1).map { Array($0.prefix(6)) } == [[8, 0, 0, 0, 9, 0x99]])
            #expect(try running.stop().dropped.isEmpty)
            #expect(FileManager.default.fileExists(atPath: path) == false)
            #expect(throws: SystemError.self) { try control.run("table_dump ipv4_lpm") }
        }
    }

    @Test func whatIsRefusedIsSaidAndChangesNothing() throws {
        try Self.withSwitch { lab, _, path in
            let control = try ControlConnection(at: path)
            for (line, reason) in [
                ("lunch", "unknown command 'lunch'"), ("table_add nothing x => 1", "nothing"),
                ("table_add ipv4_lpm ipv4_forward 10.0.2.0/33 => 08:00:00:00:02:22 2", "33"),
            ] {
                let error = #expect(throws: CommandRefused.self) { try control.run(line) }
                #expect(error?.reason.contains(reason) == true, "\(error?.reason ?? "")")
            }
            #expect(try control.run("# a comment") == "")
            #expect(try control.run("table_num_entries ipv4_lpm").contains("0"))
        }
    }

    /// Cut, it would be a command too.
    @Test func aMessageThatIsTooLongIsRefusedAndNothingOfItIsDone() throws {
        try Self.withSwitch { lab, _, path in
            let control = try ControlConnection(at: path)
            let longest = Self.route + String(repeating: " ", count: LocalSocket.largestMessage - Self.route.utf8.count)
            #expect(throws: SystemError.self) { try control.run(longest + " ") }
            let raw = try LocalSocket(connectingTo: path)
            #expect(try raw.send(Array((longest + " ").utf8)))
            let answer = try #require(try raw.receive())
            #expect(answer.first == ControlMessage.Kind.refused.rawValue)
            #expect(String(decoding: answer, as: UTF8.self).contains("65536 bytes"))
            #expect(try control.run("table_num_entries ipv4_lpm").contains("0"))
            _ = try control.run(longest)
            #expect(try control.run("table_num_entries ipv4_lpm").contains("1"))
            #expect(try raw.send(Array("table_num_entries ipv4_lpm".utf8)))
            #expect(try raw.receive()?.first == ControlMessage.Kind.output.rawValue)
        }
    }

    /// Ten answers are more than a socket holds.
    @Test func aLongAnswerWaitsForItsReaderAndTheSwitchForNobody() throws {
        try Self.withSwitch { lab, _, path in
            let patient = try ControlConnection(at: path)
            let other = try ControlConnection(at: path)
            let count = 1000
            for index in 0..<count {
                let prefix = "10.\(index >> 8).\(index & 255).0/24"
                _ = try patient.run("table_add ipv4_lpm ipv4_forward \(prefix) => 08:00:00:00:02:22 2")
            }
            let slow = try LocalSocket(connectingTo: path)
            for _ in 0..<10 { #expect(try slow.send(Array("table_dump ipv4_lpm".utf8))) }
            #expect(try other.run("table_num_entries ipv4_lpm").contains("\(count)"))
            let dump = try other.run("table_dump ipv4_lpm")
            #expect(dump.utf8.count > 30_000)
            var (received, done) = (0, 0)
            while done < 10, let message = try slow.receive(), !message.isEmpty {
                if message.first == ControlMessage.Kind.done.rawValue {
                    done += 1
                } else {
                    received += message.count - 1
                }
            }
            #expect(done == 10 && received == 10 * dump.utf8.count)
        }
    }

    @Test func moreConnectionsThanThereArePlacesWaitForOne() throws {
        try Self.withSwitch { _, _, path in
            var sockets: [Box] = []
            for _ in 0..<20 { sockets.append(Box(try ControlConnection(at: path))) }
            #expect(try sockets[0].control.run("table_num_entries ipv4_lpm").contains("0"))
            sockets.removeFirst(10)
            #expect(try sockets[9].control.run("table_num_entries ipv4_lpm").contains("0"))
        }
    }

    private final class Box {
        let control: ControlConnection
        init(_ control: consuming ControlConnection) { self.control = control }
    }

    @Test func onlyItsOwnerMayConnectAndOnlyOneSwitchListens() throws {
        try Self.withSwitch { _, _, path in
            var information = stat()
            let isThere = unsafe stat(path, &information) == 0
            #expect(isThere)
            #expect(information.st_mode & 0o777 == 0o600)
            let error = #expect(throws: SystemError.self) { _ = try LocalListener(at: path) }
            #expect(error?.description.hasSuffix("choose another path") == true)
            let control = try ControlConnection(at: path)
            #expect(try control.run("table_num_entries ipv4_lpm").contains("0"))
        }
    }

    @Test func theSocketOfASwitchThatWasKilledIsReplacedAndAFileIsNot() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path("old")
        let abandoned = try directory.write("", to: "file")
        #expect(throws: SystemError.self) { _ = try LocalListener(at: abandoned) }
        #expect(FileManager.default.fileExists(atPath: abandoned))
        // As a killed process leaves it: the name without the socket.
        let first = try LocalListener(at: path)
        let isKept = unsafe link(path, directory.path("kept")) == 0
        #expect(isKept)
        _ = consume first
        let isBack = unsafe rename(directory.path("kept"), path) == 0
        #expect(isBack)
        #expect(FileManager.default.fileExists(atPath: path))
        let second = try LocalListener(at: path)
        _ = try LocalSocket(connectingTo: path)
        #expect(second.path == path)
    }
}
