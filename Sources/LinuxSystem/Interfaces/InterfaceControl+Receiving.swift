// SPDX-License-Identifier: Apache-2.0

internal import CLinux

/// Offloads of receiving that the kernel keeps as bits of one word (`ETHTOOL_GFLAGS`).
public enum ReceiveOffload: String, CaseIterable, Sendable {
    /// The card joins TCP segments before the kernel, and XDP, see them.
    case large = "large-receive-offload"
    /// The card takes the outer VLAN tag out of the frame.
    case vlan = "rx-vlan-offload"

    /// linux/ethtool.h's ETH_FLAG_LRO and ETH_FLAG_RXVLAN.
    var bit: UInt32 {
        switch self {
        case .large: 1 << 15
        case .vlan: 1 << 8
        }
    }
}

extension InterfaceControl {
    private static let getFlags: UInt32 = 0x25
    private static let setFlags: UInt32 = 0x26

    /// Whether the offload is on.
    public borrowing func isOn(_ offload: ReceiveOffload, of interface: String) throws(SystemError) -> Bool {
        try flags(of: interface, for: offload) & offload.bit != 0
    }

    /// Sets an offload.
    /// - Throws: `notSupported` or `invalidArgument` where the driver has it fixed.
    public borrowing func set(_ offload: ReceiveOffload, of interface: String, to on: Bool) throws(SystemError) {
        let number = descriptor.number
        let flags = try flags(of: interface, for: offload)
        let wanted = on ? flags | offload.bit : flags & ~offload.bit
        guard wanted != flags else { return }
        try SystemCall.run("ethtool \(offload.rawValue)", on: interface) {
            unsafe p4ni_ethtool_set(number, interface, Self.setFlags, wanted)
        }
    }

    /// How many queues the interface receives by; nil where the driver does not report it.
    public borrowing func receiveQueues(of interface: String) -> Int? {
        var queues: UInt32 = 0
        guard unsafe p4ni_ethtool_receive_queues(descriptor.number, interface, &queues) == 0 else { return nil }
        return Int(queues)
    }

    private borrowing func flags(of interface: String, for offload: ReceiveOffload) throws(SystemError) -> UInt32 {
        let number = descriptor.number
        var value: UInt32 = 0
        try SystemCall.run("ethtool \(offload.rawValue)", on: interface) {
            unsafe p4ni_ethtool_get(number, interface, Self.getFlags, &value)
        }
        return value
    }
}
