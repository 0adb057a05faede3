// SPDX-License-Identifier: Apache-2.0

extension Experiment {
    /// Every combination of the varied settings with the fixed ones, followed by the further cases.
    public var cases: [[String: Label]] {
        let combinations = varied.reduce([fixed]) { cases, variable in
            cases.flatMap { settings in
                variable.values.map { value in settings.merging([variable.name: value]) { _, new in new } }
            }
        }
        let single = further.map { fixed.merging($0) { _, new in new } }
        return varied.isEmpty && !single.isEmpty ? single : combinations + single
    }

    /// All runs: the cases one after the other, and again for each repetition, so that what changes slowly on the
    /// machine falls on all cases alike.
    public var runs: [(settings: [String: Label], repetition: Int)] {
        (1...max(1, repeats)).flatMap { repetition in cases.map { ($0, repetition) } }
    }
}
