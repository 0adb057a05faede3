// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import HostAgent
import LinuxSystem

/// What a switch does between real interfaces, in namespaces of its own: throughput beside that of a forwarder that does
/// nothing else, latency, the rates its links hold, and what it takes when it has nothing to do.
struct PortsBench {
    /// Records of this level are put on every packet: the longest.
    static let level = 3
    static let frameSizes = [64, 1400]

    let installation: Installation
    let rounds: Int
    /// Readable once the user wants the end.
    let interruption: Int32
    let network: BenchNetwork
    let files: BenchFiles
    /// Where the frames come from, and where what is measured runs: two cores, if there are two.
    let generatorProcessors: [Processor]
    let measuredProcessors: [Processor]

    init(_ installation: Installation, rounds: Int, interruption: Int32) throws {
        self.installation = installation
        self.rounds = rounds
        self.interruption = interruption
        network = try BenchNetwork()
        files = try BenchFiles()
        let processors = Processor.usable()
        generatorProcessors = Array(processors.prefix(1))
        measuredProcessors = processors.count > 1 ? [processors[1]] : []
    }

    /// The switch of a lane: telemetry starts here on every packet.
    func startSwitch(_ lane: BenchNetwork.Lane, _ flags: [String] = [], processors: [Processor] = []) throws -> Measured
    {
        let command = [
            installation.executable, "switch", installation.program, "-D", "COLLECT_SIZE=\(Self.level)", "--json",
            "--port", "1=\(lane.entry)", "--port", "2=\(lane.exit)", "--runtime", files.tables,
        ]
        return try Measured(command + flags, in: network.middle, processors: processors)
    }

    func startForwarder(_ lane: BenchNetwork.Lane, processors: [Processor] = []) throws -> Measured {
        try Measured(
            [installation.executable, "bench", "forwarder", lane.entry, lane.exit], in: network.middle,
            processors: processors)
    }

    /// A request of one flow, `bytes` long as it arrives.
    static func frame(_ bytes: Int) -> LoadFrame {
        var shape = LoadFrame.Shape()
        shape.destinationLink = LinkAddress(octets: [8, 0, 0, 0, 1, 0])
        shape.payloadBytes = bytes - 14 - 20 - 8
        return LoadFrame(shape)
    }

    func checkInterruption() throws {
        if Readiness.isReadable(interruption) { throw CommandError("interrupted") }
    }
}

/// A directory with what switches are configured by, which goes with this value.
final class BenchFiles {
    let tables: String
    /// Deep queues: while the sender is kept from its processor, a link must go on sending.
    let deepQueues: String
    private let directory: URL

    init() throws {
        directory = FileManager.default.temporaryDirectory.appending(
            path: "p4ni-bench-\(UInt32.random(in: 0...UInt32.max))")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        tables = directory.appending(path: "runtime.json").path
        deepQueues = directory.appending(path: "commands.txt").path
        try Self.entries.write(toFile: tables, atomically: true, encoding: .utf8)
        try "set_queue_depth 4000\n".write(toFile: deepQueues, atomically: true, encoding: .utf8)
    }

    deinit { try? FileManager.default.removeItem(at: directory) }

    private static let entries = """
        {
          "target": "bmv2",
          "table_entries": [
            {
              "table": "ipv4_lpm", "match": {"hdr.ipv4.dst_addr": ["10.0.2.0", 24]}, "action_name": "ipv4_forward",
              "action_params": {"dst_addr": "08:00:00:00:02:00", "port": 2}
            },
            {
              "table": "watchlist", "match": {"hdr.ipv4.dst_addr": ["10.0.2.0", 24]}, "action_name": "watch",
              "action_params": {}
            },
            {
              "table": "switch_id", "default_action": true, "action_name": "set_switch_id",
              "action_params": {"switch_id": 4}
            }
          ]
        }
        """
}
