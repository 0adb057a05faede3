// SPDX-License-Identifier: Apache-2.0

public import Addresses
import LinuxSystem

/// What the client sends, where to, and for how long.
public struct ClientConfiguration: Sendable {
    public var destination: Endpoint
    /// Where half of the requests go instead, by turns; of UDP only.
    public var alternative: Endpoint?
    public var transport = TransportProtocol.udp
    /// Connections that requests take turns on; of TCP only.
    public var connections = 1
    /// Requests a second, evenly spaced.
    public var rate: Double
    /// Requests that leave together; their bursts are then evenly spaced.
    public var burst = 1
    /// Seconds.
    public var duration: Double
    /// Bytes of payload, the request id included.
    public var payloadBytes = 64
    /// Seconds after which a request without a reply is lost.
    public var timeout = 1.0

    public init(destination: Endpoint, rate: Double, duration: Double) {
        self.destination = destination
        self.rate = rate
        self.duration = duration
    }

    /// UDP: what a packet of 1500 bytes takes, so that a request is one packet.
    public static func payloadRange(_ transport: TransportProtocol) -> ClosedRange<Int> {
        let least = RequestPayload.headerBytes(transport)
        return transport == .tcp ? least...RequestPayload.largestInStream : least...1472
    }

    public static let connectionRange = 1...1000
    public static let burstRange = 1...10_000
}
