// SPDX-License-Identifier: Apache-2.0

import AnnotatedHex
import Telemetry
import Wire

/// Frames of the levels whose records do not say what follows them.
extension GoldenFrames {
    /// Level 5, a request after two switches.
    static let compact = bytes(
        ethernet + """
            1212                       // shim follows
            05 00 00 02                // level 5, no flags, 2 records
            0102 8110 24 8f            // s258, port 258, hop 4 bits and 1, depth about 99, latency about 1015807
            0001 0088 0f 00            // s1, port 1, hop 2, depth 15, latency 0

            """ + reply)
    static let compactFrame = frame(.compact, hops: [rounded(258, 258, 4, 99, 1_015_807), rounded(1, 1, 2, 15, 0)])

    private static func rounded(
        _ id: SwitchID, _ port: UInt16, _ position: UInt8, _ depth: UInt64, _ latency: UInt64
    ) -> HopRecord {
        var record = HopRecord(switchID: id, enqueueDepth: .about(depth))
        record.egressPort = port
        record.position = position
        record.latency = latency
        return record
    }
}
