// SPDX-License-Identifier: Apache-2.0

/// How much a `PacketRing` can hold. Memory of a ring: `receiveSlots + transmitSlots` times the slot size, which is
/// `frameCapacity` and about 100 bytes of header, rounded up to a power of two.
public struct PacketRingOptions: Sendable {
    /// The longest frame in bytes, Ethernet header included. Longer ones arrive cut, and are not sent.
    public var frameCapacity: Int
    /// Frames the kernel can hold until they are received.
    public var receiveSlots: Int
    /// Frames that can be staged between two flushes.
    public var transmitSlots: Int
    /// Takes frames for other MAC addresses too, as a switch must.
    public var promiscuous: Bool
    /// Sends past the interface's queueing discipline: less latency, and a busy interface refuses at once.
    public var bypassesQueueingDiscipline: Bool
    /// How staged frames are handed to the kernel.
    public var transmission: Transmission
    /// Keeps frames from the ring; nil: all come.
    public var filter: FrameFilter?
    /// Does what a sender left to its network card: finishes checksums, and cuts frames of many packets. false: they
    /// are handed over as they are.
    public var completesOffloads = true

    /// How staged frames are handed to the kernel.
    public enum Transmission: Sendable {
        /// By AF_XDP where the interface, the frames' size and our privilege allow it, which takes some 40 % less of
        /// the processor; else by messages.
        case fastest
        /// By `sendmmsg` on the AF_PACKET socket, which any interface takes.
        case messages
    }

    /// The defaults hold about 4 MiB per ring and suit a switch port.
    public init(
        frameCapacity: Int = 2048, receiveSlots: Int = 1024, transmitSlots: Int = 256, promiscuous: Bool = true,
        bypassesQueueingDiscipline: Bool = true, transmission: Transmission = .fastest
    ) {
        self.frameCapacity = frameCapacity
        self.receiveSlots = receiveSlots
        self.transmitSlots = transmitSlots
        self.promiscuous = promiscuous
        self.bypassesQueueingDiscipline = bypassesQueueingDiscipline
        self.transmission = transmission
    }
}

extension PacketRingOptions {
    /// Bytes of the longest frame that a slot is made for; the loopback interface passes slightly longer ones.
    public static let largestFrame = 1 << 16
}

/// The ring's layout in memory: blocks of 2^n slots, so that slots lie evenly and none crosses a block's end.
struct RingGeometry: Equatable {
    let slotSize: Int
    let slotCount: Int
    let blockSize: Int

    var blockCount: Int { slotCount * slotSize / blockSize }
    var byteCount: Int { slotCount * slotSize }

    /// - Parameter headerSize: what the kernel puts before the frame in a slot.
    init(frameCapacity: Int, slots: Int, headerSize: Int, pageSize: Int) {
        precondition(frameCapacity > 0 && frameCapacity <= PacketRingOptions.largestFrame, "a frame has up to 64 KiB")
        precondition(slots > 0 && slots <= 1 << 20, "a ring has up to a million slots")
        slotSize = (frameCapacity + headerSize).roundedUpToPowerOfTwo
        slotCount = max(slots.roundedUpToPowerOfTwo, pageSize / min(pageSize, slotSize))
        // Large blocks are contiguous memory that may not be found; small ones waste none, as sizes are powers of two.
        blockSize = max(pageSize, slotSize)
    }
}

extension Int {
    var roundedUpToPowerOfTwo: Int { self <= 1 ? 1 : 1 << (Int.bitWidth - (self - 1).leadingZeroBitCount) }
}
