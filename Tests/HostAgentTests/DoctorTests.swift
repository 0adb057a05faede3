// SPDX-License-Identifier: Apache-2.0

import BPF
import LinuxSystem
import Telemetry
import Testing

@testable import HostAgent

/// What facts are made of, without a machine that has them.
@Suite struct DoctorTests {
    struct MachineCase: CustomTestStringConvertible, Sendable {
        let check: String
        let state: Finding.State
        let words: [String]
        let change: @Sendable (inout MachineFacts) -> Void

        init(
            _ check: String, _ state: Finding.State, _ words: String...,
            change: @escaping @Sendable (inout MachineFacts) -> Void
        ) {
            self.check = check
            self.state = state
            self.words = words
            self.change = change
        }

        var testDescription: String { "\(check) \(state) \(words)" }
    }

    static let machines = [
        MachineCase("privileges", .problem, "CAP_NET_ADMIN", "CAP_BPF", "run as root") { $0.effectiveCapabilities = 0 },
        MachineCase("privileges", .problem, "no CAP_NET_ADMIN", "run as root") {
            $0.effectiveCapabilities &= ~(1 << 12)
        },
        MachineCase("privileges", .warning, "no CAP_SYS_ADMIN") { $0.effectiveCapabilities = 1 << 12 | 1 << 39 },
        MachineCase("privileges", .ok, "which includes CAP_BPF") { $0.effectiveCapabilities = 1 << 12 | 1 << 21 },
        MachineCase("programs", .problem, "no bpf system call") { $0.programs = .absent },
        MachineCase("programs", .problem, "not permitted", "run as root") { $0.programs = .notPermitted },
        MachineCase("programs", .problem, "unknown func", "newer kernel") { $0.programs = .refused("unknown func 7") },
        MachineCase("type-information", .problem, "CONFIG_DEBUG_INFO_BTF") { $0.hasTypeInformation = false },
        MachineCase("jit", .warning, "sysctl -w net.core.bpf_jit_enable=1") { $0.justInTime = 0 },
        MachineCase("jit", .ok, "cannot be read") { $0.justInTime = nil },
        MachineCase("pins", .warning, "mount -t bpf bpf /sys/fs/bpf") { $0.pinFileSystem = .absent },
        MachineCase("lockdown", .warning, "integrity", "fentry") { $0.lockdown = .integrity },
        MachineCase("lockdown", .warning, "confidentiality", "no tracing") { $0.lockdown = .confidentiality },
        MachineCase("lockdown", .warning, "as fentry is refused") {
            $0.lockdown = nil
            $0.functionEntry = .notPermitted
        },
        MachineCase("lockdown", .ok, "not known", "mount -t securityfs") {
            // Anyone without privilege is refused: that tells nothing of the kernel.
            $0.lockdown = nil
            $0.functionEntry = .notPermitted
            $0.effectiveCapabilities = 0
        },
        MachineCase("tracepoints", .warning, "sock_recv_length is not in this kernel", "Linux 6.3") {
            $0.tracepoints["sock_recv_length"] = .absent
        },
        MachineCase("fentry", .ok, "not permitted") { $0.functionEntry = .notPermitted },
        MachineCase("kprobes", .ok, "not in this kernel") { $0.hasKprobes = false },
        MachineCase("egress-hook", .warning, "clsact") { $0.hasTCX = false },
        MachineCase("egress-hook", .warning, "run as root") { $0.hasTCX = nil },
        MachineCase("clock", .warning, "CLOCK_REALTIME", "disagrees") { $0.clock = "CLOCK_REALTIME" },
        MachineCase("clock", .warning, "not set", "leapsectz") { $0.discipline?.taiOffsetSeconds = 0 },
        MachineCase("synchronisation", .warning, "chrony") { $0.discipline?.isSynchronised = false },
        MachineCase("synchronisation", .warning, "would not tell") { $0.discipline = nil },
    ]

    @Test(arguments: machines)
    func whatAMachineLacksIsToldWithWhatToDo(_ example: MachineCase) throws {
        var facts = MachineFacts.good
        #expect(MachineChecks(facts: facts).findings.allSatisfy { $0.state == .ok && $0.advice.isEmpty })
        example.change(&facts)
        try expect(MachineChecks(facts: facts).findings, example.check, example.state, example.words)
    }

    struct InterfaceCase: CustomTestStringConvertible, Sendable {
        let check: String
        let state: Finding.State
        let words: [String]
        let change: @Sendable (inout InterfaceFacts) -> Void

        init(
            _ check: String, _ state: Finding.State, _ words: String...,
            change: @escaping @Sendable (inout InterfaceFacts) -> Void
        ) {
            self.check = check
            self.state = state
            self.words = words
            self.change = change
        }

        var testDescription: String { "\(check) \(state) \(words)" }
    }

    static let interfaces = [
        InterfaceCase("link", .problem, "no Ethernet") { $0.isEthernet = false },
        InterfaceCase("link", .problem, "ip link set eth0 up") { ($0.isUp, $0.isRunning) = (false, false) },
        InterfaceCase("link", .problem, "no carrier") { $0.isRunning = false },
        InterfaceCase("xdp", .warning, "generic") { $0.hasNativeXDP = false },
        InterfaceCase("xdp", .ok, "not known") { $0.hasNativeXDP = nil },
        InterfaceCase("xdp", .problem, "(other)", "xdpgeneric off") {
            $0.xdpHolder = XDPHolder(programID: 7, name: "other", mode: .generic)
        },
        InterfaceCase("xdp", .problem, "program 7", "xdpdrv off") {
            $0.xdpHolder = XDPHolder(programID: 7, name: "", mode: .native)
        },
        InterfaceCase("xdp", .ok, "native: attached") {
            $0.xdpHolder = XDPHolder(programID: 7, name: "p4ni_xdp_strip", mode: .native)
        },
        InterfaceCase("xdp", .warning, "generic: attached") {
            $0.xdpHolder = XDPHolder(programID: 7, name: "p4ni_xdp_strip", mode: .generic)
        },
        InterfaceCase("receive-queues", .ok, "4 for 8") { ($0.receiveQueues, $0.processors) = (4, 8) },
        InterfaceCase("receive-queues", .ok, "does not tell") { $0.receiveQueues = nil },
        InterfaceCase("segmentation", .warning, "TSO on", "tso off") { $0.offloads.tcpSegmentation = true },
        InterfaceCase("segmentation", .warning, "GSO on", "gso off") { $0.offloads.genericSegmentation = true },
        InterfaceCase("segmentation", .warning, "TSO off, GSO off, gso_max_segs 64", "gso_max_segs 1") {
            $0.offloads.segmentLimit = 64
        },
        InterfaceCase("transmit-checksum", .warning, "tx off") { $0.offloads.transmitChecksum = true },
        InterfaceCase("large-receive", .warning, "lro off") { $0.offloads.largeReceive = true },
        InterfaceCase("generic-receive", .ok, "may stay on") { $0.offloads.genericReceive = true },
        InterfaceCase("generic-receive", .warning, "gro off") {
            $0.offloads.genericReceive = true
            $0.hasNativeXDP = false
        },
        InterfaceCase("generic-receive", .warning, "gro off") {
            $0.offloads.genericReceive = true
            $0.xdpHolder = XDPHolder(programID: 7, name: "p4ni_xdp_strip", mode: .generic)
        },
        InterfaceCase("receive-checksum", .ok, "on") { $0.offloads.receiveChecksum = true },
        InterfaceCase("receive-vlan", .ok, "on") { $0.offloads.receiveVLAN = true },
        InterfaceCase("mtu", .warning, "route default 1500: 0 bytes", "172, 388, 712", "mtu 1328") {
            ($0.mtu, $0.routes) = (1500, [Route(destination: "default")])
        },
        InterfaceCase("mtu", .warning, "171 bytes", "level 1: 11, level 2: 2, level 3: 1, level 4: 2") {
            $0.mtu = 1671
        },
        InterfaceCase("mtu", .ok, "172 bytes", "level 2: 3") { $0.mtu = 1672 },
        InterfaceCase("mtu", .ok, "level 1: 20, level 2: 20, level 3: 20, level 4: 20") { $0.mtu = 9000 },
        // One route that leaves no room is enough, and a route's MTU beyond the device's counts as the device's.
        InterfaceCase("mtu", .warning, "10.0.0.0/8 1500: 0 bytes") {
            $0.mtu = 1500
            $0.routes = [Route(destination: "default", mtu: 1000), Route(destination: "10.0.0.0/8", mtu: 9000)]
        },
        InterfaceCase("mtu", .ok, "no route") { $0.routes = [] },
    ]

    @Test(arguments: interfaces)
    func whatAnInterfaceLacksIsToldWithWhatToDo(_ example: InterfaceCase) throws {
        var facts = InterfaceFacts.good
        #expect(InterfaceChecks(facts: facts).findings.allSatisfy { $0.state == .ok && $0.advice.isEmpty })
        example.change(&facts)
        try expect(InterfaceChecks(facts: facts).findings, example.check, example.state, example.words)
    }

    private func expect(_ findings: [Finding], _ check: String, _ state: Finding.State, _ words: [String]) throws {
        let finding = try #require(findings.first { $0.check == check })
        #expect(finding.state == state)
        let text = "\(finding.found) \(finding.reason) \(finding.advice)"
        for word in words { #expect(text.contains(word)) }
        #expect(!finding.found.isEmpty && !finding.reason.isEmpty)
        #expect(finding.state == .ok || !finding.advice.isEmpty)
        #expect(Set(findings.map(\.check)).count == findings.count)
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
