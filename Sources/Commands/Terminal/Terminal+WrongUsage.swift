// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import TerminalKit

extension Terminal {
    /// For usage that only shows to be wrong once a file was read: says so as a verb's own check of its arguments does.
    static func wrongUsage(_ message: String, of verb: String) -> ExitCode {
        say("Error: \(message)\n  See 'p4netintel \(verb) --help' for more information.")
        return .validationFailure
    }
}
