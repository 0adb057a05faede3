// SPDX-License-Identifier: Apache-2.0

import Journeys
import TelemetryFormats
import Testing

/// s1, s2, s3 in a row; s1 is the sink on its port 1.
struct Path: ~Copyable {
    static let host = HostMeasurement(ordinal: 7, duration: 90_000)
    /// Microseconds: of the request's arrival at s1, and between s3's egress out and ingress back except for the 10
    /// of the links.
    static let start: UInt64 = 5_000_000
    static let serverTime: UInt64 = 100

    private var first: INTSwitch
    private var second: INTSwitch
    private var third: INTSwitch
    private var time = Path.start

    private let traffic: Traffic

    init(level: Level, traffic: Traffic = .udp4) throws {
        self.traffic = traffic
        let number = Int(level.rawValue)
        let first = try INTSwitch(id: 1, level: number, commands: INTSwitch.sink)
        let second = try INTSwitch(id: 2, level: number)
        let third = try INTSwitch(id: 3, level: number)
        self.first = first
        self.second = second
        self.third = third
    }

    mutating func roundTrip(of request: [UInt8]? = nil) throws -> (delivered: INTSwitch.Sent, copy: INTSwitch.Sent) {
        var bytes = request ?? Packets.request(traffic)
        bytes = try Self.only(Self.hop(&first, bytes, 1, &time))
        bytes = try Self.only(Self.hop(&second, bytes, 1, &time))
        bytes = try Self.only(Self.hop(&third, bytes, 1, &time))
        time += Self.serverTime
        bytes = try Packets.turned(bytes, host: Self.host, traffic: traffic)
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
