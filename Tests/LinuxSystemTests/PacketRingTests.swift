// SPDX-License-Identifier: Apache-2.0

import Addresses
import Testing
import ThrowawayPlaces

@testable import LinuxSystem

@Suite struct RingGeometryTests {
    @Test(arguments: [
        (capacity: 2048, slots: 1024, slotSize: 4096, slotCount: 1024, blockSize: 4096),
        (capacity: 1514, slots: 1000, slotSize: 2048, slotCount: 1024, blockSize: 4096),
        (capacity: 9000, slots: 4, slotSize: 16384, slotCount: 4, blockSize: 16384),
        (capacity: 100, slots: 1, slotSize: 256, slotCount: 16, blockSize: 4096),
    ])
    func slotsFillBlocksEvenly(_ row: (capacity: Int, slots: Int, slotSize: Int, slotCount: Int, blockSize: Int)) {
        let geometry = RingGeometry(frameCapacity: row.capacity, slots: row.slots, headerSize: 100, pageSize: 4096)
        #expect(geometry.slotSize == row.slotSize)
        #expect(geometry.slotCount == row.slotCount)
        #expect(geometry.blockSize == row.blockSize)
        #expect(geometry.blockCount * geometry.blockSize == geometry.slotCount * geometry.slotSize)
    }
}

@Suite(.needsRoot) struct PacketRingTests {
    static let ways: [PacketRingOptions.Transmission] = [.fastest, .messages]

    @Test(arguments: Self.ways)
    func framesCrossAVethUnchangedAndInOrder(transmission: PacketRingOptions.Transmission) throws {
        try VethLab.with { lab in
            let sender = try lab.left.perform {
                try TestRing(interface: "left", options: PacketRingOptions(transmission: transmission))
            }
            let receiver = try lab.right.perform { try TestRing(interface: "right") }
            let frames = (0..<200).map { frame(of: 60 + $0 * 7, filledWith: UInt8($0)) }
            #expect(sender.sendsByXDP == (transmission == .fastest))
            let before = DomainClock.nanoseconds()
            for frame in frames { #expect(sender.stage(frame)) }
            #expect(sender.staged == 200)
            #expect(sender.flush() == nil)

            var arrived: [[UInt8]] = []
            var times: [UInt64] = []
            try receiver.waitForFrames(200) { bytes, info in
                arrived.append(bytes)
                times.append(info.timestamp)
                #expect(info.originalLength == bytes.count)
            }
            #expect(arrived == frames)
            // The kernel's stamps are on the clock that we read.
            #expect(times.allSatisfy { $0 >= before && $0 <= DomainClock.nanoseconds() })
            #expect(sender.statistics().sent == 200)
            #expect(receiver.statistics() == PacketRing.Statistics(received: 200))
            // What it sent itself is not seen, promiscuous or not.
            #expect(sender.receivesNothing())
        }
    }

    @Test func aFrameLongerThanTheSlotArrivesCutAndIsCounted() throws {
        try VethLab.with { lab in
            let sender = try lab.left.perform { try TestRing(interface: "left") }
            let receiver = try lab.right.perform {
                try TestRing(interface: "right", options: PacketRingOptions(frameCapacity: 400))
            }
            #expect(sender.stage(frame(of: 1500, filledWith: 7)))
            sender.flush()
            try receiver.waitForFrames(1) { bytes, info in
                #expect(info.originalLength == 1500)
                #expect(bytes.count >= 400 && bytes.count < 512)
                #expect(bytes == Array(frame(of: 1500, filledWith: 7).prefix(bytes.count)))
            }
            #expect(receiver.statistics().receivedCut == 1)
        }
    }

    @Test func framesThatFindNoSlotAreCountedByTheKernel() throws {
        try VethLab.with { lab in
            let sender = try lab.left.perform { try TestRing(interface: "left") }
            let receiver = try lab.right.perform {
                try TestRing(interface: "right", options: PacketRingOptions(frameCapacity: 1900, receiveSlots: 16))
            }
            for number in 0..<40 { #expect(sender.stage(frame(of: 64, filledWith: UInt8(number)))) }
            sender.flush()
            var first: [UInt8] = []
            try receiver.waitForFrames(16) { bytes, _ in first.append(bytes[20]) }
            #expect(first == Array(0..<16))
            #expect(receiver.statistics().receiveDrops == 24)
        }
    }

    @Test(arguments: Self.ways)
    func aTagThatTheKernelTookOutIsBackInItsPlace(transmission: PacketRingOptions.Transmission) throws {
        try VethLab.with { lab in
            let sender = try lab.left.perform {
                try TestRing(interface: "left", options: PacketRingOptions(transmission: transmission))
            }
            let receiver = try lab.right.perform { try TestRing(interface: "right") }
            var tagged = frame(of: 100, filledWith: 9)
            tagged[12...17] = [0x81, 0x00, 0x60, 0x2a, 0x08, 0x00]
            #expect(sender.stage(tagged))
            sender.flush()
            try receiver.waitForFrames(1) { bytes, info in
                #expect(bytes == tagged)
                #expect(info.originalLength == 100)
            }
        }
    }

    @Test(arguments: Self.ways)
    func aFrameIsWrittenStraightIntoItsSlot(transmission: PacketRingOptions.Transmission) throws {
        try VethLab.with { lab in
            let sender = try lab.left.perform {
                try TestRing(
                    interface: "left", options: PacketRingOptions(transmitSlots: 2, transmission: transmission))
            }
            let receiver = try lab.right.perform { try TestRing(interface: "right") }
            let wanted = frame(of: 80, filledWith: 3)
            let written = sender.withNextTransmitSlot { slot in
                for index in wanted.indices { slot[index] = wanted[index] }
                return wanted.count
            }
            #expect(written)
            #expect(sender.withNextTransmitSlot { _ in 0 })
            #expect(sender.staged == 1)
            #expect(sender.stage(wanted))
            #expect(!sender.stage(wanted), "both slots are taken")
            #expect(!sender.withNextTransmitSlot { _ in 60 }, "both slots are taken")
            sender.flush()
            var arrived: [[UInt8]] = []
            try receiver.waitForFrames(2) { bytes, _ in arrived.append(bytes) }
            #expect(arrived == [wanted, wanted])
        }
    }

    @Test(arguments: Self.ways)
    func aFrameTooLongForTheInterfaceIsCountedAndTheRestGoes(transmission: PacketRingOptions.Transmission) throws {
        try VethLab.with { lab in
            let sender = try lab.left.perform {
                try TestRing(interface: "left", options: PacketRingOptions(transmission: transmission))
            }
            let receiver = try lab.right.perform { try TestRing(interface: "right") }
            #expect(sender.stage(frame(of: 60, filledWith: 1)))
            #expect(sender.stage(frame(of: 1600, filledWith: 2)))
            #expect(sender.stage(frame(of: 60, filledWith: 3)))
            #expect(sender.stage(frame(of: 4000, filledWith: 4)), "longer than a slot: dealt with, by a count")
            #expect(sender.flush() == nil)
            var arrived: [[UInt8]] = []
            try receiver.waitForFrames(2) { bytes, _ in arrived.append(bytes) }
            #expect(arrived == [frame(of: 60, filledWith: 1), frame(of: 60, filledWith: 3)])
            #expect(sender.statistics().sent == 2)
            #expect(sender.statistics().sendDrops == 2)
        }
    }

    @Test(arguments: Self.ways)
    func aDatagramThatWaitsUnreadIsNotChangedByLaterFrames(transmission: PacketRingOptions.Transmission) throws {
        try VethLab.with { lab in
            let address = try #require(IPPrefix("10.9.0.2/24"))
            var session = try RouteSession(in: lab.right)
            try session.addAddress(address, to: "right")
            let socket = try lab.right.perform {
                let socket = try DatagramSocket()
                try socket.bind(to: Endpoint(.any, port: 7))
                return socket
            }
            let sender = try lab.left.perform {
                try TestRing(
                    interface: "left", options: PacketRingOptions(transmitSlots: 8, transmission: transmission))
            }
            for number in 0..<64 {
                #expect(sender.stage(datagram(filledWith: UInt8(number))))
                if sender.staged == 8 { sender.flush() }
            }
            try socket.setReceiveTimeout(microseconds: 2_000_000)
            for number in 0..<64 {
                var bytes = [UInt8](repeating: 0xff, count: 600)
                var span = bytes.mutableSpan
                let received = try socket.receive(into: &span)
                #expect(received?.count == 500)
                #expect(bytes.prefix(500).allSatisfy { $0 == UInt8(number) })
            }
        }
    }

    @Test(arguments: Self.ways)
    func anInterfaceThatGoesDownAndAwayIsReportedOnce(transmission: PacketRingOptions.Transmission) throws {
        try VethLab.with { lab in
            let ring = try lab.left.perform {
                try TestRing(interface: "left", options: PacketRingOptions(transmission: transmission))
            }
            var session = try RouteSession(in: lab.left)
            #expect(ring.consumeFailure() == nil)
            #expect(ring.currentFailure == nil)

            try session.setUp("left", false)
            #expect(try ring.waitForError())
            #expect(ring.consumeFailure() == .down)
            #expect(try !ring.waitForError(), "once taken, the failure does not wake again")
            #expect(ring.stage(frame(of: 60, filledWith: 1)))
            #expect(ring.flush() == .down)
            #expect(ring.statistics().sendDrops == 1)

            try session.setUp("left")
            #expect(ring.currentFailure == nil)
            #expect(ring.stage(frame(of: 60, filledWith: 1)))
            #expect(ring.flush() == nil)

            try session.delete("left")
            #expect(try ring.waitForError())
            #expect(ring.consumeFailure() == .gone)
            #expect(ring.receivesNothing())
            #expect(ring.stage(frame(of: 60, filledWith: 1)))
            #expect(ring.flush() == .gone)
        }
    }

    @Test func whereAFrameOrTheInterfaceDoesNotAllowXDPMessagesDo() throws {
        try VethLab.with(mtu: 9000) { lab in
            let first = try lab.left.perform { try TestRing(interface: "left") }
            let second = try lab.left.perform { try TestRing(interface: "left") }
            let jumbo = try lab.right.perform {
                try TestRing(interface: "right", options: PacketRingOptions(frameCapacity: 9018))
            }
            #expect(first.sendsByXDP)
            #expect(!second.sendsByXDP, "an interface has room for one such socket")
            #expect(!jumbo.sendsByXDP)
            for (number, sender) in [first, second].enumerated() {
                #expect(sender.stage(frame(of: 700, filledWith: UInt8(number))))
                #expect(sender.flush() == nil)
            }
            var arrived: [[UInt8]] = []
            try jumbo.waitForFrames(2) { bytes, _ in arrived.append(bytes) }
            #expect(arrived == [frame(of: 700, filledWith: 0), frame(of: 700, filledWith: 1)])
        }
    }

    @Test func anInterfaceThatAnotherHasJustLeftIsSentFromByXDPAgain() throws {
        try VethLab.with { lab in
            for round in 0..<20 {
                let sender = try lab.left.perform { try TestRing(interface: "left") }
                #expect(sender.sendsByXDP, "round \(round)")
                #expect(sender.stage(frame(of: 100, filledWith: 1)))
                #expect(sender.flush() == nil)
            }
        }
    }

    @Test func manyRoundsThroughTheSameSlotsLoseNothing() throws {
        try VethLab.with { lab in
            let sender = try lab.left.perform {
                try TestRing(interface: "left", options: PacketRingOptions(transmitSlots: 64))
            }
            let receiver = try lab.right.perform { try TestRing(interface: "right") }
            #expect(sender.sendsByXDP)
            for round in 0..<100 {
                let frames = (0..<64).map { frame(of: 60 + $0 * 20, filledWith: UInt8(($0 + round) & 0xff)) }
                for frame in frames { #expect(sender.stage(frame)) }
                #expect(!sender.stage(frames[0]), "all slots are taken")
                #expect(sender.flush() == nil)
                #expect(sender.staged == 0)
                var arrived: [[UInt8]] = []
                try receiver.waitForFrames(64) { bytes, _ in arrived.append(bytes) }
                #expect(arrived == frames)
            }
            #expect(sender.statistics() == PacketRing.Statistics(sent: 6400))
        }
    }

    @Test func aMissingInterfaceIsNamed() throws {
        let error = #expect(throws: SystemError.self) { _ = try PacketRing(interface: "nosuch0") }
        #expect(error?.object == "nosuch0")
        #expect(error?.errno == .noDevice)
    }
}

/// An Ethernet frame of a local experimental type.
private func frame(of length: Int, filledWith byte: UInt8) -> [UInt8] {
    var frame: [UInt8] = [2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x88, 0xb5]
    frame += [UInt8](repeating: byte, count: length - frame.count)
    return frame
}

/// 500 bytes of UDP from 10.9.0.1 to 10.9.0.2 port 7, without a UDP checksum: a change of the bytes would not be
/// noticed by the kernel.
private func datagram(filledWith byte: UInt8) -> [UInt8] {
    var header: [UInt8] = [0x45, 0, 2, 16, 0, 0, 0, 0, 64, 17, 0, 0, 10, 9, 0, 1, 10, 9, 0, 2]
    var sum: UInt32 = 0
    for index in stride(from: 0, to: 20, by: 2) { sum += UInt32(header[index]) << 8 | UInt32(header[index + 1]) }
    while sum > 0xffff { sum = sum & 0xffff + sum >> 16 }
    header[10] = UInt8(truncatingIfNeeded: ~sum >> 8)
    header[11] = UInt8(truncatingIfNeeded: ~sum)
    let ethernet: [UInt8] = [2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0]
    return ethernet + header + [0x30, 0x39, 0, 7, 1, 252, 0, 0] + [UInt8](repeating: byte, count: 500)
}

/// A ring that `#expect` can look at: it cannot take values that are not copyable.
private final class TestRing {
    private var ring: PacketRing

    init(interface: String, options: PacketRingOptions = PacketRingOptions()) throws {
        ring = try PacketRing(interface: interface, options: options)
    }

    var staged: Int { ring.staged }
    var sendsByXDP: Bool { ring.sendsByXDP }
    var currentFailure: LinkFailure? { ring.currentFailure }
    func stage(_ frame: [UInt8]) -> Bool { ring.stage(frame.span) }
    func withNextTransmitSlot(_ write: (inout MutableSpan<UInt8>) -> Int) -> Bool { ring.withNextTransmitSlot(write) }
    @discardableResult func flush() -> LinkFailure? { ring.flush() }
    func consumeFailure() -> LinkFailure? { ring.consumeFailure() }
    func statistics() -> PacketRing.Statistics { ring.statistics() }
    func receivesNothing() -> Bool { ring.receive { _, _ in } == 0 }

    /// Receives until `count` frames have come, for two seconds at most.
    func waitForFrames(_ count: Int, _ body: ([UInt8], ReceivedFrame) -> Void) throws {
        var epoll = try Epoll()
        try epoll.add(ring.number, for: .readable, token: 1)
        var rest = count
        let deadline = DomainClock.monotonicNanoseconds() + 2_000_000_000
        while rest > 0, DomainClock.monotonicNanoseconds() < deadline {
            try epoll.wait(milliseconds: 100) { #expect($0.token == 1) }
            rest -= ring.receive(limit: rest) { span, info in
                var bytes: [UInt8] = []
                for index in span.indices { bytes.append(span[index]) }
                body(bytes, info)
            }
        }
        try #require(rest == 0, "\(rest) of \(count) frames did not come")
    }

    /// Whether the descriptor reports an error now.
    func waitForError() throws -> Bool {
        var epoll = try Epoll()
        try epoll.add(ring.number, for: [], token: 1)
        var error = false
        try epoll.wait(milliseconds: 100) { error = $0.ready.contains(.error) }
        return error
    }
}
