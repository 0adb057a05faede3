// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials

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
            {"table": "arrivals", "default_action": true, "action_name": "from_switch", "action_params": {}},
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
