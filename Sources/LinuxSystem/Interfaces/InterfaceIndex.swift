// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// The kernel's number of an interface, in the network namespace of the calling thread.
public enum InterfaceIndex {
    /// The index of the interface of this name, from 1; ENODEV if there is none.
    public static func of(_ interface: String) throws(SystemError) -> UInt32 {
        let index = unsafe if_nametoindex(interface)
        guard index != 0 else { throw SystemError.noInterface(interface) }
        return index
    }
}
