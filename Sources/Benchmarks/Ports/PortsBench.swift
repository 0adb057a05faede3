// SPDX-License-Identifier: Apache-2.0

internal import Addresses
internal import LinuxSystem
internal import Workload

/// What a switch does between real interfaces, in namespaces of its own: throughput beside that of a forwarder that
/// does nothing else, latency, the rates its links hold, and what it takes when it has nothing to do.
public struct PortsBench {
    /// Records of this level are put on every packet: the longest.
    static let level = 3
    static let frameSizes = [64, 1400]

    /// This binary, and the P4 program its switches run.
    let executable: String
    let program: String
    let rounds: Int
    let stop: Int32
    let network: BenchNetwork
    let files: BenchFiles
    /// Where the frames come from, and where what is measured runs: two cores, if there are two.
    let generatorProcessors: [Processor]
    let measuredProcessors: [Processor]

    /// - Parameters:
    ///   - rounds: of each size of frames.
    ///   - stop: a descriptor that becomes readable when the run is to be given up.
    public init(executable: String, program: String, rounds: Int, stop: Int32) throws {
        self.executable = executable
        self.program = program
        self.rounds = rounds
        self.stop = stop
        network = try BenchNetwork()
        files = try BenchFiles()
        let processors = Processor.usable()
        generatorProcessors = Array(processors.prefix(1))
        measuredProcessors = processors.count > 1 ? [processors[1]] : []
    }

    /// Everything, one after the other. Needs root.
    public func run(onProgress: (String) -> Void) throws -> PortsReport {
        let latencies = try latency(onProgress)
        let rates = try rates(onProgress)
        let idle = try idle(onProgress)
        return PortsReport(
            ports: try throughput(onProgress), latencies: latencies, rates: rates,
            idleProcessorPercent: idle.percent, memoryMegabytes: idle.megabytes)
    }

    /// The switch of a lane: telemetry starts here on every packet.
    func startSwitch(_ lane: BenchNetwork.Lane, _ flags: [String] = [], processors: [Processor] = []) throws -> Measured
    {
        let command = [
            executable, "switch", program, "-D", "COLLECT_SIZE=\(Self.level)", "--json",
            "--port", "1=\(lane.entry)", "--port", "2=\(lane.exit)", "--runtime", files.tables,
        ]
        return try Measured(command + flags, in: network.middle, processors: processors)
    }

    func startForwarder(_ lane: BenchNetwork.Lane, processors: [Processor] = []) throws -> Measured {
        try Measured(
            [executable, "bench", "forwarder", lane.entry, lane.exit], in: network.middle, processors: processors)
    }

    /// A request of one flow, `bytes` long as it arrives.
    static func frame(_ bytes: Int) -> LoadFrame {
        var shape = LoadFrame.Shape()
        shape.destinationLink = MACAddress(rawValue: 0x0800_0000_0100)
        shape.payloadBytes = bytes - 14 - 20 - 8
        return LoadFrame(shape)
    }

    func checkInterruption() throws {
        if Readiness.isReadable(stop) { throw BenchmarkError.interrupted }
    }
}
