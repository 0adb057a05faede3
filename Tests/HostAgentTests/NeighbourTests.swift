// SPDX-License-Identifier: Apache-2.0

import CHostPrograms
import LinuxSystem
import Testing
import ThrowawayPlaces

@testable import HostAgent

/// Whether the client's programs begin telemetry, by what the device answers that frames go to next.
@Suite(.needsRoot) struct NeighbourTests {
    /// The device to which the frames of `ClientFrame` go, and their sender.
    private static let next: [UInt8] = [2, 0, 0, 0, 0, 2]
    private static let own: [UInt8] = [2, 0, 0, 0, 0, 1]

    private static func answer(_ capabilities: Int32, from source: [UInt8] = next, kind: Int32 = P4NI_PROBE_ANSWER)
        -> [UInt8]
    {
        let header = own + source + [0x12, 0x18, UInt8(kind), UInt8(capabilities), 0, 0, 0, 9, 0, 0]
        return header + [UInt8](repeating: 0, count: 60 - header.count)
    }

    private func rig(_ change: (inout ClientOptions) -> Void = { _ in }) throws -> ClientRig {
        try ClientRig {
            $0.probes = true
            change(&$0)
        }
    }

    @Test(arguments: ClientFrame.table)
    func `nothing is begun until the next device has answered that it takes it`(frame: ClientFrame) throws {
        let rig = try rig()
        var frame = frame
        // Not asked yet: somebody who answers all the same is not believed.
        _ = try rig.receive(Self.answer(P4NI_STRIPS_REQUESTS))
        let (sent, counted) = try rig.send(frame.request)
        #expect(sent == frame.request)
        #expect(counted == [.insertNoAnswer: 1])
        for (capabilities, reason) in [
            (P4NI_STRIPS_REPLIES, .insertNoAnswer), (P4NI_CARRIES_REQUESTS, .inserted), (0, .insertNoAnswer),
            (P4NI_STRIPS_REQUESTS, .inserted),
        ] as [(Int32, ClientReason)] {
            let came = try rig.receive(Self.answer(capabilities))
            #expect(came.frame == Self.answer(capabilities))
            frame.sequence += 1000
            #expect(try rig.send(frame.request).1 == [reason: 1])
        }
    }

    @Test func `an answer of another device, and a question, say nothing`() throws {
        let rig = try rig()
        _ = try rig.send(ClientFrame().request)
        _ = try rig.receive(Self.answer(P4NI_STRIPS_REQUESTS, from: [2, 0, 0, 0, 0, 3]))
        _ = try rig.receive(Self.answer(P4NI_STRIPS_REQUESTS, kind: P4NI_PROBE_REQUEST))
        _ = try rig.receive(Array(Self.answer(P4NI_STRIPS_REQUESTS).prefix(20)))
        #expect(try rig.send(ClientFrame().request).1 == [.insertNoAnswer: 1])
    }

    @Test func `an answer counts for three seconds`() throws {
        let rig = try rig()
        _ = try rig.send(ClientFrame().request)
        _ = try rig.receive(Self.answer(P4NI_STRIPS_REQUESTS))
        #expect(try rig.send(ClientFrame().request).1 == [.inserted: 1])
        Pause.microseconds(3_100_000)
        #expect(try rig.send(ClientFrame().request).1 == [.insertNoAnswer: 1])
    }

    @Test func `a learned service needs a host that strips, or to have been heard`() throws {
        let learned = try #require(Peer("10.0.2.0/24", isLearned: true))
        let rig = try rig { $0.peers = [learned] }
        _ = try rig.send(ClientFrame().request)
        _ = try rig.receive(Self.answer(P4NI_CARRIES_REQUESTS))
        #expect(try rig.send(ClientFrame().request).1 == [.insertNoPeer: 1])
        _ = try rig.receive(Self.answer(P4NI_STRIPS_REQUESTS))
        #expect(try rig.send(ClientFrame().request).1 == [.inserted: 1])
    }

    @Test func `a peer whose replies bring nothing gets no more after eight`() throws {
        let rig = try rig()
        _ = try rig.send(ClientFrame().request)
        _ = try rig.receive(Self.answer(P4NI_CARRIES_REQUESTS))
        for _ in 0..<9 { #expect(try rig.send(ClientFrame().request).1 == [.inserted: 1]) }
        #expect(try rig.send(ClientFrame().request).1 == [.insertStopped: 1])
        let stopped = try StoppedService.all(in: rig.programs.maps)
        #expect(
            stopped.map(\.line.description).first?.hasPrefix("stopped         towards 10.0.2.2:1234/udp: 9 requests")
                == true)
    }
}
