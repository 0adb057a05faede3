// SPDX-License-Identifier: Apache-2.0

import Journeys
import TelemetryFormats
import Testing
import Wire

/// Which packets start to carry telemetry, and that all others stay as they are.
@Suite struct TaggingTests {
    @Test(arguments: Level.allCases)
    func aWatchedRequestStartsTelemetryInTheSwitchsLevel(level: Level) throws {
        var node = try INTSwitch(id: 9, level: Int(level.rawValue))
        let sent = try #require(node.forward(Packets.request()).first)
        let frame = try Packets.telemetry(sent.bytes)
        #expect(frame.level == level)
        #expect(frame.hops.map(\.switchID.rawValue) == [9])
        #expect(frame.shim.flags == [] && frame.shim.forward == 0)
        // Ethernet and telemetry, byte for byte; the IPv4 header after them has another time to live.
        let size = 14 + frame.telemetrySize
        #expect(frame.encoded(payload: Packets.payload).prefix(size) == sent.bytes.prefix(size))
        #expect(try node.count("INTEgress.telemetry", 0) == 1)
        #expect(try node.count("INTEgress.telemetry", 1) == 1)
    }

    static let plainPackets: [(String, [UInt8])] = [
        ("to a destination that nobody watches", Packets.reply()),
        ("neither UDP nor TCP", edited { $0[23] = 47 }),
        ("a first fragment", edited { $0[20] = 0x20 }),
        (
            "a later fragment",
            edited {
                $0[21] = 0x10; $0[20] = 0
            }
        ),
        ("too short for a request id", shortened()),
    ]

    @Test(arguments: plainPackets)
    func allOthersArePassedOnWithoutIt(name: String, packet: [UInt8]) throws {
        var node = try INTSwitch(id: 9)
        let sent = node.forward(packet)
        #expect(sent.count == 1, "\(name)")
        let bytes = try #require(sent.first).bytes
        // Except for the MAC addresses, the time to live and its checksum, the frame is the one that came.
        #expect(bytes.count == packet.count)
        #expect(Array(bytes[26...]) == Array(packet[26...]))
        #expect(try Packets.internet(bytes).header.timeToLive == packet[22] - 1)
        #expect(try node.count("INTEgress.telemetry", 0) == 0)
    }

    @Test func optionsOfTheInternetHeaderStay() throws {
        var node = try INTSwitch(id: 9)
        let options: [UInt8] = [7, 7, 4, 10, 0, 0, 1, 0]
        var packet = Array(Packets.request()[..<34]) + options + Packets.request()[34...]
        packet[14] = 0x47
        packet[17] += 8
        packet = Self.withChecksum(packet, headerBytes: 28)
        let sent = try #require(node.forward(packet).first)
        let frame = try Packets.telemetry(sent.bytes)
        #expect(frame.inner.requestID == Packets.requestID)
        let start = 14 + frame.telemetrySize
        #expect(Array(sent.bytes[(start + 20)..<(start + 28)]) == options)
    }

    @Test func aSamplerTakesAtMostOnePacketAPeriodAndIsNeverStarved() throws {
        var node = try INTSwitch(id: 9, defines: ["FREQ=1000"])
        var tagged: [UInt64] = []
        // One request every 300 us for 30 ms: faster than the period, so that a sampler that moved its time on with
        // every packet would take only the first.
        for index in 0..<100 {
            node.now = 1_000_000_000 + UInt64(index) * 300_000
            let sent = try #require(node.forward(Packets.request()).first)
            if sent.bytes[12] == 0x12 { tagged.append(node.now / 1000) }
        }
        #expect(zip(tagged, tagged.dropFirst()).allSatisfy { $1 - $0 >= 1000 })
        #expect(tagged.count == 25)
    }

    @Test func eachEgressPortIsSampledByItself() throws {
        var node = try INTSwitch(
            id: 9, defines: ["FREQ=1000000"],
            commands: """
                table_add watchlist watch 10.0.1.0/24 =>
                """)
        let out = try #require(node.forward(Packets.request()).first)
        let back = try #require(node.forward(Packets.reply()).first)
        let again = try #require(node.forward(Packets.request()).first)
        #expect(out.bytes[12] == 0x12)
        #expect(back.bytes[12] == 0x12)
        #expect(again.bytes[12] == 0x08)
    }

    @Test func queueDepthsAreThoseThePacketsMet() throws {
        var node = try INTSwitch(id: 9, commands: "set_queue_rate 1000 2")
        for _ in 0..<5 { node.receive(Packets.request()) }
        let hops = try node.drain().map { try Packets.telemetry($0.bytes).hops[0] }
        #expect(hops.map(\.enqueueDepth) == (0..<5).map { Measurement.exact($0) })
        #expect(hops.map(\.dequeueDepth) == (0..<5).reversed().map { Measurement.exact($0) })
        #expect(hops.map(\.queueTime?.value) == [0, 1_000_000, 2_000_000, 3_000_000, 4_000_000])
    }

    private static func edited(_ edit: (inout [UInt8]) -> Void) -> [UInt8] {
        var packet = Packets.request()
        edit(&packet)
        return withChecksum(packet, headerBytes: 20)
    }

    /// UDP with three bytes of payload.
    private static func shortened() -> [UInt8] {
        edited {
            $0[17] = 31
            $0[39] = 11
            $0.removeLast($0.count - 45)
        }
    }

    static func withChecksum(_ packet: [UInt8], headerBytes: Int) -> [UInt8] {
        var packet = packet
        packet[24] = 0
        packet[25] = 0
        var sum = InternetChecksum()
        sum.add(Array(packet[14..<(14 + headerBytes)]).span)
        packet[24] = UInt8(sum.value >> 8)
        packet[25] = UInt8(sum.value & 0xFF)
        return packet
    }
}
