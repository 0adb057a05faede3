// SPDX-License-Identifier: Apache-2.0

import AnnotatedHex
import Journeys
import TelemetryFormats
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

    /// Level 6, a reply that the sending host began: hop 7 of 12; 6 hops are on the request path.
    static let constant = bytes(
        ethernet + """
            1212                       // shim follows
            06 88 06 0c                // level 6, flags H and S, 6 on the way out, 12 hops
            0009 009c 10 11            // s9, port 1, hop 7, depth about 16, latency about 18
            00000005 00000002 0000000000000064 00000000 1216 // source record; extended host record follows
            00000001 0000 0000         // host 1, nothing measured
            0000000000000007           // 7th request
            0000000000000065           // arrival
            00000000000003e8           // 1000 ns in the host
            00000000 00000000 00000000 00000000 00000000 00000000
            0000 0800                  // IPv4 follows

            """ + reply)
    static let constantFrame = TelemetryFrame(
        destination: minimalFrame.ethernet.destination, source: minimalFrame.ethernet.source, level: .constant,
        forward: 6,
        hops: [rounded(9, 1, 7, 16, 18)], hopsMet: 12, sourceRecord: SourceMeasurement(host: 5, sequence: 2, sent: 100),
        host: HostMeasurement(ordinal: 7, duration: 1000, details: HostDetails(hostID: 1, arrival: 0x65)), inner: inner)

    private static func rounded(
        _ id: SwitchID, _ port: UInt32, _ position: UInt8, _ depth: UInt64, _ latency: UInt64
    ) -> HopMeasurement {
        var record = HopMeasurement(switchID: id, enqueueDepth: .about(depth))
        record.egressPort = port
        record.position = position
        record.latency = .about(latency * 1000)
        return record
    }
}

extension Measurement {
    /// Quantized as levels 5 and 6 do it.
    static func about(_ value: UInt64) -> Measurement {
        .quantized(value, relativeError: LogarithmicCode.relativeError)
    }
}
