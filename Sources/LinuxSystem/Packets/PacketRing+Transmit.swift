// SPDX-License-Identifier: Apache-2.0

internal import CLinux

extension PacketRing {
    /// How many frames wait for `flush`. After it there can still be some if the interface was busy.
    public var staged: Int {
        switch xdpTransmit {
        case .some(let queue): queue.staged
        case .none: stagedCount
        }
    }

    /// Copies `frame` into the next slot.
    /// - Returns: false only if no slot is free: flush, then stage it again. A frame longer than `frameCapacity` is
    ///   counted as a drop.
    public mutating func stage(_ frame: Span<UInt8>) -> Bool {
        guard frame.count <= frameCapacity else {
            counters.sendDrops += 1
            return true
        }
        guard let slot = unsafe nextSlot() else { return false }
        unsafe frame.withUnsafeBytes { source in
            guard let bytes = source.baseAddress else { return }
            unsafe slot.copyMemory(from: bytes, byteCount: source.count)
        }
        stage(byteCount: frame.count)
        return true
    }

    /// Lets `write` put a frame of up to `frameCapacity` bytes straight into the next slot and say how long it is;
    /// 0 stages nothing.
    /// - Returns: false, without a call of `write`, if no slot is free: flush, then try again.
    public mutating func withNextTransmitSlot(_ write: (inout MutableSpan<UInt8>) -> Int) -> Bool {
        guard let start = unsafe nextSlot() else { return false }
        let slot = unsafe UnsafeMutableRawBufferPointer(start: start, count: frameCapacity)
        var bytes = unsafe slot.assumingMemoryBound(to: UInt8.self).mutableSpan
        let length = write(&bytes)
        precondition(length >= 0 && length <= frameCapacity, "a frame of \(length) bytes in a slot of \(frameCapacity)")
        if length > 0 { stage(byteCount: length) }
        return true
    }

    @inline(__always)
    private mutating func nextSlot() -> UnsafeMutableRawPointer? {
        guard staged < transmitSlots else { return nil }
        if xdpTransmit != nil { return unsafe xdpTransmit?.nextFrame() }
        return unsafe staging.baseAddress.unsafelyUnwrapped + stagedCount * frameCapacity
    }

    @inline(__always)
    private mutating func stage(byteCount: Int) {
        if xdpTransmit != nil {
            xdpTransmit?.stage(byteCount: byteCount)
        } else {
            unsafe stagedLengths[stagedCount] = UInt32(byteCount)
            stagedCount += 1
        }
    }

    /// Sends all staged frames, as many by one call as the kernel takes. A frame that is refused is counted and left
    /// out; after it the rest still goes.
    /// - Returns: nil, or what is wrong with the interface, in which case the rest was dropped and counted.
    @discardableResult
    public mutating func flush() -> LinkFailure? {
        guard let outcome = xdpTransmit?.flush() else { return flushMessages() }
        counters.sent += UInt64(outcome.sent)
        counters.sendDrops += UInt64(outcome.refused)
        return outcome.failure.map { currentFailure ?? LinkFailure($0) }
    }

    private mutating func flushMessages() -> LinkFailure? {
        defer { stagedCount = 0 }
        var next = 0
        while next < stagedCount {
            let slots = unsafe staging.baseAddress.unsafelyUnwrapped + next * frameCapacity
            let sent = unsafe p4ni_send_frames(
                sender.number, slots, UInt32(frameCapacity), stagedLengths + next, UInt32(stagedCount - next))
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
