// SPDX-License-Identifier: Apache-2.0

package import BPF

extension TelemetryHost {
    /// Runs and time so far of every program that is attached by a link, by the name of its hook; the kernel counts
    /// while `RunTimeAccounting` is on.
    package func runTimes() throws(HostAgentError) -> [String: ProgramRunTime] {
        try withCurrent(repairing: false) { _, current in try Self.runTimes(of: current) }
    }

    private static func runTimes(of directory: PinDirectory) throws(BPFError) -> [String: ProgramRunTime] {
        var times: [String: ProgramRunTime] = [:]
        for hook in directory.hooks() {
            let program = try BPFLink(pinnedAt: directory.path(of: hook)).information().programID
            times[hook.name] = try BPFProgram(id: program).runTime()
        }
        return times
    }
}
