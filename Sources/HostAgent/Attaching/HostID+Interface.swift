// SPDX-License-Identifier: Apache-2.0

internal import CLinux
public import TelemetryFormats

extension HostID {
    /// The last four bytes of the interface's hardware address: of one vendor's cards no two in a domain are alike.
    /// nil if there is no such interface in the calling thread's network namespace.
    public init?(ofInterface name: String) {
        var number: UInt32 = 0
        guard unsafe p4ni_interface_number(name, &number) == 0 else { return nil }
        self.init(rawValue: number)
    }
}
