// SPDX-License-Identifier: Apache-2.0

internal import BPF

/// What a server needs of one interface.
struct InterfaceChecks {
    let facts: InterfaceFacts

    var findings: [Finding] {
        [link, xdp, queues] + OffloadChecks(facts: facts).findings + [HeadRoomCheck(facts: facts).finding]
    }

    /// Where frames meet XDP, as far as is known.
    static func willBeGeneric(_ facts: InterfaceFacts) -> Bool {
        if let holder = facts.xdpHolder, Self.isOurs(holder) { return holder.mode == .generic }
        return facts.hasNativeXDP == false
    }

    /// The kernel cuts names after 15 characters.
    private static func isOurs(_ holder: XDPHolder) -> Bool {
        HostRole.allCases.contains { ProgramPlan.xdpProgram(of: $0).prefix(15) == holder.name.prefix(15) }
    }

    private var link: Finding {
        let reason = "telemetry travels in Ethernet frames of this interface"
        let driver = facts.driver.isEmpty ? "" : ", driver \(facts.driver)"
        guard facts.isEthernet else {
            return Finding(
                "link", .problem, "\(facts.name) is not an Ethernet interface\(driver)", because: reason,
                advice: "choose the Ethernet interface below it; `ip link` lists them")
        }
        guard facts.isUp else {
            return Finding(
                "link", .problem, "\(facts.name) is down\(driver)", because: reason,
                advice: "ip link set \(facts.name) up")
        }
        guard facts.isRunning else {
            return Finding(
                "link", .problem, "\(facts.name) is up, but has no carrier\(driver)", because: reason,
                advice: "look at the cable, or set the other end up")
        }
        return Finding("link", .ok, "\(facts.name) is up, Ethernet\(driver)", because: reason)
    }

    private var xdp: Finding {
        if let holder = facts.xdpHolder { return xdp(held: holder) }
        let reason = "XDP in the driver sees a request before the kernel has made anything of it"
        switch facts.hasNativeXDP {
        case .some(true):
            return Finding(
                "xdp", .ok, "native, by the driver's account",
                because: reason + "; with some settings, as a large MTU, a driver still refuses: 'host attach' says so")
        case .some(false):
            return Finding(
                "xdp", .warning, "generic: the driver has none", because: reason + "; in the stack it costs more",
                advice: "nothing, or use an interface whose driver has XDP")
        case .none:
            return Finding(
                "xdp", .ok, "not known before it is tried", because: reason + "; 'host attach' says which it got")
        }
    }

    private func xdp(held holder: XDPHolder) -> Finding {
        let mode = holder.mode.rawValue
        let name = holder.name.isEmpty ? "" : " (\(holder.name))"
        if Self.isOurs(holder) {
            let state: Finding.State = holder.mode == .native ? .ok : .warning
            return Finding(
                "xdp", state, "\(mode): attached, program \(holder.programID)",
                because: "XDP in the driver sees a request before the kernel has made anything of it",
                advice: state == .ok ? "" : "'host attach' says why it is not native; detach and attach to see")
        }
        return Finding(
            "xdp", .problem, "held by program \(holder.programID)\(name), \(mode)",
            because: "an interface takes one XDP program, and 'host attach' leaves others' alone",
            advice: "remove it: ip link set \(facts.name) \(holder.mode == .native ? "xdpdrv" : "xdpgeneric") off")
    }

    private var queues: Finding {
        let reason = "each queue is one processor's: with one, one processor receives all requests"
        guard let queues = facts.receiveQueues, queues > 0 else {
            return Finding("receive-queues", .ok, "the driver does not report them", because: reason)
        }
        let found = "\(queues) for \(facts.processors) processors"
        return Finding("receive-queues", .ok, found, because: reason)
    }
}
