// SPDX-License-Identifier: Apache-2.0

/// The command line as people write it, in the form that the argument parser reads.
enum CommandLineText {
    /// `--rate -5` becomes `--rate=-5`, so that the option's own check names the range, not a missing value; the one
    /// argument `version` becomes `--version`. What follows `--`, and the command of `lab exec`, is left alone.
    static func arguments(_ given: [String]) -> [String] {
        if given == ["version"] { return ["--version"] }
        if given.starts(with: ["lab", "exec"]) { return given }
        let own = given.firstIndex(of: "--") ?? given.endIndex
        var arguments: [String] = []
        for (index, argument) in given.enumerated() {
            if index < own, isNegativeNumber(argument), let option = arguments.last, option.hasPrefix("--"),
                option.count > 2, !option.contains("=")
            {
                arguments[arguments.count - 1] = "\(option)=\(argument)"
            } else {
                arguments.append(argument)
            }
        }
        return arguments
    }

    private static func isNegativeNumber(_ text: String) -> Bool { text.hasPrefix("-") && Double(text) != nil }
}
