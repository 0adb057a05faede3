// SPDX-License-Identifier: Apache-2.0

internal import Addresses
internal import BPF
internal import CHostPrograms

extension HostMaps {
    /// Into a map that is empty so far.
    func writeTrusted(_ trust: TelemetryTrust) throws(BPFError) {
        guard case .sources(let prefixes) = trust else { return }
        let trusted = try map("p4ni_trusted")
        for prefix in prefixes { try trusted.value.write(UInt32(1), for: prefix.key) }
    }
}

extension IPPrefix {
    var key: p4ni_prefix {
        let (address, length) = mapped
        let words = (0..<4).map { UInt32(truncatingIfNeeded: address.rawValue >> UInt128(96 - 32 * $0)).bigEndian }
        return p4ni_prefix(bits: UInt32(length), address: (words[0], words[1], words[2], words[3]))
    }
}
