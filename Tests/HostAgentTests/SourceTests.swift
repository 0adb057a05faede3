// SPDX-License-Identifier: Apache-2.0

import Addresses
import BPF
import Journeys
import TelemetryFormats
import Testing
import ThrowawayPlaces
import Wire

@testable import HostAgent

/// TC egress of a client's host, by BPF_PROG_TEST_RUN.
@Suite(.needsRoot) struct SourceTests {
    @Test(arguments: ClientFrame.table)
    func `a request to a peer leaves with shim and source record, and is not changed after them`(
        frame: ClientFrame
    ) throws {
        for level in [1, 3, 6] as [UInt8] {
            let rig = try ClientRig { $0.level = level }
            var frame = frame
            for sequence in 1...3 as ClosedRange<UInt32> {
                frame.sequence += 1000
                let (sent, counted) = try rig.send(frame.request)
                let time = sent.dropFirst(frame.link(0).count + 12).prefix(8)
                #expect(sent == frame.withTelemetry(level: level, host: 77, sequence: sequence, at: Array(time)))
                // Some time after 2020, in nanoseconds.
                #expect(number(time) > 1_577_836_800_000_000_000)
                #expect(counted == [.inserted: 1])
            }
        }
    }

    @Test func `flows are numbered each by itself`() throws {
        let rig = try ClientRig()
        var frames = [
            ClientFrame(), ClientFrame(sourcePort: 40001), ClientFrame(family: .ipv6), ClientFrame(isTCP: true),
        ]
        frames[1].payload[0] = 9
        for round in 1...3 as ClosedRange<UInt64> {
            for var frame in frames {
                frame.sequence += 1000 * UInt32(round)
                let sent = try rig.send(frame.request).0
                #expect(number(sent[22..<26]) == round)
            }
        }
    }

    @Test func `a TCP segment that is sent again goes plain`() throws {
        let rig = try ClientRig()
        var frame = ClientFrame(isTCP: true)
        #expect(try rig.send(frame.request).1 == [.inserted: 1])
        let (sent, counted) = try rig.send(frame.request)
        #expect(sent == frame.request)
        #expect(counted == [.insertRepeated: 1])
        frame.sequence += 40
        #expect(try rig.send(frame.request).1 == [.inserted: 1])
    }

    @Test func `nobody is a peer unless configured`() throws {
        let rig = try ClientRig { $0.peers = [] }
        for frame in ClientFrame.table {
            let (sent, counted) = try rig.send(frame.request)
            #expect(sent == frame.request)
            #expect(counted == [.insertNoPeer: 1])
        }
    }

    @Test func `nothing is begun while it is held`() throws {
        let rig = try ClientRig()
        let request = ClientFrame().request
        #expect(try rig.send(request).1 == [.inserted: 1])
        #expect(try rig.programs.maps.pauseInsertion())
        for _ in 1...100 {
            let (sent, counted) = try rig.send(request)
            #expect(sent == request)
            #expect(counted == [.insertNotSampled: 1])
        }
    }

    @Test(
        arguments: [
            ("10.0.2.2", 40000, 1234, false, true), ("10.0.2.0/24", 40000, 1234, true, true),
            ("0.0.0.0/0", 40000, 1234, false, true), ("10.0.2.2:1234/udp", 40000, 1234, false, true),
            ("10.0.2.2:1234/udp", 40000, 1234, true, false), ("10.0.2.2:1234/tcp", 40000, 1234, true, true),
            ("10.0.2.2:1235", 40000, 1234, false, false), ("10.0.3.0/24", 40000, 1234, false, false),
            // Without a port only what goes to the lower one is a request.
            ("10.0.2.2", 1234, 40000, false, false), ("10.0.2.2:40000", 1234, 40000, false, true),
            ("::/0", 40000, 1234, false, true), ("2001::/16", 40000, 1234, false, false),
        ] as [(String, UInt16, UInt16, Bool, Bool)])
    func `a peer is a prefix with or without port and protocol`(
        peer: String, from: UInt16, to: UInt16, isTCP: Bool, isInserted: Bool
    ) throws {
        let known = try #require(Peer(peer))
        let rig = try ClientRig { $0.peers = [known] }
        let (_, counted) = try rig.send(ClientFrame(isTCP: isTCP, sourcePort: from, destinationPort: to).request)
        #expect(counted == (isInserted ? [.inserted: 1] : [.insertNoPeer: 1]))
    }

    @Test func `a prefix within another has the rules of both`() throws {
        let peers = try ["10.0.0.0/8:1234", "10.0.2.0/24:99", "10.0.2.2:443/tcp"].map { try #require(Peer($0)) }
        let rig = try ClientRig { $0.peers = peers }
        for (port, isTCP) in [(1234, false), (99, true), (443, true)] as [(UInt16, Bool)] {
            let frame = ClientFrame(isTCP: isTCP, destinationPort: port)
            #expect(try rig.send(frame.request).1 == [.inserted: 1])
        }
        #expect(try rig.send(ClientFrame(destinationPort: 443).request).1 == [.insertNoPeer: 1])
    }

    @Test func `what is not a request is left alone`() throws {
        let rig = try ClientRig()
        var others: [(frame: [UInt8], name: String)] = []
        for flags in [0x10, 0x02, 0x11, 0x19, 0x1c] as [UInt8] {
            others.append((ClientFrame(isTCP: true, tcpFlags: flags).request, "TCP flags \(flags)"))
        }
        others.append((ClientFrame(isTCP: true, payload: []).request, "no TCP payload"))
        others.append((ClientFrame(payload: [1, 2, 3]).request, "no request id"))
        var fragment = RequestFrame()
        fragment.fragment = 0x2000
        others.append((fragment.stripped, "fragment"))
        others.append((RequestFrame().bytes, "telemetry already"))
        others.append((RequestFrame().link(0x0806) + [UInt8](repeating: 0, count: 46), "ARP"))
        others.append((Array(ClientFrame().request.prefix(36)), "cut short"))
        for (frame, name) in others {
            let (sent, counted) = try rig.send(frame)
            #expect(sent == frame, "\(name)")
            #expect(counted == [.insertOther: 1], "\(name)")
        }
    }

    @Test func `a super-packet goes out plain`() throws {
        let rig = try ClientRig()
        var packet = PacketContext()
        packet.segmentSize = 10
        packet.segments = 3
        let frame = ClientFrame(isTCP: true).request
        let (sent, counted) = try rig.send(frame, packet: packet)
        #expect(sent == frame)
        #expect(counted == [.insertSegmented: 1])
    }

    @Test func `one in N is one in N on the average`() throws {
        let rig = try ClientRig { $0.sampling = .share(8) }
        let frame = ClientFrame().request
        let before = try rig.programs.counts()
        for _ in 0..<4000 { _ = try rig.programs.egress.testRun(frame) }
        let counted = try rig.programs.counts().since(before)
        let inserted = counted[.inserted] ?? 0
        // 500 expected; six standard deviations.
        #expect((375...625).contains(inserted))
        #expect((counted[.insertNotSampled] ?? 0) + inserted == 4000)
    }

    @Test func `a rate lets the first request through, and the next when its time has come`() throws {
        let rig = try ClientRig { $0.sampling = .rate(1) }
        let frame = ClientFrame().request
        #expect(try rig.send(frame).1 == [.inserted: 1])
        #expect(try rig.send(frame).1 == [.insertNotSampled: 1])
        let often = try ClientRig { $0.sampling = .rate(1_000_000_000) }
        for _ in 0..<5 { #expect(try often.send(frame).1 == [.inserted: 1]) }
    }

    @Test func `where a switch is the sink, each request is reported as it leaves`() throws {
        let rig = try ClientRig { $0.sink = .switch }
        for frame in [ClientFrame(), ClientFrame(family: .ipv6, isTCP: true)] {
            let sent = try rig.send(frame.request).0
            let report = try #require(try rig.readReports().first)
            #expect(report.kind == .sent)
            #expect(report.source == SourceMeasurement(host: 77, sequence: 1, sent: number(sent[26..<34])))
            #expect(report.flow.ports?.destination == 1234)
            #expect(report.flow.ipProtocol == (frame.isTCP ? .tcp : .udp))
        }
    }
}
