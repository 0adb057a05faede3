// SPDX-License-Identifier: Apache-2.0

internal import Addresses
internal import Journeys
internal import LinuxSystem
internal import P4Compiler
internal import SwitchControl
internal import SwitchEngine
internal import SwitchIR
internal import TelemetryFormats
internal import Wire

/// One packet, over and over, through an engine that runs a program of ours as a transit switch.
final class EngineCase {
    /// The program's file.
    let name: String
    /// Of the three records that the packet carries; nil: it carries none and gets none.
    let level: Level?

    private var engine: Engine
    private var output = CountingOutput()
    private let frame: [UInt8]

    /// Basic forwarding.
    convenience init(basicOf folder: String) throws {
        let route = "table_add ipv4_lpm ipv4_forward 10.0.2.0/24 => 08:00:00:00:02:00 2"
        try self.init(folder, program: "examples/basic.p4", configuration: route, level: nil)
    }

    convenience init(_ folder: String, level: Level?) throws {
        try self.init(folder, program: "INT.p4", configuration: Self.configuration, level: level)
    }

    private init(_ folder: String, program name: String, configuration: String, level: Level?) throws {
        self.name = name
        self.level = level
        let result = Compiler.compile(
            CompilerOptions(file: folder + "/" + name, systemIncludeDirectory: folder + "/include"))
        guard let program = result.program else { throw BenchmarkError(.notMeasured, result.messages) }
        engine = try Engine(program: program)
        let problems = ControlPlane(program).apply(
            commands: configuration, file: "configuration", to: &engine, now: PacketTimes(nanoseconds: 0)
        ).problems
        if let problem = problems.first { throw BenchmarkError(.notMeasured, "\(problem)") }
        frame = Self.packet(level)
    }

    private static let configuration = """
        table_set_default INTIngress.arrivals INTIngress.from_switch
        table_add INTIngress.ipv4_lpm INTIngress.ipv4_forward 10.0.2.0/24 => 08:00:00:00:02:00 2
        table_set_default INTEgress.switch_id INTEgress.set_switch_id 4
        """

    func nanosecondsAPacket(_ count: Int) throws -> Double {
        output.packets = 0
        let frame = frame
        let start = DomainClock.monotonicNanoseconds()
        Self.run(&engine, frame.span, count, start: start, into: &output)
        let elapsed = DomainClock.monotonicNanoseconds() - start
        guard output.packets == count else {
            throw BenchmarkError(.notMeasured, "\(count) packets went in, \(output.packets) came out")
        }
        return Double(elapsed) / Double(count)
    }

    /// By themselves, so that no check for simultaneous access of the case is part of what is measured.
    private static func run(
        _ engine: inout Engine, _ frame: borrowing Span<UInt8>, _ count: Int, start: UInt64,
        into output: inout CountingOutput
    ) {
        for index in 0..<count {
            let now = PacketTimes(nanoseconds: start &+ UInt64(index) &* 1000)
            unsafe engine.receive(frame.bytes, port: 1, now: now)
            engine.poll(now: now, into: &output)
        }
    }

    /// A request with 64 bytes of payload after its id, as it leaves three earlier hops.
    private static func packet(_ level: Level?) -> [UInt8] {
        let flow = Flow(
            source: .v4(IPv4Address(rawValue: 0x0A00_0101)), destination: .v4(IPv4Address(rawValue: 0x0A00_0202)),
            ports: Flow.Ports(source: Port(rawValue: 40_000), destination: Port(rawValue: 1234)))
        let inner = InnerPacket(flow: flow, requestID: 0x0102_0304)
        let payload = [UInt8](repeating: 0x5A, count: 64)
        guard let level else {
            var writer = PacketWriter(reserving: 128)
            EthernetHeader(destination: router, source: neighbour, etherType: .ipv4).write(into: &writer)
            inner.write(payload: payload, into: &writer)
            return writer.bytes
        }
        let hops = (1...3).reversed().map { number in
            HopMeasurement(
                switchID: SwitchID(rawValue: UInt32(number)),
                enqueueDepth: level == .discretized ? .classified(.idle) : .exact(0))
        }
        return TelemetryFrame(destination: router, source: neighbour, level: level, hops: hops, inner: inner)
            .encoded(payload: payload)
    }

    private static let router = MACAddress(rawValue: 0x0800_0000_0100)
    private static let neighbour = MACAddress(rawValue: 0x0800_0000_0200)
}

/// Copies each frame as a port's ring would take it, and counts.
private struct CountingOutput: PacketOutput {
    var packets = 0
    private var buffer = [UInt8](repeating: 0, count: 2048)

    mutating func transmit(_ frame: borrowing OutgoingFrame, port: Int) -> DropReason? {
        packets += 1
        var span = buffer.mutableSpan
        var bytes = unsafe span.mutableBytes
        _ = frame.copy(to: &bytes)
        return nil
    }
}
