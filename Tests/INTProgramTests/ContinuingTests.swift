// SPDX-License-Identifier: Apache-2.0

import Journeys
import TelemetryFormats
import Testing
import Wire

/// What a switch does to frames that carry telemetry already, intact or damaged.
@Suite struct ContinuingTests {
    @Test(arguments: Level.chained + [.compact])
    func aSwitchFollowsTheLevelOfTheFrame(level: Level) throws {
        var node = try INTSwitch(id: 9, level: level == .standard ? 3 : 2)
        let sent = try #require(node.forward(Packets.request(carrying: 3, level: level)).first)
        let frame = try Packets.telemetry(sent.bytes)
        #expect(frame.level == level)
        #expect(frame.hops.map(\.switchID.rawValue) == [9, 103, 102, 101])
        // Ethernet and telemetry, byte for byte; the IPv4 header after them has another time to live.
        let size = 14 + frame.telemetrySize
        #expect(frame.encoded(payload: Packets.payload).prefix(size) == sent.bytes.prefix(size))
        #expect(try node.count("INTEgress.telemetry", 0) == 0)
    }

    @Test(arguments: Level.chained)
    func aReferenceFrameStaysOne(level: Level) throws {
        var node = try INTSwitch(id: 9, level: Int(level.rawValue))
        let sent = try #require(node.forward(Packets.referenceRequest(carrying: 2, level: level)).first)
        #expect(Array(sent.bytes[14..<18]) == [0, 0, 0, 3])
        guard case .journey(let report) = TelemetryDecoder(referenceLevel: level).decode(sent.bytes.span) else {
            Issue.record("not decoded")
            return
        }
        #expect(report.hops.map(\.switchID.rawValue) == [101, 102, 9])
    }

    @Test func aFrameFullOfRecordsIsMarked() throws {
        var node = try INTSwitch(id: 9, level: 1)
        let sent = try #require(node.forward(Packets.request(carrying: 20, level: .minimal)).first)
        let frame = try Packets.telemetry(sent.bytes)
        #expect(frame.hops.count == 20 && frame.hops[0].switchID.rawValue == 120)
        #expect(frame.shim.flags == .hopLimit)
        #expect(try node.count("INTEgress.telemetry", 4) == 1)
    }

    @Test func aFullReferenceFrameHasNoFlagToSet() throws {
        var node = try INTSwitch(id: 9, level: 1)
        let packet = Packets.referenceRequest(carrying: 20, level: .minimal)
        let sent = try #require(node.forward(packet).first)
        #expect(Array(sent.bytes[14..<18]) == [0, 0, 0, 20])
        #expect(sent.bytes.count == packet.count)
    }

    @Test func aRecordThatWouldPassTheFramesLimitIsLeftOut() throws {
        var node = try INTSwitch(id: 9, defines: ["MAX_FRAME=200"])
        let fitting = [UInt8](repeating: 1, count: 200 - 14 - 4 - 2 * 36 - 20 - 8 - 4)
        let last = try #require(node.forward(Packets.request(carrying: 1, level: .standard, payload: fitting)).first)
        #expect(last.bytes.count == 200)
        #expect(try Packets.telemetry(last.bytes).hops.count == 2)
        let over = try #require(
            node.forward(Packets.request(carrying: 1, level: .standard, payload: fitting + [1])).first)
        let frame = try Packets.telemetry(over.bytes)
        #expect(frame.hops.count == 1)
        #expect(frame.shim.flags == .noRoom)
        // Without a shim there is nowhere to say so, and the request goes on plain.
        let plain = try #require(
            node.forward(Packets.request(payload: fitting + [UInt8](repeating: 1, count: 40))).first)
        #expect(plain.bytes[12] == 0x08)
        #expect(try node.count("INTEgress.telemetry", 3) == 2)
    }

    @Test func moreRecordsThanAllowedArePassedOnUntouched() throws {
        var node = try INTSwitch(id: 9, level: 1)
        let packet = Packets.request(carrying: 21, level: .minimal)
        let sent = try #require(node.forward(packet).first)
        #expect(sent.bytes.count == packet.count)
        let start = 14 + 4 + 21 * 9
        #expect(Array(sent.bytes[14..<start]) == Array(packet[14..<start]))
        #expect(try node.count("INTEgress.telemetry", 5) == 1)
    }

    static let unroutable: [(String, [UInt8])] = [
        ("an unknown level", edited { $0[14] = 9 }),
        ("a count that leads past the frame", edited { $0[17] = 19 }),
        ("an unknown type after the records", edited { $0[14 + 4 + 35] = 0x77 }),
        ("a frame that ends within the shim", Array(Packets.request(carrying: 1, level: .standard)[..<16])),
        ("a frame that ends within IPv4", Array(Packets.request(carrying: 1, level: .standard)[..<70])),
    ]

    @Test(arguments: unroutable)
    func telemetryThatHidesWhereInternetBeginsCannotBeRouted(name: String, packet: [UInt8]) throws {
        var node = try INTSwitch(id: 9)
        #expect(node.forward(packet) == [], "\(name)")
        #expect(try node.count("INTIngress.dropped", 0) == 1)
    }

    @Test func aSinkStripsWhatItCannotReadOn() throws {
        var node = try INTSwitch(id: 9, level: 1, commands: INTSwitch.sink + "\ntable_add port_role sink 2 =>")
        let sent = node.forward(Packets.request(carrying: 21, level: .minimal))
        let delivered = try #require(sent.first { $0.port == 2 })
        let (_, datagram) = try Packets.internet(delivered.bytes)
        #expect(Array(datagram.dropFirst(12)) == Packets.payload)
    }

    @Test func aSourceThatIsTheSinkTooReportsItsOneRecord() throws {
        var node = try INTSwitch(id: 9, commands: "table_add port_role sink 2 =>\nmirroring_add 500 3")
        let sent = node.forward(Packets.request())
        let copy = try #require(sent.first { $0.port == 3 })
        #expect(try Packets.telemetry(copy.bytes).hops.map(\.switchID.rawValue) == [9])
        let delivered = try #require(sent.first { $0.port == 2 })
        #expect(Array(delivered.bytes[34...]) == Array(Packets.request()[34...]))
    }

    @Test func withoutAMirrorSessionTheClientStillGetsItsReply() throws {
        var node = try INTSwitch(id: 9, commands: "table_add port_role sink 2 =>")
        let sent = node.forward(Packets.request(carrying: 3, level: .standard))
        #expect(sent.map(\.port) == [2])
    }

    @Test func framesOnTheWayToTheCollectorAreRelayedAsTheyAre() throws {
        var node = try INTSwitch(
            id: 4,
            commands: """
                table_set_default ipv4_lpm relay 5
                table_clear ipv4_lpm
                table_set_default port_role untouched
                """)
        let packet = Packets.request(carrying: 6, level: .full)
        #expect(node.forward(packet) == [INTSwitch.Sent(port: 5, bytes: packet)])
    }

    static let dropped: [(reason: Int, packet: [UInt8])] = [
        (1, changed { $0[24] ^= 1 }),
        (2, TaggingTests.withChecksum(changed { $0[22] = 1 }, headerBytes: 20)),
        (3, TaggingTests.withChecksum(changed { $0[31] = 99 }, headerBytes: 20)),
        (0, changed { $0[12] = 0x86 }),
        (0, Array(Packets.request()[..<30])),
    ]

    @Test(arguments: dropped)
    func aRouterDropsAndCountsWhatItCannotForward(reason: Int, packet: [UInt8]) throws {
        var node = try INTSwitch(id: 9)

        #expect(node.forward(packet) == [])
        #expect(try node.count("INTIngress.dropped", reason) == 1)
    }

    private static func edited(_ edit: (inout [UInt8]) -> Void) -> [UInt8] {
        var packet = Packets.request(carrying: 1, level: .standard)
        edit(&packet)
        return packet
    }

    private static func changed(_ edit: (inout [UInt8]) -> Void) -> [UInt8] {
        var packet = Packets.request()
        edit(&packet)
        return packet
    }
}
