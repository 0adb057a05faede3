// SPDX-License-Identifier: Apache-2.0

import Addresses
import LinuxSystem
import ThrowawayPlaces

/// Two new namespaces joined by a veth pair, `left` in one and `right` in the other, both up and without offloads
/// and IPv6, so that no frame is seen that the test did not send.
struct VethLab {
    let left: NetworkNamespace
    let right: NetworkNamespace
    static let leftAddress = MACAddress("02:00:00:00:00:01")
    static let rightAddress = MACAddress("02:00:00:00:00:02")

    static func with(mtu: Int = 1500, _ body: (VethLab) throws -> Void) throws {
        try withNamespaces(2) { namespaces in
            let lab = VethLab(left: namespaces[0], right: namespaces[1])
            try connect(
                VethEnd("left", in: lab.left, address: leftAddress, mtu: mtu),
                VethEnd("right", in: lab.right, address: rightAddress, mtu: mtu))
            try body(lab)
        }
    }
}
