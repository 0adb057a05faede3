// SPDX-License-Identifier: Apache-2.0

internal import CLinux

extension PacketRing {
    /// How many frames wait for `flush`.
    public var staged: Int { stagedCount }

    /// Copies a frame into the next slot.
    /// - Returns: false only if no slot is free: flush, then stage it again. A frame longer than `frameCapacity` is
    ///   counted as a drop.
    public mutating func stage(_ frame: Span<UInt8>) -> Bool {
        guard frame.count <= frameCapacity else {
            counters.sendDrops += 1
            return true
        }
        guard stagedCount < transmitSlots else { return false }
        let slot = unsafe staging.baseAddress.unsafelyUnwrapped + stagedCount * frameCapacity
        unsafe frame.withUnsafeBytes { source in
            guard let bytes = source.baseAddress else { return }
            unsafe slot.copyMemory(from: bytes, byteCount: source.count)
        }
        unsafe stagedLengths[stagedCount] = UInt32(frame.count)
        stagedCount += 1
        return true
    }

    /// Lets `write` put a frame of up to `frameCapacity` bytes straight into the next slot and say how long it is;
    /// 0 stages nothing.
    /// - Returns: false, without a call of `write`, if no slot is free: flush, then try again.
    public mutating func withNextTransmitSlot(_ write: (inout MutableSpan<UInt8>) -> Int) -> Bool {
        guard stagedCount < transmitSlots else { return false }
        let range = stagedCount * frameCapacity..<(stagedCount + 1) * frameCapacity
        let slot = unsafe UnsafeMutableRawBufferPointer(rebasing: staging[range]).assumingMemoryBound(to: UInt8.self)
        var bytes = unsafe slot.mutableSpan
        let length = write(&bytes)
        precondition(length >= 0 && length <= frameCapacity, "a frame of \(length) bytes in a slot of \(frameCapacity)")
        guard length > 0 else { return true }
        unsafe stagedLengths[stagedCount] = UInt32(length)
        stagedCount += 1
        return true
    }

    /// Sends all staged frames, by one call for each 64. A frame that is refused is counted and left out; after it
    /// the rest still goes.
    /// - Returns: nil, or what is wrong with the interface, in which case the rest was dropped and counted.
    @discardableResult
    public mutating func flush() -> LinkFailure? {
        defer { stagedCount = 0 }
        var next = 0
        while next < stagedCount {
            let slots = unsafe staging.baseAddress.unsafelyUnwrapped + next * frameCapacity
            let sent = unsafe p4ni_send_frames(
                descriptor.number, slots, UInt32(frameCapacity), stagedLengths + next, UInt32(stagedCount - next))
            if sent > 0 {
                next += Int(sent)
                counters.sent += UInt64(sent)
                continue
            }
            switch Errno.current {
            case .interrupted: continue
            // Busy, or this one frame does not pass: the next may.
            case .wouldBlock, .noBuffers, .messageTooLong, .invalidArgument:
                next += 1
                counters.sendDrops += 1
            case let errno:
                counters.sendDrops += UInt64(stagedCount - next)
                return currentFailure ?? LinkFailure(errno)
            }
        }
        return nil
    }
}
