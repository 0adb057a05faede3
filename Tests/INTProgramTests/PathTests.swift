// SPDX-License-Identifier: Apache-2.0

import Telemetry
import Testing
import Wire

/// A request's way through three switches and back, on clocks that the test sets, so that every time is known.
@Suite struct PathTests {
    @Test(arguments: Level.allCases)
    func theSinkReportsEveryHopOfTheWayOutAndBack(level: Level) throws {
        var path = try Path(level: level)
        let (delivered, copy) = try path.roundTrip()
        let frame = try Packets.telemetry(copy.bytes)
        #expect(copy.port == 3)
        #expect(frame.level == level)
        #expect(frame.hops.map(\.switchID.rawValue) == [1, 2, 3, 3, 2, 1])
        #expect(frame.shim.forward == 3)
        #expect(frame.host == Path.host)
        #expect(frame.inner.requestID == Packets.requestID)
        // Cut behind the request id: the collector is owed no payload.
        #expect(copy.bytes.count == 14 + frame.telemetrySize + 20 + 8 + 4)
        #expect(delivered.port == 1)
        let (_, datagram) = try Packets.internet(delivered.bytes)
        #expect(Array(datagram.dropFirst(12)) == Packets.payload)
        #expect(Journey(of: frame, seenAt: 0).isComplete)
    }

    @Test func timesPortsAndQueuesAreThoseOfThePacketsOwnStay() throws {
        var path = try Path(level: .full)
        let (_, copy) = try path.roundTrip()
        let hops = Array(try Packets.telemetry(copy.bytes).hops.reversed())
        // In travel order: a packet enters a switch 10 us after it left the last and waits 5 us there.
        for (index, hop) in hops.enumerated() {
            let arrival = Path.start + UInt64(index) * 15 + (index >= 3 ? Path.serverTime : 0)
            #expect(hop.ingressTime == arrival)
            #expect(hop.egressTime == arrival + 5)
            #expect(hop.enqueueTime == UInt32(truncatingIfNeeded: arrival))
            #expect(hop.queueTime == 5)
            #expect(hop.latency == 5)
            #expect(hop.enqueueDepth == .exact(0))
            #expect(hop.dequeueDepth == .exact(0))
            #expect(hop.ingressPort == (index < 3 ? 1 : 2))
            #expect(hop.egressPort == (index < 3 ? 2 : 1))
            #expect(hop.packetsSinceLast == 1)
            #expect(hop.lastTelemetryTime == 0)
        }
    }

    @Test func aJourneysPartsAddUpToItsTotal() throws {
        var path = try Path(level: .standard)
        let (_, copy) = try path.roundTrip()
        let journey = Journey(of: try Packets.telemetry(copy.bytes), seenAt: 0)
        let sum = journey.parts.reduce(0) { $0 + ($1.duration ?? 0) }
        #expect(journey.total == sum)
        #expect(journey.parts.allSatisfy { $0.duration != nil })
        #expect(sum == (6 * 5 + 4 * 10 + 10 + Path.serverTime) * 1000)
    }

    @Test func theTimeToLiveFallsByOneAHopAndTheChecksumFollows() throws {
        var path = try Path(level: .standard)
        let (delivered, _) = try path.roundTrip()
        let before = try Packets.internet(Packets.reply()).header
        let after = try Packets.internet(delivered.bytes).header
        #expect(after.timeToLive == before.timeToLive - 3)
    }

    /// s1, s2, s3 in a row; s1 is the sink on its port 1.
    private struct Path: ~Copyable {
        static let host = HostRecord(ordinal: 7, duration: 90_000)
        /// Microseconds: of the request's arrival at s1, and between s3's egress out and ingress back but for the 10 of
        /// the links.
        static let start: UInt64 = 5_000_000
        static let serverTime: UInt64 = 100

        private var first: INTSwitch
        private var second: INTSwitch
        private var third: INTSwitch
        private var time = Path.start

        init(level: Level) throws {
            let number = Int(level.rawValue)
            let first = try INTSwitch(id: 1, level: number, commands: INTSwitch.sink)
            let second = try INTSwitch(id: 2, level: number)
            let third = try INTSwitch(id: 3, level: number)
            self.first = first
            self.second = second
            self.third = third
        }

        mutating func roundTrip() throws -> (delivered: INTSwitch.Sent, copy: INTSwitch.Sent) {
            var bytes = Packets.request()
            bytes = try Self.only(Self.hop(&first, bytes, 1, &time))
            bytes = try Self.only(Self.hop(&second, bytes, 1, &time))
            bytes = try Self.only(Self.hop(&third, bytes, 1, &time))
            time += Self.serverTime
            bytes = try Packets.turned(bytes, host: Self.host)
            bytes = try Self.only(Self.hop(&third, bytes, 2, &time))
            bytes = try Self.only(Self.hop(&second, bytes, 2, &time))
            let last = Self.hop(&first, bytes, 2, &time)
            #expect(last.count == 2)
            return (try #require(last.first { $0.port == 1 }), try #require(last.first { $0.port == 3 }))
        }

        private static func hop(_ node: inout INTSwitch, _ bytes: [UInt8], _ port: Int, _ time: inout UInt64)
            -> [INTSwitch.Sent]
        {
            node.now = time * 1000
            let sent = node.forward(bytes, port: port, queued: 5)
            time += 15
            return sent
        }

        private static func only(_ sent: [INTSwitch.Sent]) throws -> [UInt8] {
            #expect(sent.count == 1)
            return try #require(sent.first).bytes
        }
    }
}
