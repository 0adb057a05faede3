// SPDX-License-Identifier: Apache-2.0

/// Takes the frames an engine sends. Called while the engine runs: it must not block.
public protocol PacketOutput: ~Copyable {
    /// Sends `frame` by `port`; nil when done, else why it was dropped.
    mutating func transmit(_ frame: borrowing OutgoingFrame, port: Int) -> DropReason?
}

/// A finished frame, still in the pieces it was deparsed into; valid during the call that passes it.
@safe
public struct OutgoingFrame: ~Copyable, ~Escapable {
    private let memory: UnsafeMutableRawPointer
    private let segments: UnsafePointer<Segment>
    private let segmentCount: Int
    /// Bytes of the frame, truncated as the program said.
    public let byteCount: Int

    @_lifetime(immortal)
    init(memory: UnsafeMutableRawPointer, segments: UnsafePointer<Segment>, segmentCount: Int, byteCount: Int) {
        unsafe self.memory = memory
        unsafe self.segments = segments
        self.segmentCount = segmentCount
        self.byteCount = byteCount
    }

    /// Copies the frame to the start of `buffer`; gives false, and writes nothing, if it is too small.
    public func copy(to buffer: inout MutableRawSpan) -> Bool {
        guard buffer.byteCount >= byteCount else { return false }
        unsafe buffer.withUnsafeMutableBytes { target in
            guard let base = target.baseAddress else { return }
            unsafe copy(to: base)
        }
        return true
    }

    /// The frame as an array, for tests and tools.
    public func bytes() -> [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: byteCount) { buffer, count in
            if let base = buffer.baseAddress { unsafe copy(to: UnsafeMutableRawPointer(base)) }
            count = byteCount
        }
    }

    private func copy(to target: UnsafeMutableRawPointer) {
        var place = 0
        for index in 0..<segmentCount {
            let segment = unsafe segments[index]
            let count = min(Int(segment.count), byteCount - place)
            guard count > 0 else { return }
            unsafe (target + place).copyMemory(from: memory + Int(segment.start), byteCount: count)
            place += count
        }
    }
}

/// A run of a packet's block that goes out: a header's bytes, or the payload.
struct Segment: BitwiseCopyable, Sendable {
    var start: UInt32
    var count: UInt32
}
