// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Journeys
import LinuxSystem
import TelemetryFormats
import TerminalKit

extension ValidationError {
    /// Checks the value of an option; nil, an option that was not given, passes.
    /// - Parameter unit: what the range counts, such as ` bytes`.
    /// - Throws: `--hops must be 1 to 20, got 21`.
    static func unless<Value: Comparable>(
        _ option: String, _ value: Value?, isIn range: ClosedRange<Value>, _ unit: String = ""
    ) throws(ValidationError) {
        guard let value, !range.contains(value) else { return }
        throw ValidationError(
            "\(option) must be \(text(range.lowerBound)) to \(text(range.upperBound))\(unit), got \(text(value))")
    }

    /// Checks the value of an option that must be greater than 0.
    /// - Throws: `--rate must be greater than 0 and at most 1000000, got 0`.
    static func unless(
        _ option: String, _ value: Double?, isAboveZeroUpTo most: Double, _ unit: String = ""
    ) throws(ValidationError) {
        guard let value, !(value > 0 && value <= most) else { return }
        throw ValidationError(
            "\(option) must be greater than 0 and at most \(text(most))\(unit), got \(text(value))")
    }

    /// Numbers without a fraction are printed without one.
    private static func text(_ value: some Any) -> String {
        guard let number = value as? Double, let integer = Int(exactly: number) else { return "\(value)" }
        return "\(integer)"
    }

    /// The level of this number.
    static func level(_ number: UInt8) throws(ValidationError) -> Level {
        guard let level = Level(rawValue: number) else {
            throw ValidationError("--level must be \(Level.rangeText), got \(number)")
        }
        return level
    }
}

extension Terminal {
    /// For usage that only shows to be wrong once a file was read: says so as a verb's own check of its arguments does.
    static func wrongUsage(_ message: String, of verb: String) -> ExitCode {
        say("Error: \(message)\n  See 'p4netintel \(verb) --help' for more information.")
        return .validationFailure
    }
}

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
