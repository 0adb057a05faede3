// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import LinuxSystem

extension SwitchProcess {
    /// How statistics are written.
    public enum StatisticsForm: Sendable { case table, json }

    /// `run` as a command: the line `ready` on standard output once frames are taken, statistics on standard error
    /// at each SIGUSR1 and at the end.
    public mutating func runOnStandardStreams(statistics form: StatisticsForm = .table) throws(SwitchError) {
        let output = StandardStream(1)
        let errors = StandardStream(2)
        for line in commandOutput { output.write(line + "\n") }
        defer { errors.write(statistics().text(form)) }
        try run(
            onReady: { output.write("ready\n") }, onStatistics: { errors.write($0.text(form)) })
    }
}

extension SwitchStatistics {
    /// The table, or one line of JSON.
    public func text(_ form: SwitchProcess.StatisticsForm) -> String {
        guard form == .json else { return table }
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        guard let data = try? encoder.encode(self) else { return table }
        return String(decoding: data, as: UTF8.self) + "\n"
    }
}
