// SPDX-License-Identifier: Apache-2.0

import CHostPrograms
import Foundation
import Journeys
import TelemetryFormats
import Testing
import Wire

@testable import HostAgent

@Suite struct SharedHeaderTests {
    @Test func wireSizesAreThoseOfTheTelemetryModule() {
        #expect(Int(P4NI_SHIM_SIZE) == Shim.size)
        #expect(Int(P4NI_MAX_RECORDS) == Shim.maximumCount)
        #expect(MemoryLayout<p4ni_host_record>.size == HostRecord.plainSize)
        #expect(MemoryLayout<p4ni_extended_record>.size == HostRecord.extendedSize)
        let sizes = [
            P4NI_RECORD_SIZE_1, P4NI_RECORD_SIZE_2, P4NI_RECORD_SIZE_3, P4NI_RECORD_SIZE_4, P4NI_RECORD_SIZE_5,
            P4NI_RECORD_SIZE_6,
        ]
        #expect(sizes.count == Int(P4NI_LEVEL_MAX) && P4NI_LEVEL_MIN == 1)
        for level in Level.allCases { #expect(Int(sizes[Int(level.rawValue) - 1]) == level.recordSize) }
        #expect(Int(P4NI_FLAG_HOST_RECORD) == Int(Shim.Flags.hostRecord.rawValue))
    }

    @Test func etherTypesAreThoseOfTheTelemetryModule() {
        #expect(EtherType(rawValue: UInt16(P4NI_ETHERTYPE_SHIM)) == .telemetryShim)
        #expect(EtherType(rawValue: UInt16(P4NI_ETHERTYPE_RECORD)) == .hopRecord)
        #expect(EtherType(rawValue: UInt16(P4NI_ETHERTYPE_HOST)) == .hostRecord)
        #expect(EtherType(rawValue: UInt16(P4NI_ETHERTYPE_HOST_EXTENDED)) == .extendedHostRecord)
    }

    @Test func hostRecordLiesAsOnTheWire() {
        #expect(MemoryLayout<p4ni_host_record>.offset(of: \.tx_reqs) == 0)
        #expect(MemoryLayout<p4ni_host_record>.offset(of: \.time_reqs) == 8)
        #expect(MemoryLayout<p4ni_host_record>.offset(of: \.next_proto) == 16)
    }

    @Test func mapValuesLieAsWritten() {
        #expect(MemoryLayout<p4ni_flow_key>.size == 48)
        #expect(MemoryLayout<p4ni_flow_key>.offset(of: \.source) == 0)
        #expect(MemoryLayout<p4ni_flow_key>.offset(of: \.destination) == 16)
        #expect(MemoryLayout<p4ni_flow_key>.offset(of: \.source_port) == 32)
        #expect(MemoryLayout<p4ni_flow_key>.offset(of: \.destination_port) == 34)
        #expect(MemoryLayout<p4ni_flow_key>.offset(of: \.protocol) == 36)
        #expect(MemoryLayout<p4ni_flow_key>.offset(of: \.request_id) == 40)
        #expect(MemoryLayout<p4ni_rule>.size == 4)
        #expect(MemoryLayout<p4ni_rule>.offset(of: \.width) == 1)
        #expect(MemoryLayout<p4ni_rule>.offset(of: \.offset) == 2)
        #expect(MemoryLayout<p4ni_connection>.size == 32)
        #expect(MemoryLayout<p4ni_set>.size == 64)
        #expect(MemoryLayout<p4ni_config>.size == 48)
        #expect(MemoryLayout<p4ni_config>.offset(of: \.front_sets) == 12)
        #expect(MemoryLayout<p4ni_config>.offset(of: \.hash_seed) == 16)
        #expect(MemoryLayout<p4ni_config>.offset(of: \.trust) == 24)
        #expect(MemoryLayout<p4ni_prefix>.size == 20)
        #expect(MemoryLayout<p4ni_counters>.size == 8 * Int(P4NI_REASONS.rawValue))
        #expect(MemoryLayout<p4ni_percpu>.offset(of: \.counters) == 0)
    }

    /// The tables name every reason of the headers, each with the header's number and symbol, and no other.
    @Test func reasonsAreTheHeaders() throws {
        try expect(FrameReason.self, toBe: "enum p4ni_reason", of: "p4ni_reasons.h", end: "P4NI_REASONS")
        try expect(ClientReason.self, toBe: "enum p4ni_client_reason", of: "p4ni_client.h", end: "P4NI_CLIENT_REASONS")
        #expect(FrameReason.xdpUntrusted.rawValue == Int(P4NI_XDP_UNTRUSTED.rawValue))
        #expect(ClientReason.replyRepeated.rawValue == Int(P4NI_REPLY_REPEATED.rawValue))
    }

    private func expect<Reason: CountedReason>(
        _ reasons: Reason.Type, toBe declaration: String, of header: String, end: String
    ) throws {
        var numbers = try Self.enumerators(of: declaration, in: header)
        #expect(numbers.removeValue(forKey: end) == (numbers.values.max() ?? 0) + 1)
        #expect(reasons.table.map(\.reason) == Array(Reason.allCases))
        #expect(
            numbers
                == Dictionary(uniqueKeysWithValues: reasons.table.map { ($0.symbol, $0.reason.rawValue) }))
        #expect(Set(reasons.table.map(\.name)).count == Reason.allCases.count)
        #expect(reasons.table.allSatisfy { !$0.explanation.isEmpty })
    }

    /// The enumerators of a C header, with their numbers.
    private static func enumerators(of declaration: String, in header: String) throws -> [String: Int] {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../bpf/include")
        let text = try String(contentsOf: folder.appending(path: header), encoding: .utf8)
        let start = try #require(text.range(of: declaration + " {"))
        let body = text[start.upperBound...].prefix { $0 != "}" }
        var numbers: [String: Int] = [:]
        var next = 0
        for line in body.split(separator: "\n") {
            let code = line.prefix { $0 != "/" }.filter { !$0.isWhitespace && $0 != "," }
            guard !code.isEmpty else { continue }
            let parts = code.split(separator: "=")
            if parts.count == 2 { next = try #require(Int(parts[1])) }
            numbers[String(parts[0])] = next
            next += 1
        }
        return numbers
    }

    /// The collector's reasons for refusing a frame are numbered like the host's.
    @Test func malformedFramesAreCountedUnderTheCollectorsNumbers() {
        #expect(Int(Malformed.shortShim.rawValue) == FrameReason.xdpShortShim.rawValue)
        #expect(Int(Malformed.countOutOfRange.rawValue) == FrameReason.xdpCount.rawValue)
        #expect(Int(Malformed.unknownLevel.rawValue) == FrameReason.xdpLevel.rawValue)
        #expect(Int(Malformed.forwardBeyondCount.rawValue) == FrameReason.xdpForward.rawValue)
        #expect(Int(Malformed.recordsBeyondFrame.rawValue) == FrameReason.xdpShort.rawValue)
        #expect(Int(Malformed.chainDisagrees.rawValue) == FrameReason.xdpChain.rawValue)
        #expect(Int(Malformed.nestedShim.rawValue) == FrameReason.xdpNested.rawValue)
        #expect(Int(Malformed.unknownInner.rawValue) == FrameReason.xdpInnerType.rawValue)
        #expect(Int(Malformed.shortInner.rawValue) == FrameReason.xdpInnerShort.rawValue)
    }

    @Test(arguments: [1, 8, 64, 100, 4096, 1 << 22])
    func storeHasRoomToSpareAndBothRegions(_ requests: Int) {
        let layout = StoreLayout(maximumRequests: requests)
        #expect(layout.slots >= requests * 3 / 2)
        #expect(layout.frontSets >= 1 && layout.frontSets < layout.sets && layout.frontSets <= 16)
    }
}
