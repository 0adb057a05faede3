// SPDX-License-Identifier: Apache-2.0

/// Checks whether a machine, and an interface of it, can carry telemetry, and says what to do where it cannot.
public enum Doctor {
    /// Looks at the machine; nothing is attached, mounted or changed.
    public static func examineMachine() -> [Finding] { MachineChecks(facts: .read()).findings }

    /// Looks at an interface in the network namespace of the calling thread.
    public static func examine(interface: String) throws(HostAgentError) -> [Finding] {
        InterfaceChecks(facts: try .read(interface)).findings
    }
}

extension TelemetryHost {
    /// What is in telemetry's way on the interface now: offloads, and routes whose packets leave no room. Empty if nothing
    /// is.
    public func warnings() throws(HostAgentError) -> [Finding] {
        let facts = try InterfaceFacts.read(interface)
        return (OffloadChecks(facts: facts).findings + [HeadRoomCheck(facts: facts).finding]).filter { $0.state != .ok }
    }
}

/// What one check of the doctor came to.
public struct Finding: Sendable, Hashable, Encodable {
    /// How bad a finding is.
    public enum State: String, Sendable, Hashable, Encodable, CaseIterable {
        /// It is as it should be.
        case ok
        /// It works, with less to see or at a cost.
        case warning
        /// Attaching fails, or no telemetry is carried.
        case problem
    }

    /// As reports name it; it never changes.
    public let check: String
    /// How bad it is.
    public let state: State
    /// The fact.
    public let found: String
    /// Why it matters.
    public let reason: String
    /// What to do; empty when there is nothing to do.
    public let advice: String

    init(_ check: String, _ state: State, _ found: String, because reason: String, advice: String = "") {
        self.check = check
        self.state = state
        self.found = found
        self.reason = reason
        self.advice = advice
    }
}
