// SPDX-License-Identifier: Apache-2.0

import Testing
import ThrowawayPlaces

@testable import HostAgent

/// Telemetry is kept only of requests that the server's stack takes.
@Suite(.needsRoot) struct AcceptedRequestTests {
    @Test(arguments: [
        RequestFrame(checksumError: 1), RequestFrame(checksumError: 0x100), RequestFrame(headerChecksumError: 1),
        RequestFrame(ipOptions: 8, headerChecksumError: 0x200), RequestFrame(tags: [5], checksumError: 7),
        RequestFrame(family: .ipv6, checksumError: 1), RequestFrame(segment: Segment(), checksumError: 1),
        RequestFrame(family: .ipv6, segment: Segment(), checksumError: 0x8000),
        RequestFrame(payload: [UInt8](repeating: 3, count: 1300), checksumError: 1),
    ])
    func wrongChecksumIsStrippedAndNotKept(_ request: RequestFrame) throws {
        let rig = try ProgramRig()
        #expect(try rig.receive(request.bytes) == (request.stripped, [.xdpDamaged: 1]))
        #expect(try rig.programs.waiting() == 0)
        #expect(try rig.send(request.reply).0 == request.reply)
    }

    /// Every length is summed to its end, however it is divided.
    @Test(arguments: [RequestFrame.Family.ipv4, .ipv6], [false, true])
    func rightChecksumIsKnownAtEveryLengthAndOneWrongBitToo(
        _ family: RequestFrame.Family, _ isStream: Bool
    ) throws {
        let rig = try ProgramRig()
        for length in Array(0..<70) + [479, 480, 511, 512, 513, 1023, 1024, 1300, 1499, 1500, 1535, 1536, 1537, 2999] {
            var request = RequestFrame(family: family, hasChecksum: true)
            request.sourcePort = 30000 + UInt16(length)
            request.payload = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ length) }
            if isStream { request.segment = Segment() }
            if isStream, length == 0 { continue }
            let frame = request.bytes
            var damaged = frame
            let bit = (length &* 7919) % (8 * (length + 4))
            damaged[frame.count - 1 - bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(try rig.receive(damaged).1 == [.xdpDamaged: 1], "\(length) bytes, bit \(bit)")
            #expect(try rig.receive(frame).1[.xdpSaved] == 1, "\(length) bytes")
        }
    }

    /// Over IPv4 it says that the packet has no checksum, over IPv6 it is not allowed.
    @Test func checksumOfZeroIsRightOverIPv4Alone() throws {
        let rig = try ProgramRig()
        #expect(try rig.receive(RequestFrame().bytes).1 == [.xdpSaved: 1])
        let request = RequestFrame(family: .ipv6)
        var frame = request.bytes
        let field = frame.count - request.payload.count - 4 - 2
        frame.replaceSubrange(field..<field + 2, with: [0, 0])
        #expect(try rig.receive(frame).1 == [.xdpDamaged: 1])
    }

    @Test(arguments: [RequestFrame(), RequestFrame(family: .ipv6), RequestFrame(segment: Segment())])
    func packetThatIsShorterThanItSaysIsNotKept(_ request: RequestFrame) throws {
        let rig = try ProgramRig()
        for missing in [1, 7, request.payload.count] {
            let (received, counted) = try rig.receive(Array(request.bytes.dropLast(missing)))
            #expect(received == Array(request.stripped.dropLast(missing)))
            #expect(counted == [.xdpDamaged: 1])
        }
        // What the link added to a short frame belongs to nothing.
        #expect(try rig.receive(request.bytes + [UInt8](repeating: 9, count: 11)).1 == [.xdpSaved: 1])
    }
}
