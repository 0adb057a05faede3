// SPDX-License-Identifier: Apache-2.0

public import Addresses
internal import Journeys
public import TelemetryFormats
internal import Wire

/// A frame to be sent many times, each time with another number and in turns from several source ports.
///
/// The payload begins with the number, so that it is a request's id; its complement and the source port's follow
/// it, so that the checksums are right whatever the number is:
///
///     | number, 32 bits | ~number, 32 bits | ~source port, 16 bits | …
public struct LoadFrame: Sendable {
    /// The choices about the frame; everything else is fixed.
    public struct Shape: Sendable {
        /// Telemetry in front of the packet: hop records of `level`; 0: none, and no shim.
        public var records = 0
        /// Level of the hop records.
        public var level = Level.standard
        /// Address and first port of the sender.
        public var source = Endpoint(IPv4Address(rawValue: 0x0a00_0101), port: 40_000)
        /// Address and port of the receiver.
        public var destination = Endpoint(IPv4Address(rawValue: 0x0a00_0202), port: 1234)
        /// The default reaches whoever listens.
        public var destinationLink = MACAddress.broadcast
        /// Source ports, from that of `source` on.
        public var flows = 1
        /// Bytes of UDP payload.
        public var payloadBytes = 64

        /// Bytes that a UDP payload may have.
        public static let payloadRange = 10...1472

        /// Requests of 64 bytes from 10.0.1.1 to 10.0.2.2:1234, without telemetry.
        public init() {}
    }

    /// The offsets of the fields that vary.
    struct Varying: Sendable, Hashable {
        var number: Int
        var port: Int
        var firstPort: UInt16
        var flows: Int
    }

    /// The frame as it is before it varies.
    public let bytes: [UInt8]
    let varying: Varying?

    /// The same bytes each time.
    public init(bytes: [UInt8]) {
        self.bytes = bytes
        varying = nil
    }

    /// Both addresses must be of one family.
    public init(_ shape: Shape) {
        precondition(Shape.payloadRange.contains(shape.payloadBytes), "a payload of \(shape.payloadBytes) bytes")
        precondition(shape.source.address.isIPv6 == shape.destination.address.isIPv6, "addresses of two families")
        bytes = Self.bytes(of: shape)
        let payload = bytes.count - shape.payloadBytes
        varying = Varying(
            number: payload, port: payload - UDPHeader.size, firstPort: shape.source.port.rawValue,
            flows: max(1, shape.flows))
    }

    /// Makes a copy of the frame, in `frame` already, its `number`th.
    @inline(__always)
    func vary(_ frame: inout MutableSpan<UInt8>, number: UInt32) {
        guard let varying else { return }
        let port = varying.firstPort &+ UInt16(truncatingIfNeeded: number % UInt32(varying.flows))
        for byte in 0..<4 {
            let octet = UInt8(truncatingIfNeeded: number >> UInt32(24 - 8 * byte))
            frame[varying.number + byte] = octet
            frame[varying.number + 4 + byte] = ~octet
        }
        for byte in 0..<2 {
            let octet = UInt8(truncatingIfNeeded: port >> UInt16(8 - 8 * byte))
            frame[varying.number + 8 + byte] = ~octet
            frame[varying.port + byte] = octet
        }
    }

    private static func bytes(of shape: Shape) -> [UInt8] {
        let flow = Flow(
            source: shape.source.address, destination: shape.destination.address,
            ports: Flow.Ports(source: shape.source.port, destination: shape.destination.port))
        let inner = InnerPacket(flow: flow, requestID: 0)
        let port = shape.source.port.rawValue
        let payload =
            [0xff, 0xff, 0xff, 0xff, ~UInt8(truncatingIfNeeded: port >> 8), ~UInt8(truncatingIfNeeded: port)]
            + (10..<shape.payloadBytes).map { UInt8(truncatingIfNeeded: $0) }
        let source = MACAddress(rawValue: 0x0200_0000_0001)
        guard shape.records > 0 else {
            var writer = PacketWriter(reserving: 128 + payload.count)
            EthernetHeader(destination: shape.destinationLink, source: source, etherType: inner.etherType)
                .write(into: &writer)
            inner.write(payload: payload, into: &writer)
            return writer.bytes
        }
        return TelemetryFrame(
            destination: shape.destinationLink, source: source, level: shape.level, hops: hops(shape), inner: inner
        ).encoded(payload: payload)
    }

    /// Records as switches 1, 2, 3 … would have written them, the newest first.
    private static func hops(_ shape: Shape) -> [HopMeasurement] {
        (1...shape.records).reversed().map { number in
            HopMeasurement(
                switchID: SwitchID(rawValue: UInt32(number)),
                enqueueDepth: shape.level == .discretized ? .classified(.idle) : .exact(UInt64(number)))
        }
    }
}
