// SPDX-License-Identifier: Apache-2.0

import BPF
import Journeys
import TelemetryFormats
import Testing

@testable import HostAgent

/// The client's programs, or those of both roles, fed frame by frame without an interface, with what each step counted
/// and reported.
struct ClientRig: ~Copyable {
    let programs: ClientPrograms

    init(role: HostRole = .client, _ change: (inout ClientOptions) -> Void = { _ in }) throws {
        var options = AttachOptions()
        options.role = role
        options.client.hostID = 77
        options.client.probes = false
        options.client.peers = [try #require(Peer("10.0.2.2:1234")), try #require(Peer("[2001::2]:1234"))]
        change(&options.client)
        programs = try ClientPrograms(options)
    }

    /// What an application on the client sends: the frame at the wire, and what was counted.
    func send(_ frame: [UInt8], packet: PacketContext? = nil) throws -> ([UInt8], [ClientReason: UInt64]) {
        let before = try programs.counts()
        let run = try programs.egress.testRun(frame, packet: packet)
        #expect(run.verdict == ProgramRig.tcNext)
        return (run.frame, try programs.counts().since(before))
    }

    /// What comes in: the frame that the stack sees, what was counted, and what was reported.
    func receive(_ frame: [UInt8]) throws -> Reception {
        let frames = try programs.frameCounts()
        let before = try programs.counts()
        let run = try programs.xdp.testRun(frame)
        #expect(run.verdict == ProgramRig.xdpPass)
        return Reception(
            frame: run.frame, reasons: try programs.frameCounts().since(frames),
            counted: try programs.counts().since(before), reports: try readReports())
    }

    func readReports() throws -> [RequestReport] {
        var reports = try programs.reports()
        var found: [RequestReport] = []
        try reports.read { found.append($0) }
        return found
    }

    struct Reception {
        let frame: [UInt8]
        let reasons: [FrameReason: UInt64]
        let counted: [ClientReason: UInt64]
        let reports: [RequestReport]
    }
}

/// Requests as an application's host sends them, and replies as they come back.
struct ClientFrame: Sendable, CustomTestStringConvertible {
    var family = RequestFrame.Family.ipv4
    var isTCP = false
    var tags: [UInt16] = []
    var sourcePort: UInt16 = 40000
    var destinationPort: UInt16 = 1234
    var payload: [UInt8] = Array(0..<40)
    var sequence: UInt32 = 1000
    /// PSH and ACK.
    var tcpFlags: UInt8 = 0x18

    var testDescription: String { "\(isTCP ? "TCP" : "UDP") over \(family), \(tags.count) tags" }

    static let table: [ClientFrame] = [[], [7], [7, 9]].flatMap { (tags: [UInt16]) in
        [RequestFrame.Family.ipv4, .ipv6].flatMap { family in
            [false, true].map { ClientFrame(family: family, isTCP: $0, tags: tags) }
        }
    }

    var innerType: UInt16 { family == .ipv4 ? 0x0800 : 0x86dd }

    func link(_ type: UInt16) -> [UInt8] {
        var frame = RequestFrame()
        frame.tags = tags
        return frame.link(type)
    }

    var request: [UInt8] { link(innerType) + packet(reversed: false) }
    var reply: [UInt8] { link(innerType) + packet(reversed: true) }

    /// The frame that a client's host should make of the request, except the time.
    func withTelemetry(level: UInt8, host: UInt32, sequence: UInt32, at time: [UInt8]) -> [UInt8] {
        link(0x1212) + [level, 0x08, 0, 0] + big(host) + big(sequence) + time + [0, 0, 0, 0] + big(innerType)
            + packet(reversed: false)
    }

    /// The reply as a server's host sends it, after hops that are one record of level 1 each.
    func answered(source: [UInt8], records: UInt8 = 0, flags: UInt8 = 0x88, level: UInt8 = 1) -> [UInt8] {
        var telemetry: [UInt8] = [level, flags, records / 2, records]
        for record in 0..<records {
            telemetry += [0, 0, 0, record, 0, 0, 0] + (record + 1 == records ? [0x12, 0x17] : [0x12, 0x13])
        }
        let host: [UInt8] = big(UInt64(7)) + big(UInt64(900)) + big(innerType)
        return link(0x1212) + telemetry + source.dropLast(2) + [0x12, 0x14] + host + packet(reversed: true)
    }

    func packet(reversed: Bool) -> [UInt8] {
        let ports = [sourcePort, destinationPort]
        let ends = (reversed ? ports.reversed() : ports).flatMap { big($0) }
        let segment: [UInt8] =
            isTCP
            ? ends + big(sequence) + [0, 0, 0, 9, 0x50, tcpFlags, 1, 0, 0, 0, 0, 0] + payload
            : ends + big(UInt16(8 + payload.count)) + [0, 0] + payload
        let number: UInt8 = isTCP ? 6 : 17
        let frame = RequestFrame()
        let header =
            family == .ipv4
            ? frame.ipv4Header(carrying: segment.count, number, reversed)
            : frame.ipv6Header(carrying: segment.count, number, reversed)
        return header + segment
    }
}

extension RequestFrame {
    /// The reply with the telemetry that it would come back with.
    var bytesFromServer: [UInt8] { link(0x1212) + telemetry + reply.dropFirst(link(0).count) }
}
