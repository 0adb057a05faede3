// SPDX-License-Identifier: Apache-2.0

public import Addresses
import LinuxSystem

/// The settings of a client's run: destination, rate, duration and shape of the requests.
public struct ClientConfiguration: Sendable {
    /// Where requests are sent.
    public var destination: Endpoint
    /// Where every other request goes instead; for UDP only.
    public var alternative: Endpoint?
    /// What carries requests and replies.
    public var transport = TransportProtocol.udp
    /// Connections that requests take turns on; of TCP only.
    public var connections = 1
    /// Requests per second, evenly spaced.
    public var rate: Double
    /// Requests that leave together; their bursts are then evenly spaced.
    public var burst = 1
    /// Seconds.
    public var duration: Double
    /// Bytes of payload, the request id included.
    public var payloadBytes = 64
    /// Seconds after which a request without a reply is lost.
    public var timeout = 1.0

    /// - Parameters:
    ///   - rate: requests per second, above 0.
    ///   - duration: seconds, above 0.
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

    /// TCP connections that a client may use.
    public static let connectionRange = 1...1000
    /// Requests that may leave together.
    public static let burstRange = 1...10_000
}
