// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc

/// Sends raw frames from an interface in batches, and receives nothing.
///
/// By sendmmsg past the queueing discipline: measured against a PACKET_TX_RING of the kernel's on a veth it takes as
/// much or less of a processor for each frame, and it says at once which frame was refused.
@safe
public struct FrameTransmitter: ~Copyable {
    /// Name of the interface.
    public let interface: String
    /// Bytes of the longest frame.
    public let frameCapacity: Int
    /// Frames that are sent at once.
    public static let batch = Int(P4NI_SEND_BATCH)

    private let descriptor: Descriptor
    private let slots: UnsafeMutableRawBufferPointer
    private var lengths = [UInt32](repeating: 0, count: FrameTransmitter.batch)
    private var staged = 0
    /// Frames that the kernel accepted.
    public private(set) var sent: UInt64 = 0
    /// Frames that the kernel refused: interface busy, or longer than its MTU.
    public private(set) var refused: UInt64 = 0

    /// In the network namespace of the calling thread.
    public init(interface: String, frameCapacity: Int = 2048) throws(SystemError) {
        let index = try InterfaceIndex.of(interface)
        let socket = try PacketSocket(interface: interface)
        try socket.configureForSending()
        try socket.bind(to: Int32(bitPattern: index), promiscuous: false, receiving: false)
        descriptor = socket.intoDescriptor()
        self.interface = interface
        self.frameCapacity = frameCapacity
        unsafe slots = .allocate(byteCount: Self.batch * frameCapacity, alignment: 64)
    }

    deinit {
        unsafe slots.deallocate()
    }

    /// Lets `write` put the next frame of up to `frameCapacity` bytes in its place and say how long it is. What was
    /// there is the frame that was in this place one batch earlier.
    public mutating func stage(_ write: (inout MutableSpan<UInt8>) -> Int) throws(SystemError) {
        if staged == Self.batch { try flush() }
        let range = staged * frameCapacity..<(staged + 1) * frameCapacity
        let slot = unsafe UnsafeMutableRawBufferPointer(rebasing: slots[range]).assumingMemoryBound(to: UInt8.self)
        var bytes = unsafe slot.mutableSpan
        let length = write(&bytes)
        precondition(length > 0 && length <= frameCapacity, "a frame of \(length) bytes in a slot of \(frameCapacity)")
        lengths[staged] = UInt32(length)
        staged += 1
    }

    /// Forgets what is staged; the bytes stay in their places.
    public mutating func discard() { staged = 0 }

    /// Sends what is staged. A frame that is refused is counted and left out.
    /// - Throws: when the interface is down or gone.
    public mutating func flush() throws(SystemError) {
        defer { staged = 0 }
        var next = 0
        while next < staged {
            let number = descriptor.number
            let first = next, count = staged - next
            let base = unsafe slots.baseAddress.unsafelyUnwrapped + first * frameCapacity
            let capacity = UInt32(frameCapacity)
            let taken = unsafe lengths.withUnsafeBufferPointer {
                unsafe p4ni_send_frames(
                    number, base, capacity, $0.baseAddress.unsafelyUnwrapped + first, UInt32(count))
            }
            if taken > 0 {
                next += Int(taken)
                sent += UInt64(taken)
                continue
            }
            switch Errno.current {
            case .interrupted: continue
            case .wouldBlock, .noBuffers, .messageTooLong, .invalidArgument:
                next += 1
                refused += 1
            case let errno: throw SystemError(call: "sendmmsg", errno: errno, object: interface)
            }
        }
    }
}
