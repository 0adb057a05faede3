// SPDX-License-Identifier: Apache-2.0

/// What the engine knows of one packet beside its metadata and headers.
struct ContextState: BitwiseCopyable, Sendable {
    /// Bytes of the frame.
    var byteCount: UInt32 = 0
    /// Bytes the parser has consumed; the payload begins here.
    var cursor: UInt32 = 0
    /// v1model's length register: what `packet_length` becomes at the start of egress.
    var lengthRegister: UInt32 = 0
    /// Length as received or recirculated, which counters and meters use.
    var receivedBytes: UInt32 = 0
    /// The least of the lengths given to `truncate`.
    var truncateTo: UInt32 = .max
    /// The next packet of the queue this one is in; `ContextPool.none` at its end.
    var link: UInt32 = ContextPool.none
    /// When the queue's rate lets the packet go.
    var departure: UInt64 = 0
    /// When it was put into its queue, domain clock.
    var enqueued: UInt64 = 0
    /// Session of the last `clone` in this control; -1 when none was called.
    var cloneSession: Int32 = -1
    var cloneList: UInt32 = 0
    /// Field list of the last `resubmit` or `recirculate` in this control; -1 when none was called.
    var repeatList: Int32 = -1
    /// The port it came in by.
    var port: UInt16 = 0
    /// Times it was resubmitted or recirculated.
    var passes: UInt16 = 0
    var assertionFailed = false
}

/// Where a header instance's bytes are, and whether it counts: one word, so that it is read and written at once.
///
///     bits 0 ..< 32    base: offset in the packet's block
///     bits 32 ..< 48   bytes of its varbit field
///     bit 63           valid
struct HeaderState: BitwiseCopyable, Sendable {
    private let word: UInt64

    @inline(__always)
    init(base: UInt32, varbitBytes: UInt16, isValid: Bool) {
        word = UInt64(base) | UInt64(varbitBytes) &<< 32 | (isValid ? 1 &<< 63 : 0)
    }

    @inline(__always) var base: UInt32 { UInt32(truncatingIfNeeded: word) }
    @inline(__always) var varbitBytes: UInt16 { UInt16(truncatingIfNeeded: word &>> 32) }
    @inline(__always) var isValid: Bool { Int64(bitPattern: word) < 0 }
}
