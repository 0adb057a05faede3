// SPDX-License-Identifier: Apache-2.0

import BPF
import Glibc
import Journeys
import LinuxSystem
import TelemetryFormats
import Testing
import ThrowawayPlaces

@testable import HostAgent

/// The loaded programs, fed frame by frame without an interface, with the counts of each step.
struct ProgramRig: ~Copyable {
    static let xdpPass: Int32 = 2
    static let tcNext: Int32 = -1

    let programs: HostPrograms

    init(
        maximumRequests: Int = 64, referenceLevel: Int = 2, rules: [MatchingRule] = [],
        trust: TelemetryTrust = .everyone, isLegacy: Bool = false
    ) throws {
        var options = AttachOptions()
        options.maximumRequests = maximumRequests
        options.referenceLevel = try #require(.init(rawValue: UInt8(referenceLevel)))
        options.rules = rules
        options.trust = trust
        options.isLegacy = isLegacy
        options.hostID = 0xA1B2_C3D4
        programs = try HostPrograms(options, seed: 0x1234_5678_9abc_def0)
    }

    /// Runs the XDP program: the frame afterwards and what was counted. The verdict is always to pass.
    func receive(_ frame: [UInt8]) throws -> ([UInt8], [FrameReason: UInt64]) {
        let before = try programs.counts()
        // The kernel takes no frame shorter than an Ethernet header.
        let run = try programs.strip.testRun(frame)
        #expect(run.verdict == Self.xdpPass)
        return (run.frame, try programs.counts().since(before))
    }

    /// Runs the TC program.
    func send(_ frame: [UInt8], packet: PacketContext? = nil) throws -> ([UInt8], [FrameReason: UInt64]) {
        let before = try programs.counts()
        let run = try programs.restore.testRun(frame, packet: packet)
        #expect(run.verdict == Self.tcNext)
        return (run.frame, try programs.counts().since(before))
    }

    /// What a reply to `request` must look like, except the times.
    func expectRestored(_ output: [UInt8], to request: RequestFrame, ordinal: UInt64) {
        let link = request.link(0x1212)
        let telemetry = request.returned
        let host = link.count + telemetry.count
        let size = request.returnedRecordSize
        guard output.count == host + size + request.reply.count - link.count else {
            Issue.record("\(output.count) bytes: \(output)")
            return
        }
        #expect(Array(output[..<link.count]) == link)
        #expect(Array(output[link.count..<host]) == telemetry)
        let numbers = host + (size == 18 ? 0 : 8)
        #expect(number(output[numbers..<numbers + 8]) == ordinal)
        let time = size == 18 ? numbers + 8 : numbers + 16
        let total = number(output[time..<time + 8])
        #expect(total > 0 && total < 60_000_000_000)
        if size == 60 { #expect(number(output[host..<host + 4]) == 0xA1B2_C3D4) }
        #expect(Array(output[host + size - 2..<host + size]) == big(request.innerType))
        #expect(Array(output[(host + size)...]) == Array(request.reply[link.count...]))
    }
}
