// SPDX-License-Identifier: Apache-2.0

import LinuxSystem

/// Why a verb could not do its work, in words for the user.
struct CommandError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }

    /// Ends a verb that makes network namespaces at once, not at the first of its steps that is refused.
    static func requireRoot() throws(CommandError) {
        if !Credentials.isRoot {
            throw CommandError("network namespaces can be made and entered by root only; run as root")
        }
    }
}
