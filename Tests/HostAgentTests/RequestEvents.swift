// SPDX-License-Identifier: Apache-2.0

import CHostPrograms
import Journeys
import TelemetryFormats

@testable import HostAgent

/// Events as the programs write them.
enum RequestEvents {
    static let telemetry = RequestFrame().telemetry

    static func request(_ time: UInt64, _ text: String, sourcePort: UInt16 = 999) -> [UInt8] {
        var event = p4ni_event()
        event.kind = UInt32(P4NI_EVENT_REQUEST)
        event.cpu = 1
        event.arrival = time
        event.host_id = 77
        event.telemetry = UInt32(telemetry.count)
        event.length = UInt32(text.utf8.count)
        event.key.source.2 = UInt32(0xffff).bigEndian
        event.key.source.3 = UInt32(0x0a00_0101).bigEndian
        event.key.destination.2 = UInt32(0xffff).bigEndian
        event.key.destination.3 = UInt32(0x0a00_0201).bigEndian
        event.key.source_port = sourcePort.bigEndian
        event.key.destination_port = UInt16(80).bigEndian
        event.key.protocol = 6
        return unsafe withUnsafeBytes(of: &event) { unsafe Array($0.prefix(Int(P4NI_REQUEST_SIZE))) } + telemetry
            + Array(text.utf8)
    }

    static func answer(_ time: UInt64, _ ordinal: UInt64, isLegacy: Bool = false) -> [UInt8] {
        let outcome = outcome(P4NI_EVENT_ANSWER, time, ordinal: ordinal, length: isLegacy ? 18 : 60)
        return outcome + [UInt8](repeating: 0, count: 64)
    }

    static func plain(_ time: UInt64, took: UInt64, _ reason: p4ni_reason = P4NI_TC_MTU) -> [UInt8] {
        outcome(P4NI_EVENT_PLAIN, time, took: took, reason: reason)
    }

    static func dropped(_ time: UInt64, _ reason: p4ni_reason) -> [UInt8] {
        outcome(P4NI_EVENT_DROPPED, time, reason: reason)
    }

    private static func outcome(
        _ kind: Int32, _ time: UInt64, ordinal: UInt64 = 0, took: UInt64 = 0, reason: p4ni_reason = P4NI_XDP_PLAIN,
        length: UInt32 = 0
    ) -> [UInt8] {
        var outcome = p4ni_outcome()
        outcome.kind = UInt32(kind)
        outcome.cpu = 1
        outcome.arrival = time
        outcome.ordinal = ordinal
        outcome.took = took
        outcome.reason = reason.rawValue
        outcome.host_id = 77
        outcome.length = length
        return unsafe withUnsafeBytes(of: &outcome) { unsafe Array($0.prefix(Int(P4NI_OUTCOME_SIZE))) }
    }
}
