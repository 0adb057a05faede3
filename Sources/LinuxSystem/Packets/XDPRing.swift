// SPDX-License-Identifier: Apache-2.0

internal import CLinux

/// One of the rings that an AF_XDP socket and the kernel share: 2^n entries between two indices that only grow.
///
/// One side writes entries and then the producer index, the other reads them and then writes the consumer index.
@safe
struct XDPRing: ~Copyable, @unchecked Sendable {
    private let mapping: MemoryMapping
    private let producer: UnsafeMutablePointer<UInt32>
    private let consumer: UnsafeMutablePointer<UInt32>
    private let entries: UnsafeMutableRawPointer
    private let entryMask: UInt32
    private let entrySize: Int

    /// - Parameter offset: which ring, as an offset in the descriptor's file (XDP_PGOFF_TX_RING and its like).
    init(
        of descriptor: borrowing Descriptor, at offset: Int, layout: xdp_ring_offset, count: Int, entrySize: Int,
        interface: String
    ) throws(SystemError) {
        let mapping = try MemoryMapping(
            of: descriptor, byteCount: Int(layout.desc) + count * entrySize, offset: offset, object: interface)
        unsafe producer = (mapping.base + Int(layout.producer)).assumingMemoryBound(to: UInt32.self)
        unsafe consumer = (mapping.base + Int(layout.consumer)).assumingMemoryBound(to: UInt32.self)
        unsafe entries = mapping.base + Int(layout.desc)
        self.mapping = mapping
        entryMask = UInt32(count - 1)
        self.entrySize = entrySize
    }

    /// How far the other side has come, where it is the producer.
    var produced: UInt32 { unsafe p4ni_load_acquire(producer) }
    /// How far the other side has come, where it is the consumer.
    var consumed: UInt32 { unsafe p4ni_load_acquire(consumer) }

    func publish(produced index: UInt32) { unsafe p4ni_store_release(producer, index) }
    func publish(consumed index: UInt32) { unsafe p4ni_store_release(consumer, index) }

    /// The place of the entry with an index.
    @inline(__always)
    subscript(index: UInt32) -> UnsafeMutableRawPointer {
        unsafe entries + Int(index & entryMask) * entrySize
    }
}
