// SPDX-License-Identifier: Apache-2.0

/// Text that is not the address, prefix or port that it should be.
public struct AddressError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong and what was expected.
    public let description: String

    init(_ description: String) { self.description = description }
}
