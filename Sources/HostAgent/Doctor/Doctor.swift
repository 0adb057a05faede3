// SPDX-License-Identifier: Apache-2.0

/// Tells whether a machine, and an interface of it, can carry telemetry, and what to do where it cannot.
public enum Doctor {
    /// Looks at the machine; nothing is attached, mounted or changed.
    public static func examineMachine() -> [Finding] { MachineChecks(facts: .read()).findings }

    /// Looks at an interface in the network namespace of the calling thread.
    public static func examine(interface: String) throws(HostAgentError) -> [Finding] {
        InterfaceChecks(facts: try .read(interface)).findings
    }
}

extension TelemetryHost {
    /// The offloads of the interface that are in telemetry's way now: no finding if there is none.
    public func offloadWarnings() throws(HostAgentError) -> [Finding] {
        OffloadChecks(facts: try .read(interface)).findings.filter { $0.state != .ok }
    }
}
