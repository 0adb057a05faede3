// SPDX-License-Identifier: Apache-2.0

internal import Addresses
internal import BPF
internal import CHostPrograms
internal import Journeys
internal import LinuxSystem

/// The answers to the probes by which a switch finds out whether the host at its port strips telemetry
/// (bpf/include/p4ni_discovery.h). Without answers, the switch strips it itself.
enum Discovery {
    /// TC ingress by link, which needs Linux 6.6.
    static let program = ProgramPlan.Program.optional("p4ni_tc_answer", at: .ingress)

    private static let map = "p4ni_discovery"

    /// Has the probes answered with what a host of this role does.
    /// - Parameter sink: where replies of this host's requests lose their telemetry. At a switch: it must not reach the host.
    /// - Parameter address: what the interface receives by; nil: as it was written before.
    static func answer(
        _ role: HostRole, as host: HostID?, sink: ClientOptions.Sink = .host, from address: MACAddress? = nil,
        in maps: HostMaps
    ) throws(BPFError) {
        guard let map = maps[map] else { return }
        var discovery = p4ni_discovery()
        try map.value.read(&discovery)
        discovery.capabilities = role.capabilities(sink)
        discovery.node = host?.rawValue ?? 0
        if let address {
            let octets = address.octets
            discovery.address = (octets[0], octets[1], octets[2], octets[3], octets[4], octets[5])
        }
        try map.value.write(discovery)
    }

    static func read(from maps: HostMaps) throws(BPFError) -> p4ni_discovery? {
        guard let map = maps[map] else { return nil }
        var discovery = p4ni_discovery()
        try map.value.read(&discovery)
        return discovery
    }

    /// - Returns: whether a probe was answered.
    static func waitForProbe(in maps: HostMaps, milliseconds: Int) throws(BPFError) -> Bool {
        guard let map = maps[map] else { return false }
        var discovery = p4ni_discovery()
        for _ in 0..<max(milliseconds / 20, 1) {
            try map.value.read(&discovery)
            if discovery.last_positive > 0 {
                // The answer is on its way.
                Pause.microseconds(20_000)
                return true
            }
            Pause.microseconds(20_000)
        }
        return false
    }

    /// Has the probes answered with nothing from now on.
    static func withdraw(from maps: HostMaps) throws(BPFError) {
        guard let map = maps[map] else { return }
        var discovery = p4ni_discovery()
        try map.value.read(&discovery)
        discovery.capabilities = 0
        try map.value.write(discovery)
    }

    /// Waits until no switch believes an answer from before `withdraw`: until a probe was answered so, or until the last
    /// positive answer has become too old (a second and a half more, since an answer that was given while the map was written
    /// is not noted). Until then the programs go on stripping.
    static func waitUntilForgotten(in maps: HostMaps) throws(BPFError) {
        guard let map = maps[map] else { return }
        var discovery = p4ni_discovery()
        while true {
            try map.value.read(&discovery)
            let age = DomainClock.monotonicNanoseconds() &- discovery.last_positive
            if discovery.last_positive == 0 || age > UInt64(P4NI_ANSWER_LIFETIME) + 1_500_000_000 { return }
            if discovery.last > discovery.last_positive { break }
            Pause.microseconds(20_000)
        }
        // What the switch had already sent when it got the answer.
        Pause.microseconds(200_000)
    }
}

extension HostRole {
    fileprivate func capabilities(_ sink: ClientOptions.Sink) -> UInt32 {
        let requests = self == .client ? 0 : UInt32(P4NI_STRIPS_REQUESTS)
        let replies = self == .server || sink == .switch ? 0 : UInt32(P4NI_STRIPS_REPLIES)
        return requests | replies
    }
}
