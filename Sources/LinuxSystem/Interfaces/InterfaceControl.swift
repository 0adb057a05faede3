// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc

/// Work that an interface does, or leaves half done, in the hope of hardware below it.
public enum Offload: String, CaseIterable, Sendable {
    /// The card checks checksums of received packets.
    case receiveChecksum = "rx-checksumming"
    /// The card fills in checksums of sent packets.
    case transmitChecksum = "tx-checksumming"
    /// The card sends packets that lie in several pieces.
    case scatterGather = "scatter-gather"
    /// The card cuts TCP super-packets.
    case tcpSegmentation = "tcp-segmentation-offload"
    /// The kernel cuts super-packets after the TC hook.
    case genericSegmentation = "generic-segmentation-offload"
    /// The kernel joins received packets to super-packets.
    case genericReceive = "generic-receive-offload"

    /// linux/ethtool.h: its header is left out of the module as it drags in the one that collides with Glibc's.
    var commands: (get: UInt32, set: UInt32) {
        switch self {
        case .receiveChecksum: (0x14, 0x15)
        case .transmitChecksum: (0x16, 0x17)
        case .scatterGather: (0x18, 0x19)
        case .tcpSegmentation: (0x1e, 0x1f)
        case .genericSegmentation: (0x23, 0x24)
        case .genericReceive: (0x2b, 0x2c)
        }
    }
}

/// Questions and settings of interfaces that go by ioctl, in the network namespace of the thread that makes this.
public struct InterfaceControl: ~Copyable, Sendable {
    let descriptor: Descriptor

    /// Opens a socket for the requests.
    public init() throws(SystemError) {
        let number = try SystemCall.run("socket AF_INET") {
            socket(AF_INET, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        }
        descriptor = Descriptor(owning: number)
    }

    /// Sets an offload. An offload that is already set, or that is to be off and that the interface lacks, is not an
    /// error.
    public borrowing func set(_ offload: Offload, of interface: String, to on: Bool) throws(SystemError) {
        let number = descriptor.number
        do throws(SystemError) {
            try SystemCall.run("ethtool \(offload.rawValue)", on: interface) {
                unsafe p4ni_ethtool_set(number, interface, offload.commands.set, on ? 1 : 0)
            }
        } catch  where error.errno == .notSupported && !on {
            return
        }
    }

    /// Turns all offloads off, so that frames are on the wire as they are seen: no checksum left to hardware, no frame
    /// joined or split.
    public borrowing func disableOffloads(of interface: String) throws(SystemError) {
        for offload in Offload.allCases { try set(offload, of: interface, to: false) }
    }

    /// Whether the offload is on.
    public borrowing func isOn(_ offload: Offload, of interface: String) throws(SystemError) -> Bool {
        let number = descriptor.number
        var value: UInt32 = 0
        try SystemCall.run("ethtool \(offload.rawValue)", on: interface) {
            unsafe p4ni_ethtool_get(number, interface, offload.commands.get, &value)
        }
        return value != 0
    }

    /// The driver's name: `veth`, `virtio_net`.
    public borrowing func driver(of interface: String) throws(SystemError) -> String {
        let number = descriptor.number
        var name = [CChar](repeating: 0, count: 32)
        try SystemCall.run("ethtool driver", on: interface) {
            unsafe p4ni_ethtool_driver(number, interface, &name, name.count)
        }
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Whether the interface is set up.
    public borrowing func isUp(_ interface: String) throws(SystemError) -> Bool {
        let number = descriptor.number
        var flags: UInt32 = 0
        try SystemCall.run("ioctl SIOCGIFFLAGS", on: interface) {
            unsafe p4ni_interface_flags(number, interface, &flags)
        }
        return flags & UInt32(IFF_UP) != 0
    }
}
