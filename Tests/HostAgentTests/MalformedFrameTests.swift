// SPDX-License-Identifier: Apache-2.0

import Testing
import ThrowawayPlaces

@testable import HostAgent

/// One way for a frame with a shim to be wrong.
struct Wrong: Sendable, CustomTestStringConvertible {
    let name: String
    let reason: FrameReason
    let change: @Sendable (inout RequestFrame) -> Void

    init(_ name: String, _ reason: FrameReason, _ change: @escaping @Sendable (inout RequestFrame) -> Void) {
        self.name = name
        self.reason = reason
        self.change = change
    }

    var testDescription: String { name }

    static let table: [Wrong] = [
        Wrong("count 0", .xdpCount) { $0.claimed = 0 },
        Wrong("count 21", .xdpCount) { $0.claimed = 21 },
        Wrong("21 records", .xdpCount) { $0 = RequestFrame(level: 1, records: 21) },
        Wrong("count 255", .xdpCount) { $0.claimed = 255 },
        Wrong("reference count 0", .xdpCount) { $0 = RequestFrame(shimLevel: 0, claimed: 0) },
        Wrong("reference count 21", .xdpCount) { $0 = RequestFrame(shimLevel: 0, claimed: 21) },
        Wrong("reference count 0x103", .xdpCount) { $0 = RequestFrame(shimLevel: 0, claimed: 0x103) },
        Wrong("reference count 0x10003", .xdpCount) { $0 = RequestFrame(shimLevel: 0, claimed: 0x10003) },
        Wrong("one record fewer than claimed", .xdpChain) { $0.claimed = 4 },
        Wrong("one record more than claimed", .xdpChain) { $0.claimed = 2 },
        Wrong("20 claimed of 3", .xdpChain) { $0.claimed = 20 },
        Wrong("level 7", .xdpLevel) { $0.shimLevel = 7 },
        Wrong("compact without records", .xdpCount) { $0 = RequestFrame(level: 5, records: 0) },
        Wrong("21 compact records", .xdpCount) { $0 = RequestFrame(level: 5, records: 21) },
        Wrong("compact records cut off", .xdpShort) { $0 = RequestFrame(level: 5, records: 1, claimed: 20) },
        Wrong("compact claimed as IPv6", .xdpInnerShort) { $0 = RequestFrame(level: 5, flags: 0x20) },
        Wrong("short host record at level 5", .xdpChain) {
            $0 = RequestFrame(level: 5, flags: 0x88, hasSource: true, hostRecord: 0x0800)
        },
        Wrong("source record without flag", .xdpChain) { $0.hasSource = true },
        Wrong("flag without source record", .xdpChain) { $0.flags = 0x08 },
        Wrong("source flag and host record", .xdpChain) { $0 = RequestFrame(flags: 0x88, hostRecord: 0x0800) },
        Wrong("source record that lies about a host record", .xdpChain) {
            $0 = RequestFrame(flags: 0x08, lastProto: 0x1214, hasSource: true)
        },
        Wrong("source record after a source record", .xdpChain) {
            $0 = RequestFrame(flags: 0x08, lastProto: 0x1217, hasSource: true)
        },
        Wrong("reference frame with a source record", .xdpChain) { $0 = RequestFrame(shimLevel: 0, hasSource: true) },
        Wrong("level 15", .xdpLevel) { $0.shimLevel = 15 },
        Wrong("level 255", .xdpLevel) { $0.shimLevel = 255 },
        Wrong("records of another level", .xdpChain) { $0.shimLevel = 3 },
        Wrong("reference records of another level", .xdpChain) { $0 = RequestFrame(level: 3, shimLevel: 0) },
        Wrong("forward beyond count", .xdpForward) { $0.forward = 4 },
        Wrong("broken link in front", .xdpChain) { $0.brokenLink = (0, 0x0800) },
        Wrong("broken link in the middle", .xdpChain) { $0.brokenLink = (1, 0x1214) },
        Wrong("link of a single record", .xdpChain) { $0 = RequestFrame(records: 1, lastProto: 0x1213) },
        Wrong("shim on shim", .xdpNested) { $0.lastProto = 0x1212 },
        Wrong("shim after the host record", .xdpNested) { $0 = RequestFrame(flags: 0x80, hostRecord: 0x1212) },
        Wrong("flag without host record", .xdpChain) { $0.flags = 0x80 },
        Wrong("host record without flag", .xdpChain) { $0.hostRecord = 0x0800 },
        Wrong("host record after a host record", .xdpChain) { $0 = RequestFrame(flags: 0x80, hostRecord: 0x1214) },
        Wrong("extended host record without flag", .xdpChain) { $0.lastProto = 0x1216 },
        Wrong("extended host record after one", .xdpChain) {
            $0 = RequestFrame(flags: 0x80, hostRecord: 0x1216, hostRecordIsExtended: true)
        },
        Wrong("ARP inside", .xdpInnerType) { $0.lastProto = 0x0806 },
        Wrong("VLAN tag inside", .xdpInnerType) { $0.lastProto = 0x8100 },
        Wrong("announced as IPv6", .xdpInnerShort) { $0.lastProto = 0x86dd },
        Wrong("IPv4 header of 16 bytes", .xdpInnerShort) { $0.versionByte = 0x44 },
        Wrong("IP version 5", .xdpInnerShort) { $0.versionByte = 0x55 },
        Wrong("IPv6 version 4", .xdpInnerShort) { $0 = RequestFrame(family: .ipv6, versionByte: 0x40) },
        Wrong("first fragment", .xdpFragment) { $0.fragment = 0x2000 },
        Wrong("last fragment", .xdpFragment) { $0.fragment = 0x0001 },
        Wrong("IPv6 fragment", .xdpFragment) { $0 = RequestFrame(family: .ipv6, protocolNumber: 44) },
        Wrong("TCP header cut off", .xdpInnerShort) {
            $0 = RequestFrame(payload: [], omitsID: true, protocolNumber: 6)
        },
        Wrong("TCP header longer than IP", .xdpInnerShort) {
            $0 = RequestFrame(payload: [], segment: Segment(options: -4 + 44))
            $0.ipLengthError = -1
        },
        Wrong("UDP longer than IP", .xdpInnerShort) { $0.udpLengthError = 1 },
        Wrong("UDP shorter than its header", .xdpInnerShort) { $0.udpLengthError = -30 },
    ]
}

@Suite(.needsRoot) struct MalformedFrameTests {
    @Test(arguments: Wrong.table)
    func wrongFrameIsPassedAsItCameAndCounted(_ row: Wrong) throws {
        let rig = try ProgramRig(referenceLevel: 2)
        var request = RequestFrame()
        row.change(&request)
        // The shim of reference frames carries no level, so those of another are only wrong in their chain.
        let (received, counted) = try rig.receive(request.bytes)
        #expect(received == request.bytes)
        #expect(counted == [row.reason: 1])
        #expect(try rig.programs.waiting() == 0)
    }

    /// The frame ends at any byte, and the reason is that of the part in which it ends.
    @Test(arguments: [
        RequestFrame(level: 1, records: 2), RequestFrame(level: 3, shimLevel: nil, records: 3),
        RequestFrame(level: 2, flags: 0x80, hostRecord: 0x0800), RequestFrame(level: 4, tags: [1, 2]),
        RequestFrame(level: 4, family: .ipv6), RequestFrame(level: 5, flags: 0x20, family: .ipv6),
        RequestFrame(level: 6, flags: 0x88, hasSource: true, hostRecord: 0x0800, hostRecordIsExtended: true),
        RequestFrame(level: 1, flags: 0x08, records: 0, hasSource: true),
    ])
    func frameCutAtAnyByteIsPassedAsItCame(_ request: RequestFrame) throws {
        let rig = try ProgramRig()
        let complete = request.bytes
        let shim = request.link(0).count
        let records = shim + 4
        let inner = shim + request.telemetry.count
        let header = (request.family == .ipv4 ? 20 : 40) + 8
        // The kernel runs nothing shorter than an Ethernet header.
        for length in 14..<(inner + header + 4) {
            let frame = Array(complete.prefix(length))
            let (received, counted) = try rig.receive(frame)
            #expect(received == frame, "cut at \(length)")
            let reason: FrameReason =
                length < shim
                ? .xdpPlain : length < records ? .xdpShortShim : length < inner ? .xdpShort : .xdpInnerShort
            #expect(counted == [reason: 1], "cut at \(length)")
        }
        #expect(try rig.programs.waiting() == 0)
    }

    /// Telemetry that is in order, in front of what is not a request: the packet goes on, its telemetry does not.
    @Test(arguments: [
        (FrameReason.xdpProtocol, RequestFrame(protocolNumber: 1)),
        (.xdpProtocol, RequestFrame(family: .ipv6, protocolNumber: 0)),
        (.xdpNoID, RequestFrame(payload: [], omitsID: true)), (.xdpNoID, RequestFrame(omitsID: true)),
        (.xdpNoRequest, RequestFrame(payload: [], segment: Segment(flags: Segment.ack))),
        (.xdpNoRequest, RequestFrame(payload: [], segment: Segment(flags: Segment.syn))),
        (.xdpNoRequest, RequestFrame(segment: Segment(flags: Segment.syn | Segment.ack))),
        (.xdpNoRequest, RequestFrame(segment: Segment(flags: Segment.rst | Segment.ack))),
        (.xdpNoRequest, RequestFrame(segment: Segment(flags: Segment.push))),
    ])
    func packetThatIsNoRequestIsStrippedAndNotKept(_ reason: FrameReason, _ frame: RequestFrame) throws {
        let rig = try ProgramRig()
        let (received, counted) = try rig.receive(frame.bytes)
        #expect(received == frame.stripped)
        #expect(counted == [reason: 1])
        #expect(try rig.programs.waiting() == 0)
    }

    /// Whatever the bytes after the shim's EtherType are, a frame is passed unchanged or exactly what was in front of
    /// its inner packet is taken away.
    @Test func randomBytesNeverDoHarm() throws {
        let rig = try ProgramRig()
        var random = SystemRandomNumberGenerator()
        for _ in 0..<3000 {
            var request = RequestFrame(level: Int.random(in: 1...6), records: Int.random(in: 1...5))
            if Bool.random() { request.segment = Segment(sequence: UInt32.random(in: 0 ... .max)) }
            var frame = request.bytes
            for _ in 0..<Int.random(in: 1...6) {
                frame[Int.random(in: 14..<frame.count)] = UInt8.random(in: 0...255, using: &random)
            }
            let (received, counted) = try rig.receive(frame)
            #expect(counted.values.reduce(0, +) >= 1)
            if received != frame {
                #expect(counted.keys.allSatisfy { Self.stripping.contains($0) }, "\(counted)")
                #expect(Array(received.prefix(12)) == Array(frame.prefix(12)))
                #expect(Array(received.dropFirst(14)) == Array(frame.suffix(received.count - 14)))
            }
        }
    }

    private static let stripping: Set<FrameReason> = [
        .xdpSaved, .xdpReturned, .xdpProtocol, .xdpNoID, .xdpNoRequest, .xdpRepeated, .xdpUnclear, .xdpSuperseded,
        .xdpEvicted, .xdpNotKept, .xdpDamaged,
    ]
}
