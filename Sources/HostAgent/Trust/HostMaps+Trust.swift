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
        p4ni_prefix(bits: UInt32(mapped.length), address: address.networkWords)
    }
}
