// SPDX-License-Identifier: Apache-2.0

/// Why a store cannot be used.
public struct StoreError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of trouble it is, for callers that can do something about it.
    public enum Code: Sendable, Hashable {
        /// There is no store in the folder, or it cannot be opened.
        case unusable
        /// Another collector writes into the folder.
        case busy
        /// A later version of this program wrote it.
        case newerFormat
        /// No space is left, or too little.
        case full
        /// No journey has this id.
        case unknownJourney
    }

    /// What kind of trouble it is.
    public let code: Code
    /// The message.
    public let description: String

    init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}
