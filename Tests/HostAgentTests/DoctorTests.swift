// SPDX-License-Identifier: Apache-2.0

import BPF
import LinuxSystem
import TelemetryFormats
import Testing

@testable import HostAgent

/// What facts are made of, without a machine that has them.
@Suite struct DoctorTests {
    /// A change to facts that nothing is to be said against, and what is then said.
    struct Example<Facts>: CustomTestStringConvertible, Sendable {
        let check: String
        let state: Finding.State
        let words: [String]
        let change: @Sendable (inout Facts) -> Void

        init(
            _ check: String, _ state: Finding.State, _ words: String...,
            change: @escaping @Sendable (inout Facts) -> Void
        ) {
            self.check = check
            self.state = state
            self.words = words
            self.change = change
        }

        var testDescription: String { "\(check) \(state) \(words)" }

        func expect(in findings: [Finding]) throws {
            let finding = try #require(findings.first { $0.check == check })
            #expect(finding.state == state)
            let text = "\(finding.found) \(finding.reason) \(finding.advice)"
            for word in words { #expect(text.contains(word)) }
            #expect(!finding.found.isEmpty && !finding.reason.isEmpty)
            #expect(finding.state == .ok || !finding.advice.isEmpty)
            #expect(Set(findings.map(\.check)).count == findings.count)
        }
    }

    static let machines: [Example<MachineFacts>] = [
        Example("privileges", .problem, "CAP_NET_ADMIN", "CAP_BPF", "run as root") { $0.effectiveCapabilities = 0 },
        Example("privileges", .problem, "no CAP_NET_ADMIN", "run as root") {
            $0.effectiveCapabilities &= ~(1 << 12)
        },
        Example("privileges", .warning, "no CAP_SYS_ADMIN") { $0.effectiveCapabilities = 1 << 12 | 1 << 39 },
        Example("privileges", .ok, "which includes CAP_BPF") { $0.effectiveCapabilities = 1 << 12 | 1 << 21 },
        Example("programs", .problem, "no bpf system call") { $0.programs = .absent },
        Example("programs", .problem, "not permitted", "run as root") { $0.programs = .notPermitted },
        Example("programs", .problem, "unknown func", "newer kernel") { $0.programs = .refused("unknown func 7") },
        Example("type-information", .problem, "CONFIG_DEBUG_INFO_BTF") { $0.hasTypeInformation = false },
        Example("jit", .warning, "sysctl -w net.core.bpf_jit_enable=1") { $0.justInTime = 0 },
        Example("jit", .ok, "cannot be read") { $0.justInTime = nil },
        Example("pins", .warning, "mount -t bpf bpf /sys/fs/bpf") { $0.pinFileSystem = .absent },
        Example("lockdown", .warning, "integrity", "fentry") { $0.lockdown = .integrity },
        Example("lockdown", .warning, "confidentiality", "no tracing") { $0.lockdown = .confidentiality },
        Example("lockdown", .warning, "as fentry is refused") {
            $0.lockdown = nil
            $0.functionEntry = .notPermitted
        },
        Example("lockdown", .ok, "not known", "mount -t securityfs") {
            // Anyone without privilege is refused: that says nothing about the kernel.
            $0.lockdown = nil
            $0.functionEntry = .notPermitted
            $0.effectiveCapabilities = 0
        },
        Example("tracepoints", .warning, "sock_recv_length is not in this kernel", "Linux 6.16") {
            $0.tracepoints["sock_recv_length"] = .absent
        },
        Example("fentry", .ok, "not permitted") { $0.functionEntry = .notPermitted },
        Example("kprobes", .ok, "not in this kernel") { $0.hasKprobes = false },
        Example("egress-hook", .warning, "clsact") { $0.hasTCX = false },
        Example("egress-hook", .warning, "run as root") { $0.hasTCX = nil },
        Example("clock", .warning, "CLOCK_REALTIME", "disagrees") { $0.clock = "CLOCK_REALTIME" },
        Example("clock", .warning, "not set", "leapsectz") { $0.discipline?.taiOffsetSeconds = 0 },
        Example("synchronisation", .warning, "chrony") { $0.discipline?.isSynchronised = false },
        Example("synchronisation", .warning, "does not report it") { $0.discipline = nil },
    ]

    @Test(arguments: machines)
    func whatAMachineLacksIsToldWithWhatToDo(_ example: Example<MachineFacts>) throws {
        var facts = MachineFacts.good
        #expect(MachineChecks(facts: facts).findings.allSatisfy { $0.state == .ok && $0.advice.isEmpty })
        example.change(&facts)
        try example.expect(in: MachineChecks(facts: facts).findings)
    }

    static let interfaces: [Example<InterfaceFacts>] = [
        Example("link", .problem, "not an Ethernet") { $0.isEthernet = false },
        Example("link", .problem, "ip link set eth0 up") { ($0.isUp, $0.isRunning) = (false, false) },
        Example("link", .problem, "no carrier") { $0.isRunning = false },
        Example("xdp", .warning, "generic") { $0.hasNativeXDP = false },
        Example("xdp", .ok, "not known") { $0.hasNativeXDP = nil },
        Example("xdp", .problem, "(other)", "xdpgeneric off") {
            $0.xdpHolder = XDPHolder(programID: 7, name: "other", mode: .generic)
        },
        Example("xdp", .problem, "program 7", "xdpdrv off") {
            $0.xdpHolder = XDPHolder(programID: 7, name: "", mode: .native)
        },
        Example("xdp", .ok, "native: attached") {
            $0.xdpHolder = XDPHolder(programID: 7, name: "p4ni_xdp_strip", mode: .native)
        },
        Example("xdp", .ok, "native: attached") {
            $0.xdpHolder = XDPHolder(programID: 7, name: "p4ni_xdp_client", mode: .native)
        },
        Example("xdp", .ok, "native: attached") {
            $0.xdpHolder = XDPHolder(programID: 7, name: "p4ni_xdp_both", mode: .native)
        },
        Example("xdp", .warning, "generic: attached") {
            $0.xdpHolder = XDPHolder(programID: 7, name: "p4ni_xdp_strip", mode: .generic)
        },
        Example("receive-queues", .ok, "4 for 8") { ($0.receiveQueues, $0.processors) = (4, 8) },
        Example("receive-queues", .ok, "does not report") { $0.receiveQueues = nil },
        Example("segmentation", .warning, "TSO on", "tso off") { $0.offloads.tcpSegmentation = true },
        Example("segmentation", .warning, "GSO on", "gso off") { $0.offloads.genericSegmentation = true },
        Example("segmentation", .warning, "TSO off, GSO off, gso_max_segs 64", "gso_max_segs 1") {
            $0.offloads.segmentLimit = 64
        },
        Example("transmit-checksum", .warning, "tx off") { $0.offloads.transmitChecksum = true },
        Example("large-receive", .warning, "lro off") { $0.offloads.largeReceive = true },
        Example("generic-receive", .ok, "may stay on") { $0.offloads.genericReceive = true },
        Example("generic-receive", .warning, "gro off") {
            $0.offloads.genericReceive = true
            $0.hasNativeXDP = false
        },
        Example("generic-receive", .warning, "gro off") {
            $0.offloads.genericReceive = true
            $0.xdpHolder = XDPHolder(programID: 7, name: "p4ni_xdp_strip", mode: .generic)
        },
        Example("receive-checksum", .ok, "on") { $0.offloads.receiveChecksum = true },
        Example("receive-vlan", .ok, "on") { $0.offloads.receiveVLAN = true },
        Example("mtu", .warning, "route default 1500: 0 bytes", "172, 388, 712", "mtu 1328") {
            ($0.mtu, $0.routes) = (1500, [Route(destination: "default")])
        },
        Example("mtu", .warning, "171 bytes", "level 1: 11, level 2: 2, level 3: 1, level 4: 2") {
            $0.mtu = 1671
        },
        Example("mtu", .ok, "172 bytes", "level 2: 3") { $0.mtu = 1672 },
        Example("mtu", .ok, "level 1: 20, level 2: 20, level 3: 20, level 4: 20") { $0.mtu = 9000 },
        // One route that leaves no room is enough, and a route's MTU beyond the device's counts as the device's.
        Example("mtu", .warning, "10.0.0.0/8 1500: 0 bytes") {
            $0.mtu = 1500
            $0.routes = [Route(destination: "default", mtu: 1000), Route(destination: "10.0.0.0/8", mtu: 9000)]
        },
        Example("mtu", .ok, "route default 1328: 172 bytes") {
            $0.mtu = 1500
            $0.routes = [
                Route(destination: "default", mtu: 1328), Route(destination: "10.0.0.0/24", isConnected: true),
            ]
        },
        Example("mtu", .warning, "10.0.0.0/24 1500: 0 bytes") {
            $0.mtu = 1500
            $0.routes = [
                Route(destination: "default (IPv6)", mtu: 1328), Route(destination: "10.0.0.0/24", isConnected: true),
            ]
        },
        Example("mtu", .ok, "no route") { $0.routes = [] },
    ]

    @Test(arguments: interfaces)
    func whatAnInterfaceLacksIsToldWithWhatToDo(_ example: Example<InterfaceFacts>) throws {
        var facts = InterfaceFacts.good
        #expect(InterfaceChecks(facts: facts).findings.allSatisfy { $0.state == .ok && $0.advice.isEmpty })
        example.change(&facts)
        try example.expect(in: InterfaceChecks(facts: facts).findings)
    }

    @Test(arguments: Level.allCases)
    func asMuchFitsAsIsToldAndNoMore(_ level: Level) {
        for records in 1...20 {
            let bytes = HeadRoomCheck.bytes(records: records, of: level)
            #expect(bytes == 4 + records * level.recordSize + 60)
            #expect(HeadRoomCheck.records(of: level, in: bytes) == records)
            #expect(HeadRoomCheck.records(of: level, in: bytes - 1) == records - 1)
        }
        #expect(HeadRoomCheck.records(of: level, in: 0) == 0)
    }

    @Test(arguments: [
        ("none [integrity] confidentiality", MachineFacts.Lockdown.integrity), ("[none] integrity", .open),
        ("none integrity [confidentiality]", .confidentiality), ("", nil), ("none", nil),
    ])
    func lockdownIsTheOneInBrackets(_ text: String, _ expected: MachineFacts.Lockdown?) {
        #expect(MachineFacts.lockdown(in: text) == expected)
    }

    @Test(arguments: [
        ("Name:\tx\nCapPrm:\t0000000000000001\nCapEff:\t000001fffeffffff\nCapBnd:\t0\n", 0x1ff_feff_ffff as UInt64),
        ("CapPrm:\t0000000000000001\n", 0), ("CapEff:\tzz\n", 0),
    ])
    func capabilitiesAreThoseInEffect(_ status: String, _ expected: UInt64) {
        #expect(MachineFacts.capabilities(in: status) == expected)
    }
}

extension MachineFacts {
    /// A machine with nothing to say against.
    static let good = MachineFacts(
        effectiveCapabilities: .max, kernelRelease: "6.18.0", hasTypeInformation: true, programs: .loads, justInTime: 1,
        pinFileSystem: .mounted, lockdown: .open, tracepoints: ["sched_switch": .loads, "sock_recv_length": .loads],
        functionEntry: .loads, hasKprobes: true, hasTCX: true, clock: "CLOCK_TAI",
        discipline: ClockDiscipline(isSynchronised: true, maximumErrorMicroseconds: 400, taiOffsetSeconds: 37),
        processors: 8)
}

extension InterfaceFacts {
    /// An interface with nothing to say against.
    static let good = InterfaceFacts(
        name: "eth0", isEthernet: true, isUp: true, isRunning: true, driver: "veth", hasNativeXDP: true, xdpHolder: nil,
        receiveQueues: 8, processors: 8,
        offloads: OffloadFacts(
            receiveChecksum: false, transmitChecksum: false, tcpSegmentation: false, genericSegmentation: false,
            segmentLimit: 1, genericReceive: false, largeReceive: false, receiveVLAN: false),
        mtu: 9000, routes: [Route(destination: "default", mtu: 1500)])
}
