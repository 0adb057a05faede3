// SPDX-License-Identifier: Apache-2.0

import Documents
import Foundation
import P4Compiler
import SwitchEngine
import SwitchIR
import SwitchControl
import Testing
import Wire

/// A switch that runs p4/INT.p4 as compiled for the test, with a clock that the test moves.
///
/// Routes: 10.0.1.0/24 and fd00:1::/64 by port 1, 10.0.2.0/24 and fd00:2::/64 by port 2. Watches 10.0.2.2 and
/// fd00:2::2.
struct INTSwitch: ~Copyable {
    struct Sent: Equatable {
        var port: Int
        var bytes: [UInt8]
    }

    private struct Outputs: PacketOutput {
        var frames: [Sent] = []

        mutating func transmit(_ frame: borrowing OutgoingFrame, port: Int) -> DropReason? {
            frames.append(Sent(port: port, bytes: frame.bytes()))
            return nil
        }
    }

    private struct Nowhere: PacketOutput {
        var frames = 0

        mutating func transmit(_ frame: borrowing OutgoingFrame, port: Int) -> DropReason? {
            frames += 1
            return nil
        }
    }

    private var engine: Engine
    private var outputs = Outputs()
    /// Nanoseconds; its microseconds are what the program sees.
    var now: UInt64 = 1_000_000_000

    static let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    init(id: Int, level: Int = 2, defines: [String] = [], commands: String = "") throws {
        let result = Compiler.compile(
            CompilerOptions(
                file: Self.repository.appending(path: "p4/INT.p4").path,
                defines: ["COLLECT_SIZE=\(level)"] + defines,
                systemIncludeDirectory: Self.repository.appending(path: "p4/include").path))
        #expect(result.messages.isEmpty)
        let program = try #require(result.program)
        engine = try Engine(program: program)
        let configuration = """
            table_set_default arrivals from_switch
            table_add ipv4_lpm ipv4_forward 10.0.1.0/24 => 08:00:00:00:01:11 1
            table_add ipv4_lpm ipv4_forward 10.0.2.0/24 => 08:00:00:00:02:22 2
            table_add ipv6_lpm ipv6_forward fd00:1::/64 => 08:00:00:00:01:11 1
            table_add ipv6_lpm ipv6_forward fd00:2::/64 => 08:00:00:00:02:22 2
            table_add watchlist watch 10.0.2.2/32 =>
            table_add watchlist6 watch fd00:2::2/128 =>
            table_set_default switch_id set_switch_id \(id)
            \(commands)
            """
        let problems = ControlPlane(program).apply(
            commands: configuration, file: "commands", to: &engine, now: PacketTimes(nanoseconds: now)
        ).problems
        #expect(problems.map(\.description) == [])
    }

    /// What a sink at port 1 is configured with; its copies leave by port 3.
    static let sink = """
        table_add port_role sink 1 =>
        mirroring_add 500 3
        """

    /// Hands the packet in, lets it wait in its queue for `queued` microseconds, and gives what comes out.
    mutating func forward(_ bytes: [UInt8], port: Int = 1, queued: UInt64 = 0) -> [Sent] {
        receive(bytes, port: port)
        now += queued * 1000
        return poll()
    }

    mutating func receive(_ bytes: [UInt8], port: Int = 1) {
        let span = bytes.span
        unsafe engine.receive(span.bytes, port: port, now: PacketTimes(nanoseconds: now))
    }

    /// Sends the same packet over and over, a microsecond apart, and gives how many frames leave. Keeps none of them.
    mutating func flood(_ bytes: [UInt8], port: Int = 1, count: Int) -> Int {
        var nowhere = Nowhere()
        for _ in 0..<count {
            receive(bytes, port: port)
            while engine.poll(now: PacketTimes(nanoseconds: now), into: &nowhere) > 0 {}
            now += 1000
        }
        return nowhere.frames
    }

    /// What is due now.
    mutating func poll() -> [Sent] {
        outputs.frames = []
        while engine.poll(now: PacketTimes(nanoseconds: now), into: &outputs) > 0 {}
        return outputs.frames
    }

    /// Sends everything that waits, moving the clock as the queues' rates ask for.
    mutating func drain() -> [Sent] {
        var sent: [Sent] = []
        while let due = engine.nextDeparture {
            now = max(now, due)
            sent += poll()
        }
        return sent
    }

    /// A counter of the program, by its name and index in docs/reference/int-p4.md.
    func count(_ name: String, _ index: Int) throws -> UInt64 {
        let array = try #require(engine.program.counters.firstIndex { $0.name == name })
        return try engine.counter(array, index).packets
    }
}
