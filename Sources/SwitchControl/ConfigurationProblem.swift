// SPDX-License-Identifier: Apache-2.0

/// One thing in a configuration file that the switch cannot do: where it stands and why.
public struct ConfigurationProblem: Error, Sendable, Hashable, CustomStringConvertible {
    public var file: String
    /// `line 4`, or `table_entries[2] (MyIngress.ipv4_lpm)`; empty when the whole file is meant.
    public var place: String
    public var reason: String

    public init(file: String, place: String, reason: String) {
        self.file = file
        self.place = place
        self.reason = reason
    }

    public var description: String {
        place.isEmpty ? "\(file): \(reason)" : "\(file): \(place): \(reason)"
    }
}

/// Why one entry or command was refused; its caller knows the place.
package struct Refusal: Error {
    package var reason: String

    package init(_ reason: String) { self.reason = reason }
    init(_ error: any Error) { reason = (error as? Refusal)?.reason ?? "\(error)" }
}
