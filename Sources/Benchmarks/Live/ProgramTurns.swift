// SPDX-License-Identifier: Apache-2.0

internal import BPF
internal import HostAgent
internal import LinuxSystem
internal import TelemetryFormats

/// The programs that take turns on one interface's two hooks, and what the kernel accounted to each in its turns.
struct ProgramTurns: ~Copyable {
    private let floor: FloorPrograms
    private let host: HostPrograms
    private let xdp: BPFLink
    private let egress: BPFLink
    private var costs = [[Double]](repeating: [], count: 6)
    private var packets = [UInt64](repeating: 0, count: 6)

    private enum Measured: Int {
        case xdpEmpty, stripOnly, strip, tcEmpty, roomOnly, restore
    }

    /// Replies exist only where requests are stripped; so do their programs' turns.
    private static let turns: [(xdp: Measured, egress: Measured)] = [
        (.xdpEmpty, .tcEmpty), (.stripOnly, .tcEmpty), (.stripOnly, .roomOnly), (.strip, .restore),
    ]

    init(interface: String, telemetry: Int) throws {
        let floor = try FloorPrograms(telemetry: telemetry)
        let host = try HostPrograms(AttachOptions())
        let index = try InterfaceIndex.of(interface)
        let egress = try BPFLink.attachEgress(floor.tcEmpty, to: index)
        xdp = try Self.attachXDP(floor.xdpEmpty, to: index)
        self.floor = floor
        self.host = host
        self.egress = egress
    }

    private static func attachXDP(_ program: borrowing BPFProgram, to index: UInt32) throws(BPFError) -> BPFLink {
        do {
            return try BPFLink.attachXDP(program, to: index, mode: .native)
        } catch {
            return try BPFLink.attachXDP(program, to: index, mode: .generic)
        }
    }

    /// Packets of the program that had fewest.
    func fewest() throws -> UInt64 { packets.min() ?? 0 }

    mutating func runAll(milliseconds: Int32) throws {
        var epoll = try Epoll()
        for turn in Self.turns {
            try xdp.update(to: program(turn.xdp))
            try egress.update(to: program(turn.egress))
            let before = (try program(turn.xdp).runTime(), try program(turn.egress).runTime())
            try epoll.wait(milliseconds: milliseconds) { _ in }
            add(turn.xdp, before.0, try program(turn.xdp).runTime())
            add(turn.egress, before.1, try program(turn.egress).runTime())
        }
    }

    func rows(_ level: Level, _ records: Int) throws -> [HostBench.Row] {
        [
            row("xdp", level, records, .strip, .xdpEmpty, .stripOnly),
            row("tc", level, records, .restore, .tcEmpty, .roomOnly),
        ]
    }

    private mutating func add(_ which: Measured, _ before: ProgramRunTime, _ after: ProgramRunTime) {
        packets[which.rawValue] += after.count - before.count
        // A turn with hardly a packet says nothing.
        guard after.count - before.count >= 20, let cost = after.perRun(since: before) else { return }
        costs[which.rawValue].append(cost)
    }

    private func row(
        _ name: String, _ level: Level, _ records: Int, _ real: Measured, _ empty: Measured, _ floor: Measured
    ) -> HostBench.Row {
        func quartile(_ which: Measured) -> Double {
            let sorted = costs[which.rawValue].sorted()
            return sorted.isEmpty ? 0 : sorted[sorted.count / 4]
        }
        return HostBench.Row(
            program: name, mode: "live", level: level, records: records, nanoseconds: quartile(real),
            empty: quartile(empty), floor: quartile(floor))
    }

    private func program(_ which: Measured) throws(BPFError) -> BPFProgram {
        switch which {
        case .xdpEmpty: try floor.xdpEmpty.copy()
        case .stripOnly: try floor.stripOnly.copy()
        case .strip: try host.strip.copy()
        case .tcEmpty: try floor.tcEmpty.copy()
        case .roomOnly: try floor.roomOnly.copy()
        case .restore: try host.restore.copy()
        }
    }
}
