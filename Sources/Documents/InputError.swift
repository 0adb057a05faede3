// SPDX-License-Identifier: Apache-2.0

internal import TextLayout

/// What is wrong in something that a person wrote, and where: in a file, or in an option of the command line.
///
/// Messages have the form *what is wrong: what was expected, got what*, such as "rate must be 1 to 1000, got 'x'".
public struct InputError: Error, Sendable, Hashable {
    /// Where the input is.
    public enum Location: Sendable, Hashable {
        /// Lines and columns count from 1; nil where the file, or the line, is meant.
        case file(String, line: Int? = nil, column: Int? = nil)
        /// By its name, `--level`.
        case option(String)
    }

    /// nil: known to the caller only, which then adds it.
    public let location: Location?
    /// The text without the location.
    public let message: String

    /// An error; `location` may be added later by a caller that knows it.
    public init(_ message: String, at location: Location? = nil) {
        self.message = message
        self.location = location
    }

    /// Several errors as one, a line each, in the order of their places in the file; nil without one.
    public init?(all errors: [InputError]) {
        let ordered = errors.sorted { $0.place < $1.place }
        guard let first = ordered.first else { return nil }
        guard ordered.count > 1 else {
            self = first
            return
        }
        // Each line has its own location.
        self.init(ordered.map(\.description).joined(separator: "\n"))
    }

    private var place: Int {
        if case .file(_, let line?, let column) = location { line << 20 | (column ?? 0) } else { 0 }
    }

    /// The same error at `location`, if it does not have a location yet.
    public func located(at location: Location) -> InputError {
        InputError(message, at: self.location ?? location)
    }
}

extension InputError: CustomStringConvertible {
    /// `host.yaml:3:8: MESSAGE`, as compilers write it.
    ///
    /// Control characters of the input are shown, not sent to a terminal.
    public var description: String { (location.map { "\($0): \(message)" } ?? message).visible }
}

extension InputError.Location: CustomStringConvertible {
    /// The name, and line and column where they are known, separated by colons.
    public var description: String {
        switch self {
        case .file(let name, let line, let column):
            ([name] + [line, column].compactMap { $0.map(String.init) }).joined(separator: ":")
        case .option(let name): name
        }
    }
}
