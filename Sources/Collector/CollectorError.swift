// SPDX-License-Identifier: Apache-2.0

/// What kept the collector from going on: which thing failed, and why.
public struct CollectorError: Error, CustomStringConvertible {
    /// What the collector could not do.
    public enum Code: Sendable, Hashable {
        /// Capture on an interface, from the beginning or any longer.
        case capture
        /// Read a file as pcap.
        case pcapFile
        /// Write a file or a stream.
        case output
    }

    /// What the collector could not do.
    public let code: Code
    /// The interface's name or the file's path.
    public let object: String
    /// Why.
    public let cause: any Error

    /// An error of a source or sink outside this module.
    public init(code: Code, object: String, cause: any Error) {
        self.code = code
        self.object = object
        self.cause = cause
    }

    /// What the collector could not do, with which object and why.
    public var description: String {
        switch code {
        case .capture: "cannot capture on '\(object)': \(cause)"
        case .pcapFile: "cannot read '\(object)': \(cause)"
        case .output: "cannot write '\(object)': \(cause)"
        }
    }
}
