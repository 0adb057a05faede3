// SPDX-License-Identifier: Apache-2.0

import ProgramAssembly
import SwitchEngine
import SwitchIR

typealias Field = StandardMetadata

/// An engine with a clock that tests move, and what it sent.
struct TestSwitch: ~Copyable {
    struct Sent: Equatable {
        var port: Int
        var bytes: [UInt8]
    }

    private struct Outputs: PacketOutput {
        var frames: [Sent] = []
        var refusal: DropReason?

        mutating func transmit(_ frame: borrowing OutgoingFrame, port: Int) -> DropReason? {
            if let refusal { return refusal }
            frames.append(Sent(port: port, bytes: frame.bytes()))
            return nil
        }
    }

    var engine: Engine
    /// Nanoseconds.
    var now: UInt64 = 1_000_000
    private var outputs = Outputs()

    init(_ program: SwitchProgram, _ configuration: Configuration = Configuration()) throws {
        engine = try Engine(program: program, configuration: configuration)
    }

    var times: PacketTimes { PacketTimes(nanoseconds: now) }

    mutating func receive(_ bytes: [UInt8], port: Int = 1) {
        unsafe engine.receive(bytes.span.bytes, port: port, now: times)
    }

    /// What is due by now.
    mutating func poll() -> [Sent] {
        outputs.frames = []
        while engine.poll(now: times, into: &outputs) > 0 {}
        return outputs.frames
    }

    /// What comes of a packet, now or later; rounds are bounded so that a loop ends.
    mutating func send(_ bytes: [UInt8], port: Int = 1) -> [Sent] {
        receive(bytes, port: port)
        var sent: [Sent] = []
        for _ in 0..<10_000 {
            guard let due = engine.nextDeparture else { break }
            now = max(now, due)
            sent += poll()
        }
        return sent
    }

    mutating func refuse(_ reason: DropReason?) { outputs.refusal = reason }

    var drops: [DropReason: UInt64] { engine.statistics.drops }
}

/// A program with a 4-byte header `hdr.h` (op 8, x 8, y 16) that goes to port 2 unless `ingress` says otherwise, and
/// puts the values of some slots, 8 bytes each, in front of what it sends.
struct ProbeProgram {
    var assembly = Assembly()
    let h: Int
    let scratch: Int
    private let probe: Int
    private let observed: [Int]

    init(observing slots: [Int] = []) {
        observed = slots
        h = assembly.header("hdr.h", [("op", 8), ("x", 8), ("y", 16)])
        probe = assembly.header("hdr.probe", slots.indices.map { ("f\($0)", 64) })
        scratch = assembly.local()
        let header = h
        assembly.parser { $0.op(.extract, a: header) }
        assembly.ingress { $0.set(.egressSpec, 2) }
        egress { _ in }
        let (first, second) = (probe, h)
        assembly.deparser {
            $0.op(.emit, a: first)
            $0.op(.emit, a: second)
        }
    }

    init(observing fields: [Field]) { self.init(observing: fields.map(\.slot)) }

    mutating func ingress(_ body: (inout Assembly) -> Void) {
        assembly.ingress {
            $0.set(.egressSpec, 2)
            body(&$0)
        }
    }

    mutating func egress(_ body: (inout Assembly) -> Void) {
        let (probe, observed) = (probe, observed)
        assembly.egress { p in
            body(&p)
            guard !observed.isEmpty else { return }
            p.op(.setValid, a: probe)
            for (index, slot) in observed.enumerated() {
                p.op(.storeField, w: 64, a: probe, b: slot, d: index * 64)
            }
        }
    }

    /// Runs `body` if the packet's `op` is `value`.
    func ifOp(_ value: UInt64, _ p: inout Assembly, _ body: (inout Assembly) -> Void) {
        let skip = p.label()
        p.op(.loadField, w: 8, a: scratch, b: h, d: 0)
        p.jump(.branchIfNotEqual, b: scratch, c: p.constant(value), to: skip)
        body(&p)
        p.place(skip)
    }

    var program: SwitchProgram { assembly.program() }

    /// The probed values at the front of a frame.
    func values(_ bytes: [UInt8]) -> [UInt64] {
        observed.indices.map { index in
            bytes[index * 8..<index * 8 + 8].reduce(0) { $0 << 8 | UInt64($1) }
        }
    }

    /// What follows them.
    func rest(_ bytes: [UInt8]) -> [UInt8] { Array(bytes[(observed.count * 8)...]) }
}
