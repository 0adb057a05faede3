// SPDX-License-Identifier: Apache-2.0

/// Why a verb could not do its work, in words for the user.
struct CommandError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
