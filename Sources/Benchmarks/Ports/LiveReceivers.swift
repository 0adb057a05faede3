// SPDX-License-Identifier: Apache-2.0

internal import Workload

/// XDP programs on the interfaces that live frames come to.
final class LiveReceivers {
    private let first: LiveReceiver
    private let second: LiveReceiver

    init(_ first: String, _ second: String) throws {
        let one = try LiveReceiver(interface: first)
        let other = try LiveReceiver(interface: second)
        self.first = one
        self.second = other
    }
}
