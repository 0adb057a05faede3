// SPDX-License-Identifier: Apache-2.0

/// Text of the Prometheus exposition format, version 0.0.4: families of samples, each with its help and type once.
struct MetricText: Sendable {
    enum Kind: String, Sendable {
        /// Its name ends in `_total`.
        case counter
        case gauge
    }

    private(set) var text = ""

    /// Adds a family; without samples, nothing.
    mutating func add(
        _ name: String, _ kind: Kind, _ help: String, _ samples: [(labels: [(String, String)], value: String)]
    ) {
        guard !samples.isEmpty else { return }
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
        for sample in samples {
            let labels = sample.labels.map { "\($0.0)=\"\(Self.escaped($0.1))\"" }.joined(separator: ",")
            text += "\(name){\(labels)} \(sample.value)\n"
        }
    }

    /// A label's value may hold anything; backslash, quote and line end are written with a backslash.
    private static func escaped(_ value: String) -> String {
        var text = ""
        for character in value.unicodeScalars {
            switch character {
            case "\\": text += "\\\\"
            case "\"": text += "\\\""
            case "\n": text += "\\n"
            default: text.unicodeScalars.append(character)
            }
        }
        return text
    }
}
