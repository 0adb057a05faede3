// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Journeys
import LinuxSystem
import TelemetryFormats
import Testing
import ThrowawayPlaces

@testable import HostAgent

/// How a server receives and sends, and which parts of its time can be measured.
struct ServerKind: Sendable, CustomTestStringConvertible {
    let name: String
    var reportsReceipt = true
    var reportsSend = true

    var testDescription: String { name }

    func reportsAll(_ details: HostDetails?) -> Bool {
        guard let details, details.stages.kernelIn != nil else { return false }
        return (details.stages.socketWait != nil) == reportsReceipt && (details.stages.kernelOut != nil) == reportsSend
            && (details.stages.application != nil) == (reportsReceipt && reportsSend)
    }

    static let all = [
        ServerKind(name: "recvfrom"), ServerKind(name: "recvmsg"), ServerKind(name: "threads"),
        ServerKind(name: "epoll"), ServerKind(name: "batch"), ServerKind(name: "reuseport"), ServerKind(name: "peek"),
        ServerKind(name: "connected", reportsSend: false), ServerKind(name: "recvmmsg", reportsReceipt: false),
        ServerKind(name: "sendmmsg", reportsReceipt: false, reportsSend: false),
    ]
}

extension LiveTests {
    @Suite(.serialized) struct BreakdownTests {
        /// Nanoseconds by which two readings of the same clock by different ways may be apart.
        static let clockReading: Int64 = 50_000

        @Test(arguments: ServerKind.all)
        func partsAgreeWithTheServersOwnLog(_ kind: ServerKind) throws {
            try BreakdownLab.with(kind.name) { lab in
                // A connected server has one peer.
                let requests = (0..<48 as Range<UInt32>).map { number in
                    BreakdownLab.request(
                        number, sourcePort: kind.name == "connected" ? 40000 : 40000 + UInt16(number % 5))
                }
                let replies = try lab.exchange(requests, outstanding: 8)
                #expect(replies.count == requests.count)
                let log = try lab.log()
                for (id, host) in replies {
                    let entry = try #require(log[id])
                    expect(host, agreesWith: entry, kind, id)
                }
                // Two that share an entry of the table take it from each other: rarely, one has fewer parts.
                let complete = replies.values.count { kind.reportsAll($0.details) }
                #expect(Double(complete) >= 0.9 * Double(replies.count))
            }
        }

        private func expect(
            _ host: HostMeasurement, agreesWith log: BreakdownLab.LogEntry, _ kind: ServerKind, _ id: UInt32
        ) {
            guard let details = host.details else {
                Issue.record("not an extended record")
                return
            }
            #expect(details.stages.kernelIn != nil && details.queueDepth != nil)
            #expect(kind.reportsReceipt || details.stages.socketWait == nil, "request \(id)")
            #expect(kind.reportsReceipt && kind.reportsSend || details.stages.application == nil)
            #expect(kind.reportsSend || details.stages.kernelOut == nil)
            #expect(details.retransmits == nil)
            let sum = details.stages.inOrder.map {
                UInt64($0 ?? 0)
            }.reduce(0, +)
            let duration = host.duration?.count ?? 0
            #expect(sum <= duration)
            if let toQueue = details.stages.kernelIn, let toReceive = details.stages.socketWait {
                let received = Int64(details.arrival) + Int64(toQueue) + Int64(toReceive)
                #expect(received >= log.begin - Self.clockReading && received <= log.received + Self.clockReading)
                #expect(details.runQueue ?? 0 <= toReceive)
            }
            if let application = details.stages.application {
                #expect(Int64(application) >= log.send - log.received && Int64(application) <= log.sent - log.begin)
                #expect(sum == duration)
            }
            if let toEgress = details.stages.kernelOut {
                let sent = Int64(details.arrival + duration) - Int64(toEgress)
                #expect(sent >= log.send - Self.clockReading && sent <= log.sent + Self.clockReading)
            }
        }

        @Test func waitingForAProcessorIsToldForThreadsThatBlock() throws {
            try BreakdownLab.with("recvfrom") { lab in
                // Each is sent when the one before is answered, so that the server waits for every one.
                let replies = try lab.exchange((0..<30).map { BreakdownLab.request($0) }, outstanding: 1)
                let reported = replies.values.compactMap { $0.details?.runQueue }
                // Not of the first, and not of one during which the thread was preempted: how many that are, and how
                // long each waited, is the scheduler's affair.
                #expect(!reported.isEmpty)
            }
        }

        @Test func depthIsWhatWaitsInTheSocketAlready() throws {
            try BreakdownLab.with("recvfrom") { lab in
                // The first keeps the server for half a second, the others queue up.
                let requests =
                    [BreakdownLab.request(0, work: 500_000)] + (1...5).map { BreakdownLab.request($0, work: 0) }
                let replies = try lab.exchange(requests, outstanding: 6, pause: 20_000)
                #expect((1...5).map { replies[$0]?.details?.queueDepth } == [0, 1, 2, 3, 4])
            }
        }

        @Test func requestsThatNobodyCanTellApartHaveNoParts() throws {
            try BreakdownLab.with("recvfrom") { lab in
                // Keeps the server while the others meet: one flow and id twice, then two flows with one payload, then
                // a payload that comes again without telemetry.
                var plain = BreakdownLab.request(3, work: 0, sourcePort: 40009).stripped
                let others: [[UInt8]] = [
                    BreakdownLab.request(1, work: 0).bytes, BreakdownLab.request(1, work: 0).bytes,
                    BreakdownLab.request(2, work: 0, sourcePort: 40001).bytes,
                    BreakdownLab.request(2, work: 0, sourcePort: 40002).bytes,
                    BreakdownLab.request(3, work: 0).bytes,
                ]
                plain.replaceSubrange(12..<14, with: [8, 0])
                let frames = [BreakdownLab.request(0, work: 300_000).bytes] + others + [plain]
                let replies = try lab.exchange(frames, replies: 6)
                for reply in replies where reply.0 != 0 {
                    let details = try #require(reply.1.details)
                    #expect(details.stages.socketWait == nil && details.stages.application == nil)
                }
                #expect(replies.count == 6)
                #expect(replies.first { $0.0 == 0 }?.1.details?.stages.application != nil)
            }
        }

        @Test func whatTheStatusSaysIsMeasuredIs() throws {
            try BreakdownLab.with("recvfrom") { lab in
                let status = try lab.host.host { try $0.status() }
                let parts = try #require(status.breakdown).parts
                #expect(parts.filter(\.measured).map(\.name).contains("application"))
                #expect(parts.allSatisfy { $0.measured == $0.reason.isEmpty })
                #expect(status.absent.isEmpty)
            }
        }

        @Test func withoutTheSplitARecordHasTheTotalAlone() throws {
            var options = AttachOptions()
            options.breakdown = .off
            options.hostID = 77
            try BreakdownLab.with("recvfrom", options) { lab in
                let replies = try lab.exchange([BreakdownLab.request(1)], outstanding: 1)
                let details = try #require(replies[1]?.details)
                #expect(details.hostID == 77 && details.arrival > 0)
                #expect(
                    details.stages.kernelIn == nil && details.stages.application == nil && details.queueDepth == nil)
                let status = try lab.host.host { try $0.status() }
                #expect(status.breakdown?.description == "off")
            }
        }
    }
}
