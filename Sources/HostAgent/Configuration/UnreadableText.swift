// SPDX-License-Identifier: Apache-2.0

/// Why a text of the command line or the configuration is not what it should be: which part of it, and what is allowed
/// there.
public struct UnreadableText: Error, Sendable, Hashable, CustomStringConvertible {
    public let description: String

    init(_ description: String) { self.description = description }
}

extension UInt16 {
    /// A port that something can listen on.
    init(portIn text: some StringProtocol) throws(UnreadableText) {
        guard let number = UInt16(text), number > 0 else {
            throw UnreadableText("port '\(text)' is no number from 1 to 65535")
        }
        self = number
    }
}
