// SPDX-License-Identifier: Apache-2.0

internal import Collector
internal import HostAgent
internal import LinuxSystem
internal import Workload

/// Packets that were lost or carried no telemetry, by part of the system and reason.
struct DropTally {
    private(set) var byReason: [String: UInt64] = [:]

    mutating func add(_ name: String, _ count: UInt64) {
        if count > 0 { byReason[name, default: 0] += count }
    }

    /// Packets that a host's programs passed without telemetry, and telemetry that was replaced before its reply came.
    mutating func add(_ counts: FrameCounts) {
        let ordinary: Set<FrameReason> = [.xdpPlain, .xdpSaved, .tcOther, .tcRestored, .tcUnmatched]
        for reason in FrameReason.allCases where !ordinary.contains(reason) {
            add("host.\(reason.name)", counts[reason])
        }
    }

    /// Packets for which a host's kernel had no room.
    /// - Parameters:
    ///   - name: `client` or `server`.
    ///   - probes: frames of its switch that a host without programs does not know: its interface counts each as dropped.
    mutating func add(_ counters: LossCounters, of name: String, probes: UInt64) {
        add("\(name).socket_full", counters.socketFull)
        add("\(name).damaged", counters.damaged)
        add("\(name).interface", counters.interfaces - min(counters.interfaces, probes))
    }

    /// Requests that the client could not send, and replies that came too late.
    mutating func add(_ client: ClientReport) {
        add("client.not_sent", UInt64(client.notSent))
        add("client.unexpected", UInt64(client.unexpected))
    }

    /// Frames that the collector could not use or not read in time.
    mutating func add(_ counts: CaptureCounts, lostFrames: UInt64) {
        for (reason, count) in counts.byReason { add("collector.\(reason)", count) }
        add("collector.lostFrames", lostFrames)
    }
}
