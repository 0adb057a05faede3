// SPDX-License-Identifier: Apache-2.0

/// What kept the collector from going on: which thing failed, and why.
public struct CollectorError: Error, CustomStringConvertible {
    public enum Code: Sendable, Hashable {
        /// An interface cannot be captured from, or not any more.
        case capture
        /// A pcap file cannot be read, or is none.
        case pcapFile
        /// A file cannot be written.
        case output
    }

    public let code: Code
    /// The interface's name or the file's path.
    public let object: String
    public let cause: any Error

    public var description: String {
        switch code {
        case .capture: "cannot capture on '\(object)': \(cause)"
        case .pcapFile: "cannot read '\(object)': \(cause)"
        case .output: "cannot write '\(object)': \(cause)"
        }
    }
}
