// SPDX-License-Identifier: Apache-2.0

public import Addresses
internal import CLinux
internal import Glibc

/// Names of hosts, as the C library resolves them: /etc/hosts, DNS and what else nsswitch.conf says.
public enum HostName {
    /// The name has no address, or cannot be looked up.
    public struct Unresolved: Error, CustomStringConvertible {
        /// What was looked up, and the resolver's reason.
        public let description: String
    }

    /// The first address of a name, in the resolver's order of preference.
    public static func address(of name: String) throws(Unresolved) -> IPAddress {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let problem = unsafe p4ni_resolve(name, &text, text.count)
        let numeric = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        guard problem == 0, let address = IPAddress(numeric) else {
            let reason = unsafe gai_strerror(problem).map { unsafe String(cString: $0) } ?? "error \(problem)"
            throw Unresolved(description: "the server must be an address or a name, got '\(name)': \(reason)")
        }
        return address
    }
}
