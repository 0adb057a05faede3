// SPDX-License-Identifier: Apache-2.0

package import BPF

extension TelemetryHost {
    /// Runs and time so far of every program that is attached by a link, by the name of its hook; the kernel counts
    /// while `RunTimeAccounting` is on.
    package func runTimes() throws(HostAgentError) -> [String: ProgramRunTime] {
        guard let place = InterfacePlace(named: interface) else {
            throw HostAgentError(.noInterface, interface: interface)
        }
        return try withPins(mounting: false) { (store) throws(HostAgentError) in
            guard let current = store.pins(of: place).current else {
                throw HostAgentError(.notAttached, interface: interface)
            }
            do {
                return try Self.runTimes(of: current)
            } catch {
                throw HostAgentError(error, interface: interface)
            }
        } ifNone: { () throws(HostAgentError) in
            throw HostAgentError(.notAttached, interface: interface)
        }
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
