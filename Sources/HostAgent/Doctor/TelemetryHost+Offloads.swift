// SPDX-License-Identifier: Apache-2.0

internal import LinuxSystem

/// One setting that was changed for telemetry's sake. Nothing changes it back but the administrator.
public struct SettingChange: Sendable, Hashable {
    /// What is so now: `TSO off`.
    public let now: String
    /// The command that brings the former setting back.
    public let undo: String
}

extension TelemetryHost {
    /// Turns off what `warnings` warns of. `detach` does not turn it on again.
    /// - Returns: what was on, and is not now. `warnings` reports afterwards what the driver did not turn off.
    public func fixOffloads(for options: AttachOptions = AttachOptions()) throws(HostAgentError) -> [SettingChange] {
        let before = try InterfaceFacts.read(interface)
        do {
            try turnOff(before, isGeneric: options.xdp == .genericOnly || InterfaceChecks.willBeGeneric(before))
        } catch {
            throw HostAgentError(error, interface: interface)
        }
        return Self.changes(of: interface, from: before.offloads, to: try InterfaceFacts.read(interface).offloads)
    }

    private func turnOff(_ facts: InterfaceFacts, isGeneric: Bool) throws(SystemError) {
        let control = try InterfaceControl()
        try ignoringFixedOffloads { () throws(SystemError) in
            try control.set(.tcpSegmentation, of: interface, to: false)
        }
        try ignoringFixedOffloads { () throws(SystemError) in
            try control.set(.genericSegmentation, of: interface, to: false)
        }
        try ignoringFixedOffloads { () throws(SystemError) in
            try control.set(.transmitChecksum, of: interface, to: false)
        }
        try ignoringFixedOffloads { () throws(SystemError) in try control.set(.large, of: interface, to: false) }
        if isGeneric {
            try ignoringFixedOffloads { () throws(SystemError) in
                try control.set(.genericReceive, of: interface, to: false)
            }
        }
        guard facts.offloads.segmentLimit > 1 else { return }
        var session = try RouteSession()
        try session.setSegmentLimit(1, of: interface)
    }

    /// What a driver has fixed (EINVAL, EOPNOTSUPP) stays as it is.
    private func ignoringFixedOffloads(_ body: () throws(SystemError) -> Void) throws(SystemError) {
        do {
            try body()
        } catch  where error.errno == .notSupported || error.errno == .invalidArgument {
            return
        }
    }

    static func changes(of interface: String, from old: OffloadFacts, to new: OffloadFacts) -> [SettingChange] {
        let switches: [(String, String, WritableKeyPath<OffloadFacts, Bool>)] = [
            ("checksums of sent packets", "tx", \.transmitChecksum), ("TSO", "tso", \.tcpSegmentation),
            ("GSO", "gso", \.genericSegmentation), ("LRO", "lro", \.largeReceive), ("GRO", "gro", \.genericReceive),
        ]
        var changes: [SettingChange] = []
        for (name, option, field) in switches where old[keyPath: field] && !new[keyPath: field] {
            changes.append(SettingChange(now: "\(name) off", undo: "ethtool -K \(interface) \(option) on"))
        }
        if old.segmentLimit != new.segmentLimit {
            changes.append(
                SettingChange(
                    now: "gso_max_segs \(new.segmentLimit)",
                    undo: "ip link set \(interface) gso_max_segs \(old.segmentLimit)"))
        }
        return changes
    }
}
