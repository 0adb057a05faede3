// SPDX-License-Identifier: Apache-2.0

public import TelemetryFormats
public import Workload

/// What a run of the demo is to be.
public struct DemoSettings: Sendable {
    /// A topology file, or the name of a topology that ships.
    public var topology: String
    /// The level of the telemetry that requests and replies carry.
    public var level: Level
    /// Requests per second.
    public var rate: Double
    /// Seconds for which requests are sent.
    public var duration: Double
    /// The sampling period in microseconds; 0: every request is traced.
    public var freq: Int
    /// The MTU of every link, without the Ethernet header; nil: 1500.
    public var mtu: Int?
    /// false: the switches only forward, and no programs are attached to the server.
    public var hasTelemetry = true
    /// The transport of the requests; over TCP they are spread over several connections.
    public var transport = TransportProtocol.udp
    /// Requests travel over IPv6.
    public var overIPv6 = false
    /// The client's host is the INT source, not the switch next to it.
    public var clientRole = false

    /// Every request over UDP and IPv4 is traced, from the switch next to the client; other cases set the properties.
    public init(topology: String, level: Level, rate: Double, duration: Double, freq: Int = 0) {
        self.topology = topology
        self.level = level
        self.rate = rate
        self.duration = duration
        self.freq = freq
    }
}
