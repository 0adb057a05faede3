// SPDX-License-Identifier: Apache-2.0

internal import BPF
internal import LinuxSystem

/// What was read of an interface, before anything is made of it.
struct InterfaceFacts: Sendable {
    var name: String
    var isEthernet: Bool
    /// Set up by its administrator.
    var isUp: Bool
    /// Set up, and so is what it leads to.
    var isRunning: Bool
    /// Empty where the interface has none to name.
    var driver: String
    /// By the driver's own account; nil where the kernel does not report it (before 6.3).
    var hasNativeXDP: Bool?
    var xdpHolder: XDPHolder?
    /// nil where the driver does not report it.
    var receiveQueues: Int?
    var processors: Int
    /// nil where there is no such offload.
    var offloads: OffloadFacts
    var mtu: Int
    var routes: [Route]
}

/// What an interface does beside sending and receiving frames as they are.
struct OffloadFacts: Sendable, Hashable {
    var receiveChecksum: Bool
    var transmitChecksum: Bool
    var tcpSegmentation: Bool
    var genericSegmentation: Bool
    /// How many segments TCP hands over as one packet, whatever the two above say.
    var segmentLimit: Int
    var genericReceive: Bool
    var largeReceive: Bool
    var receiveVLAN: Bool
}
