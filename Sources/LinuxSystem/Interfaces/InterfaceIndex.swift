// SPDX-License-Identifier: Apache-2.0

public import Addresses
internal import CLinux
internal import Glibc

/// The kernel's number of an interface, in the network namespace of the calling thread.
public enum InterfaceIndex {
    /// The index of the interface of this name, from 1; ENODEV if no interface has it.
    public static func of(_ interface: String) throws(SystemError) -> UInt32 {
        let index = unsafe if_nametoindex(interface)
        guard index != 0 else { throw SystemError.noInterface(interface) }
        return index
    }

    /// The name of the interface that has this index; nil if no interface has it.
    public static func name(of index: UInt32) -> String? {
        var bytes = [CChar](repeating: 0, count: Int(IF_NAMESIZE))
        guard unsafe if_indextoname(index, &bytes) != nil else { return nil }
        return String(decoding: bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

/// What an interface says of its hardware, in the network namespace of the calling thread.
public enum InterfaceHardware {
    /// ARPHRD_ETHER of linux/if_arp.h.
    private static let ethernet: Int32 = 1

    /// Whether the interface carries Ethernet frames. The loopback interface does not count as one.
    public static func isEthernet(_ interface: String) -> Bool {
        unsafe p4ni_interface_hardware(interface) == ethernet
    }

    /// The interface's MAC address; nil if there is no such interface.
    public static func address(of interface: String) -> MACAddress? {
        var octets = [UInt8](repeating: 0, count: 6)
        return unsafe p4ni_interface_mac(interface, &octets) == 0 ? MACAddress(octets: octets) : nil
    }
}
