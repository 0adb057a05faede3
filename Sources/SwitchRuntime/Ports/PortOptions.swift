// SPDX-License-Identifier: Apache-2.0

/// A port of the switch: its interface, and the link that it emulates.
///
/// Links have a delay and a bandwidth of their own because a kernel may lack netem. Frames that leave are
/// delayed after egress; frames that arrive, before their ingress timestamp, for ports whose other end is a host.
public struct PortOptions: Sendable, Hashable {
    /// The port's number, 0 to 510.
    public var number: Int
    /// The name of its interface.
    public var interface: String
    /// Nanoseconds that a frame is on the way when it leaves.
    public var delay: UInt64
    /// Bits per second of the outgoing link; nil for no limit.
    public var bandwidth: Double?
    /// Nanoseconds that a frame which arrives was on the way.
    public var ingressDelay: UInt64
    /// Bits per second of the arriving link; nil for no limit.
    public var ingressBandwidth: Double?

    /// A port on a link that, unless given, has no delay and no limit.
    public init(
        number: Int, interface: String, delay: UInt64 = 0, bandwidth: Double? = nil, ingressDelay: UInt64 = 0,
        ingressBandwidth: Double? = nil
    ) {
        self.number = number
        self.interface = interface
        self.delay = delay
        self.bandwidth = bandwidth
        self.ingressDelay = ingressDelay
        self.ingressBandwidth = ingressBandwidth
    }

    /// Nanoseconds that a frame takes on the outgoing link.
    func serialization(_ bytes: Int) -> UInt64 { Self.serialization(bytes, bandwidth) }

    func ingressSerialization(_ bytes: Int) -> UInt64 { Self.serialization(bytes, ingressBandwidth) }

    var delaysDepartures: Bool { delay > 0 || bandwidth != nil }
    var delaysArrivals: Bool { ingressDelay > 0 || ingressBandwidth != nil }

    private static func serialization(_ bytes: Int, _ bandwidth: Double?) -> UInt64 {
        guard let bandwidth, bandwidth > 0 else { return 0 }
        return UInt64(Double(bytes) * 8e9 / bandwidth + 0.5)
    }
}
