// SPDX-License-Identifier: Apache-2.0

/// Frames on the way along a link: first in, first out, each not before it is due.
///
/// One block of memory used in a circle. A record is its due time and length (16 bytes) and the frame's bytes; none
/// is split, so one that does not fit before the end starts over at the beginning.
@safe
struct DelayLine: ~Copyable {
    private static let recordHeader = 16
    /// The length that says: the next record is at the beginning.
    private static let wrap = UInt64.max

    private let memory: UnsafeMutableRawPointer
    private let capacity: Int
    private let maxFrames: Int
    private var head = 0
    private var tail = 0
    /// Bytes from head to tail, those left unused at the end included.
    private var used = 0
    private(set) var count = 0
    /// When the line's last frame has been put on it wholly.
    var busyUntil: UInt64 = 0

    init(capacity: Int = 4 << 20, maxFrames: Int = 10_000) {
        self.capacity = capacity & ~15
        self.maxFrames = maxFrames
        unsafe memory = .allocate(byteCount: self.capacity, alignment: 16)
    }

    deinit { unsafe memory.deallocate() }

    /// When the first frame is due; nil when there is none.
    var nextDue: UInt64? {
        count == 0 ? nil : unsafe memory.load(fromByteOffset: firstRecord, as: UInt64.self)
    }

    /// Puts a frame of `byteCount` bytes on the line, which `write` fills in; false if there is no room.
    mutating func append(byteCount: Int, due: UInt64, _ write: (inout MutableRawSpan) -> Void) -> Bool {
        if count == 0 { (head, tail, used) = (0, 0, 0) }
        let size = (Self.recordHeader + byteCount + 15) & ~15
        let left = capacity - tail
        let skipped = size > left ? left : 0
        guard count < maxFrames, used + skipped + size <= capacity else { return false }
        if skipped > 0 {
            unsafe memory.storeBytes(of: Self.wrap, toByteOffset: tail + 8, as: UInt64.self)
            tail = 0
        }
        unsafe memory.storeBytes(of: due, toByteOffset: tail, as: UInt64.self)
        unsafe memory.storeBytes(of: UInt64(byteCount), toByteOffset: tail + 8, as: UInt64.self)
        let bytes = unsafe UnsafeMutableRawBufferPointer(start: memory + tail + Self.recordHeader, count: byteCount)
        var span = unsafe bytes.mutableBytes
        write(&span)
        tail = (tail + size) % capacity
        used += skipped + size
        count += 1
        return true
    }

    /// Takes the first frame off, if it is due. The bytes are valid only within `body`, which gets the due time too.
    mutating func removeDue(_ now: UInt64, _ body: (Span<UInt8>, UInt64) -> Void) -> Bool {
        guard let due = nextDue, due <= now else { return false }
        let start = firstRecord
        if start != head {
            used -= capacity - head
            head = 0
        }
        let byteCount = Int(unsafe memory.load(fromByteOffset: start + 8, as: UInt64.self))
        let frame = unsafe (memory + start + Self.recordHeader).assumingMemoryBound(to: UInt8.self)
        body(unsafe UnsafeBufferPointer(start: frame, count: byteCount).span, due)
        let size = (Self.recordHeader + byteCount + 15) & ~15
        head = (head + size) % capacity
        used -= size
        count -= 1
        return true
    }

    /// Where the first record lies. A record header always fits before the end: everything is in steps of 16.
    private var firstRecord: Int {
        unsafe memory.load(fromByteOffset: head + 8, as: UInt64.self) == Self.wrap ? 0 : head
    }
}
