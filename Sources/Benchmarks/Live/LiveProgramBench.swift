// SPDX-License-Identifier: Apache-2.0

internal import Addresses
internal import BPF
internal import HostAgent
internal import LinuxSystem
public import TelemetryFormats
internal import Workload

/// What the two programs cost a packet on an interface that frames arrive at, in the kernel's own accounting.
///
/// Programs that do nothing, that only strip or make room, and the real ones take turns on the same hooks every few
/// hundredths of a second, so that all see the same machine; of each the lower quartile of its turns is reported.
public struct LiveProgramBench: Sendable {
    /// The level of the hop records.
    public var level = Level.standard
    /// Hop records per frame.
    public var records = 3
    /// Frames per second that are sent over a cable of its own. No more than the server answers: telemetry that waits
    /// for a reply that never comes costs more than what comes and goes.
    public var rate = 10_000.0
    /// Packets of each program, at least.
    public var count = 20_000

    static let turn: Int32 = 50
    /// Turns of each program: what the lower quartile is of.
    static let fewestTurns = 12
    static let mostTurns = 2000

    /// The defaults of `bench host`.
    public init() {}

    /// On a cable of its own, over which the frames are sent too. Needs root.
    /// - Parameter stop: a descriptor that becomes readable when the run is to be given up.
    public func runOnOwnCable(stop: Int32? = nil) throws -> [HostBench.Row] {
        try BenchCable.with { cable in
            // Replies must find a socket, or the client's kernel would answer each with a refusal.
            let sink = try cable.client.perform { () throws -> DatagramSocket in
                let socket = try DatagramSocket()
                try socket.bind(to: Endpoint(BenchCable.clientAddress, port: Self.clientPort))
                return socket
            }
            let ended = try EventDescriptor()
            let (endedNumber, frame, rate) = (ended.number, LoadFrame(shape), rate)
            let sender = try BackgroundThread(in: cable.client) {
                try Processor.usable().last?.pinThread()
                var blast = try Blast(try SocketSender(interface: BenchCable.interface, frame: frame))
                blast.rate = rate
                return try blast.run(stop: endedNumber).sent
            }
            let outcome = Swift.Result {
                try cable.server.perform { try run(on: BenchCable.interface, stop: stop) }
            }
            ended.signal()
            _ = try sender.join()
            _ = sink.number
            return try outcome.get()
        }
    }

    private static let clientPort: Port = 40_000

    /// The frames that are sent.
    private var shape: LoadFrame.Shape {
        var shape = LoadFrame.Shape()
        shape.level = level
        shape.records = records
        shape.source = Endpoint(BenchCable.clientAddress, port: Self.clientPort)
        shape.destination = BenchCable.endpoint
        if let link = MACAddress(octets: BenchCable.serverLink) { shape.destinationLink = link }
        return shape
    }

    /// On an interface of the calling thread's network namespace, at which frames with these records already arrive,
    /// such as `blast` sends them.
    public func run(on interface: String, stop: Int32? = nil) throws -> [HostBench.Row] {
        let here = Endpoint(.any, port: Port(BenchCable.port))
        return try SharedEcho.with(nil, at: here, threads: 1) { _ in
            let accounting = try RunTimeAccounting()
            var turns = try ProgramTurns(interface: interface, telemetry: telemetryBytes)
            var taken = 0
            while try taken < Self.fewestTurns || turns.fewest() < UInt64(count) {
                if let stop, Readiness.isReadable(stop) { throw BenchmarkError.interrupted }
                try turns.runAll(milliseconds: Self.turn)
                taken += 1
                if taken == Self.fewestTurns, try turns.fewest() == 0 { throw nothingArrived(interface) }
                if taken == Self.mostTurns { break }
            }
            let rows = try turns.rows(level, records)
            _ = consume accounting
            return rows
        }
    }

    private var telemetryBytes: Int { Shim.size + records * level.recordSize }

    private func nothingArrived(_ interface: String) -> BenchmarkError {
        BenchmarkError(
            .noPeer,
            "no request with \(records) records of level \(level.rawValue) was answered on '\(interface)'; at the other end "
                + "of its cable run `p4netintel blast --hops \(records) --level \(level.rawValue) --rate 10000 "
                + "--interface … --source … --destination … --mac …` with addresses that '\(interface)' can answer")
    }
}
