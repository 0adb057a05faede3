// SPDX-License-Identifier: Apache-2.0

import Addresses
import Journeys
import TelemetryFormats
import Wire

/// Frames as the sink of a path with one switch sends them.
enum Frames {
    /// A request and its reply through switch 1, `latency` us each way.
    static func roundTrip(_ id: UInt32, latency: UInt64 = 20, depth: UInt64 = 0, overIPv6: Bool = false) -> [UInt8] {
        var hop = HopMeasurement(switchID: 1, enqueueDepth: .exact(depth))
        hop.ingressTime = .microseconds(1_000_000)
        hop.egressTime = .microseconds(1_000_000 + latency)
        let reply =
            overIPv6
            ? Flow(
                source: .v6(IPv6Address(rawValue: 0xFD00_0002)), destination: .v6(IPv6Address(rawValue: 0xFD00_0001)),
                ports: ports)
            : Flow(
                source: .v4(IPv4Address(rawValue: 0x0A00_0202)), destination: .v4(IPv4Address(rawValue: 0x0A00_0101)),
                ports: ports)
        return TelemetryFrame(
            destination: MACAddress(rawValue: 2), source: MACAddress(rawValue: 4), level: .standard, forward: 1,
            hops: [hop, hop], host: HostMeasurement(ordinal: UInt64(id), duration: 5000),
            inner: InnerPacket(flow: reply, requestID: id)
        ).encoded()
    }

    private static let ports = Flow.Ports(source: 1234, destination: 50000)
}
