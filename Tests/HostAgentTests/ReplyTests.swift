// SPDX-License-Identifier: Apache-2.0

import Addresses
import BPF
import Journeys
import LinuxSystem
import TelemetryFormats
import Testing
import ThrowawayPlaces
import Wire

@testable import HostAgent

/// What a test needs and the programs did not give.
private struct Absent: Error {}

/// XDP of a client's host, and of one that is both, by BPF_PROG_TEST_RUN.
@Suite(.needsRoot) struct ReplyTests {
    /// Of a frame with telemetry.
    private func source(_ frame: [UInt8], _ of: ClientFrame) -> [UInt8] {
        Array(frame.dropFirst(of.link(0).count + 4).prefix(22))
    }

    @Test(arguments: ClientFrame.table, [HostRole.client, .both])
    func `a reply is stripped, and its unchanged head reported`(frame: ClientFrame, role: HostRole) throws {
        let rig = try ClientRig(role: role)
        var frame = frame
        for records in [0, 2, 6] as [UInt8] {
            frame.sequence += 1000
            let source = source(try rig.send(frame.request).0, frame)
            let came = frame.answered(source: source, records: records)
            let reception = try rig.receive(came)
            #expect(reception.frame == frame.reply)
            #expect(reception.reasons == [.xdpReturned: 1])
            #expect(reception.counted == [.replyReported: 1, .replyOwn: 1])
            let report = try #require(reception.reports.first)
            #expect(reception.reports.count == 1)
            #expect(report.flow.ports?.source == 40000 && report.flow.ports?.destination == 1234)
            #expect(report.source?.host == 77)
            guard case .reply(let head) = report.kind else { throw Absent() }
            #expect(head == Array(came.prefix(head.count)))
            let arrived = try #require(report.arrived)
            #expect(arrived > report.source?.sent ?? .max)
            guard case .telemetry(let read) = TelemetryFrame.decode(head.span) else {
                Issue.record("a head that does not read")
                continue
            }
            #expect(read.hops.count == Int(records) && read.host?.ordinal == 7)
            #expect(read.sourceRecord?.sequence == report.source?.sequence)
        }
    }

    @Test func `a reply that another began is reported without being taken for one's own`() throws {
        let rig = try ClientRig()
        let frame = ClientFrame()
        var source = source(try rig.send(frame.request).0, frame)
        source[3] = 78
        let reception = try rig.receive(frame.answered(source: source))
        #expect(reception.counted == [.replyReported: 1])
        #expect(reception.reports.first?.source?.host == 78)
    }

    @Test func `a client that serves nothing drops a request's telemetry and keeps the request`() throws {
        let rig = try ClientRig()
        let request = RequestFrame()
        let reception = try rig.receive(request.bytes)
        #expect(reception.frame == request.stripped)
        #expect(reception.counted == [.requestStripped: 1])
        #expect(reception.reports.isEmpty)
    }

    @Test func `a host that is both answers requests as a server does`() throws {
        let rig = try ClientRig(role: .both)
        let request = RequestFrame()
        let reception = try rig.receive(request.bytes)
        #expect(reception.frame == request.stripped)
        #expect(reception.reasons == [.xdpSaved: 1])
        let (sent, counted) = try rig.send(request.reply)
        #expect(sent.count > request.reply.count)
        #expect(sent[12] == 0x12 && sent[13] == 0x12)
        #expect(counted.isEmpty)
        // Its own request to a peer gets telemetry all the same.
        #expect(try rig.send(ClientFrame().request).1 == [.inserted: 1])
    }

    @Test func `what is not telemetry passes unchanged`() throws {
        let rig = try ClientRig()
        let frame = ClientFrame()
        let plain = try rig.receive(frame.reply)
        #expect(plain.frame == frame.reply)
        #expect(plain.reasons == [.xdpPlain: 1] && plain.counted.isEmpty && plain.reports.isEmpty)
        let source = source(try rig.send(frame.request).0, frame)
        let complete = frame.answered(source: source, records: 2)
        for length in 18..<(14 + 4 + 18 + 22 + 18) {
            let cut = Array(complete.prefix(length))
            let reception = try rig.receive(cut)
            #expect(reception.frame == cut, "\(length) bytes")
            #expect(reception.reports.isEmpty, "\(length) bytes")
        }
    }

    @Test func `where nobody reads, replies are stripped and counted all the same`() throws {
        let rig = try ClientRig { $0.ringBytes = 4096 }
        let frame = ClientFrame()
        let before = try rig.programs.counts()
        for _ in 0..<100 {
            let source = source(try rig.send(frame.request).0, frame)
            #expect(try rig.programs.xdp.testRun(frame.answered(source: source)).frame == frame.reply)
        }
        let counted = try rig.programs.counts().since(before)
        #expect((counted[.replyRingFull] ?? 0) > 0)
        #expect((counted[.replyRingFull] ?? 0) + (counted[.replyReported] ?? 0) == 100)
        // The next one that is read reports how many came back unread.
        #expect(try rig.readReports().count == Int(counted[.replyReported] ?? 0))
        let source = source(try rig.send(frame.request).0, frame)
        let next = try #require(try rig.receive(frame.answered(source: source)).reports.first)
        #expect(UInt64(next.unreported) == counted[.replyRingFull])
    }

    @Test func `a reply that comes twice is reported once`() throws {
        let rig = try ClientRig()
        let frame = ClientFrame()
        let source = source(try rig.send(frame.request).0, frame)
        #expect(try rig.receive(frame.answered(source: source)).reports.count == 1)
        let again = try rig.receive(frame.answered(source: source))
        #expect(again.frame == frame.reply && again.reports.isEmpty)
        #expect(again.counted == [.replyOwn: 1, .replyRepeated: 1])
    }

    @Test func `a service is learned by its answer, and only where that is allowed`() throws {
        let allowed = try #require(Peer("10.0.2.0/24", isLearned: true))
        let rig = try ClientRig { $0.peers = [allowed] }
        let frame = ClientFrame()
        #expect(try rig.send(frame.request).1 == [.insertNoPeer: 1])
        // A switch began this one's telemetry, so there is no source record.
        var answer = RequestFrame()
        answer.hostRecord = 0x0800
        answer.flags = 0x80
        answer.forward = 2
        _ = try rig.receive(answer.bytesFromServer)
        #expect(try rig.send(frame.request).1 == [.inserted: 1])
        #expect(try rig.send(ClientFrame(destinationPort: 1235).request).1 == [.insertNoPeer: 1])
        #expect(try rig.send(ClientFrame(isTCP: true).request).1 == [.insertNoPeer: 1])
    }

    @Test func `a learned service that does not answer gets no more except one after each pause`() throws {
        let allowed = try #require(Peer("10.0.2.0/24", isLearned: true))
        let rig = try ClientRig { $0.peers = [allowed] }
        let frame = ClientFrame()
        var answer = RequestFrame()
        answer.hostRecord = 0x0800
        answer.flags = 0x80
        _ = try rig.receive(answer.bytesFromServer)
        for _ in 0..<30 {
            let (sent, counted) = try rig.send(frame.request)
            #expect(counted == [.inserted: 1])
            _ = try rig.receive(frame.answered(source: source(sent, frame)))
        }
        for _ in 0..<8 { #expect(try rig.send(frame.request).1 == [.inserted: 1]) }
        // It may still be answering: a second without a reply has to pass. Then the pauses are 1, 2, 4 … seconds.
        Pause.microseconds(1_100_000)
        for pause in [1, 2] {
            #expect(try rig.send(frame.request).1 == [.inserted: 1])
            for _ in 0..<3 { #expect(try rig.send(frame.request).1 == [.insertStopped: 1]) }
            Pause.microseconds(UInt32(pause) * 1_000_000 + 50_000)
        }
        let (sent, counted) = try rig.send(frame.request)
        #expect(counted == [.inserted: 1])
        _ = try rig.receive(frame.answered(source: source(sent, frame)))
        for _ in 0..<8 { #expect(try rig.send(frame.request).1 == [.inserted: 1]) }
    }
}
