// SPDX-License-Identifier: Apache-2.0

import CHostPrograms
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

    /// Every reason of the header, in its order, so that one added on one side only is noticed.
    @Test func reasonsAreTheHeaders() {
        let header = [
            P4NI_XDP_PLAIN, P4NI_XDP_SAVED, P4NI_XDP_EVICTED, P4NI_XDP_NOT_KEPT, P4NI_XDP_RETURNED,
            P4NI_XDP_SHORT_SHIM, P4NI_XDP_COUNT, P4NI_XDP_LEVEL, P4NI_XDP_FORWARD, P4NI_XDP_SHORT, P4NI_XDP_CHAIN,
            P4NI_XDP_NESTED, P4NI_XDP_INNER_TYPE, P4NI_XDP_INNER_SHORT, P4NI_XDP_FRAGMENT, P4NI_XDP_PROTOCOL,
            P4NI_XDP_NO_ID, P4NI_XDP_NOT_MOVED, P4NI_TC_OTHER, P4NI_TC_UNMATCHED, P4NI_TC_RESTORED, P4NI_TC_GSO,
            P4NI_TC_MTU, P4NI_TC_NO_ROOM, P4NI_TC_NOT_STORED, P4NI_XDP_EXTENDED,
            P4NI_XDP_NO_REQUEST, P4NI_XDP_RULED_OUT, P4NI_XDP_REPEATED, P4NI_XDP_UNCLEAR, P4NI_XDP_SUPERSEDED,
            P4NI_TC_NOT_DUE, P4NI_TC_EXPIRED, P4NI_TC_CLOSED, P4NI_XDP_UNTRUSTED,
        ]
        #expect(header.map { Int($0.rawValue) } == FrameReason.allCases.map(\.rawValue))
        #expect(Int(P4NI_REASONS.rawValue) == FrameReason.allCases.count)
        #expect(Set(FrameReason.allCases.map(\.name)).count == FrameReason.allCases.count)
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
