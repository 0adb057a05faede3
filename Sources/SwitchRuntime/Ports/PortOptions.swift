// SPDX-License-Identifier: Apache-2.0

/// A port of the switch: the interface behind it, and the link it stands for.
///
/// Links have a delay and a bandwidth of their own because a kernel may lack netem. What leaves is delayed behind
/// egress; what arrives, before its ingress timestamp is taken, which is for ports whose other end is a host.
public struct PortOptions: Sendable, Hashable {
    public var number: Int
    public var interface: String
    /// Nanoseconds that a frame is on the way when it leaves.
    public var delay: UInt64
    /// Bits a second of the outgoing link; nil for no limit.
    public var bandwidth: Double?
    public var ingressDelay: UInt64
    public var ingressBandwidth: Double?

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

    /// Nanoseconds a frame takes on the outgoing link.
    func serialization(_ bytes: Int) -> UInt64 { Self.serialization(bytes, bandwidth) }

    func ingressSerialization(_ bytes: Int) -> UInt64 { Self.serialization(bytes, ingressBandwidth) }

    var delaysDepartures: Bool { delay > 0 || bandwidth != nil }
    var delaysArrivals: Bool { ingressDelay > 0 || ingressBandwidth != nil }

    private static func serialization(_ bytes: Int, _ bandwidth: Double?) -> UInt64 {
        guard let bandwidth, bandwidth > 0 else { return 0 }
        return UInt64(Double(bytes) * 8e9 / bandwidth + 0.5)
    }
}
