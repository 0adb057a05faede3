// SPDX-License-Identifier: Apache-2.0

internal import BPF
internal import LinuxSystem

extension TelemetryHost {
    /// The reading end of what this interface's client programs report. One reader at a time gets all of it.
    public func requestReports() throws(HostAgentError) -> RequestReports {
        let ring = try clientMap("p4ni_reports")
        do {
            return try RequestReports(map: ring.value)
        } catch {
            throw HostAgentError(error, interface: interface)
        }
    }

    /// Waits until a device that requests go to has answered that it takes telemetry. It is asked when a request leaves.
    /// - Returns: false if none has in this time.
    public func waitUntilNeighbourAnswers(milliseconds: Int = 2000) throws(HostAgentError) -> Bool {
        for _ in 0..<max(milliseconds / 10, 1) {
            if try status().client?.neighbours?.contains(where: \.isCurrent) ?? true { return true }
            Pause.microseconds(10_000)
        }
        return false
    }

    /// What keeps the answers of this client's neighbours fresh.
    public func neighbourProber() throws(HostAgentError) -> NeighbourProber {
        let map = try clientMap("p4ni_neighbours")
        do {
            return try NeighbourProber(map, interface: interface)
        } catch {
            throw HostAgentError(error, interface: interface)
        }
    }

    /// Replaces peers and sampling of the attached programs. Map sizes do not change.
    public func change(_ client: ClientOptions) throws(HostAgentError) {
        try withCurrent(repairing: false) { _, current in
            let maps = try HostMaps(pinnedIn: current)
            guard maps["p4ni_client"] != nil else { throw HostAgentError(.noClient, interface: interface) }
            try maps.write(client)
            guard let role = current.record()?.role else { return }
            try Discovery.answer(role, as: client.hostID, sink: client.sink, in: maps)
        }
    }

    private func clientMap(_ name: String) throws(HostAgentError) -> Shared<BPFMap> {
        try withCurrent(repairing: false) { _, current in
            guard let maps = try? HostMaps(pinnedIn: current), let map = maps[name] else {
                throw HostAgentError(.noClient, interface: interface)
            }
            return map
        }
    }
}
