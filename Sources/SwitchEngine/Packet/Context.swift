// SPDX-License-Identifier: Apache-2.0

/// One packet in flight: a view of its block in the pool, cheap to make and to pass.
///
/// This type, `OwnedBuffer` and `OwnedArray` are where the engine touches raw memory. A context is valid
/// between `ContextPool.acquire` and `ContextPool.release`.
@safe
struct Context {
    let memory: UnsafeMutableRawPointer
    let headers: UnsafeMutablePointer<HeaderState>

    init(memory: UnsafeMutableRawPointer, layout: borrowing ContextLayout) {
        unsafe self.memory = memory
        unsafe headers = (memory + layout.headers).assumingMemoryBound(to: HeaderState.self)
    }

    /// They begin where the block does, so that the loop keeps one address for slots, headers and bytes.
    @inline(__always)
    var slots: UnsafeMutablePointer<UInt64> { unsafe memory.assumingMemoryBound(to: UInt64.self) }

    /// Where each header's own storage lies.
    @inline(__always)
    func homes(_ layout: borrowing ContextLayout) -> UnsafeMutablePointer<UInt32> {
        unsafe (memory + layout.homes).assumingMemoryBound(to: UInt32.self)
    }

    /// The next index of each header stack.
    @inline(__always)
    func nexts(_ layout: borrowing ContextLayout) -> UnsafeMutablePointer<UInt32> {
        unsafe (memory + layout.nexts).assumingMemoryBound(to: UInt32.self)
    }

    var state: ContextState {
        unsafeAddress {
            unsafe UnsafePointer((memory - ContextLayout.state).assumingMemoryBound(to: ContextState.self))
        }
        nonmutating unsafeMutableAddress {
            unsafe (memory - ContextLayout.state).assumingMemoryBound(to: ContextState.self)
        }
    }

    subscript(slot slot: Int) -> UInt64 {
        @inline(__always) get { unsafe slots[slot] }
        @inline(__always) nonmutating set { unsafe slots[slot] = newValue }
    }

    @inline(__always)
    func slot(_ index: UInt16) -> UInt64 { unsafe slots[Int(index)] }

    @inline(__always)
    func set(_ index: UInt16, _ value: UInt64) { unsafe slots[Int(index)] = value }

    /// The state of the header in a cell.
    @inline(__always)
    func header(inCell cell: UInt16) -> HeaderState {
        unsafe (memory + Int(cell) &* 8).assumingMemoryBound(to: HeaderState.self).pointee
    }

    @inline(__always)
    func setHeader(inCell cell: UInt16, _ state: HeaderState) {
        unsafe (memory + Int(cell) &* 8).assumingMemoryBound(to: HeaderState.self).pointee = state
    }

    @inline(__always)
    func header(_ index: Int) -> HeaderState { unsafe headers[index] }

    @inline(__always)
    func setHeader(_ index: Int, _ state: HeaderState) { unsafe headers[index] = state }

    // MARK: Bytes, by offset in the block

    /// The `width` bits (1 to 64) that begin `bit` bits after `base`.
    @inline(__always)
    func bits(_ base: Int, _ bit: Int, _ width: Int) -> UInt64 {
        let place = base &+ (bit &>> 3)
        let shift = bit & 7
        var word =
            unsafe UInt64(bigEndian: memory.loadUnaligned(fromByteOffset: place, as: UInt64.self)) &<< UInt64(shift)
        if shift &+ width > 64 { word |= UInt64(byte(place &+ 8)) &>> UInt64(8 &- shift) }
        return word &>> UInt64(64 &- width)
    }

    /// Sets those bits; `value` has no bits above `width`.
    @inline(__always)
    func setBits(_ base: Int, _ bit: Int, _ width: Int, _ value: UInt64) {
        let shift = bit & 7
        let low = shift &+ width &- 64
        if low <= 0 {
            setWithinWord(base &+ (bit &>> 3), shift, width, value)
        } else {
            setWithinWord(base &+ (bit &>> 3), shift, width &- low, value &>> UInt64(low))
            let rest = bit &+ width &- low
            setWithinWord(base &+ (rest &>> 3), rest & 7, low, value & ((1 &<< UInt64(low)) &- 1))
        }
    }

    /// The big-endian word at `place`.
    @inline(__always)
    func word(_ place: Int) -> UInt64 {
        unsafe UInt64(bigEndian: memory.loadUnaligned(fromByteOffset: place, as: UInt64.self))
    }

    /// The word at `place` as this machine loads it.
    @inline(__always)
    func nativeWord(_ place: Int) -> UInt64 { unsafe memory.loadUnaligned(fromByteOffset: place, as: UInt64.self) }

    @inline(__always)
    func setWithinWord(_ place: Int, _ shift: Int, _ width: Int, _ value: UInt64) {
        let up = UInt64(64 &- width)
        let mask = (~0 &<< up) &>> UInt64(shift)
        let old = unsafe UInt64(bigEndian: memory.loadUnaligned(fromByteOffset: place, as: UInt64.self))
        let new = (old & ~mask) | ((value &<< up) &>> UInt64(shift))
        unsafe memory.storeBytes(of: new.bigEndian, toByteOffset: place, as: UInt64.self)
    }

    @inline(__always)
    func byte(_ place: Int) -> UInt8 { unsafe memory.load(fromByteOffset: place, as: UInt8.self) }

    func zero(_ place: Int, count: Int) {
        unsafe (memory + place).initializeMemory(as: UInt8.self, repeating: 0, count: count)
    }

    /// The regions may overlap.
    func move(_ place: Int, from source: Int, count: Int) {
        unsafe (memory + place).copyMemory(from: memory + source, byteCount: count)
    }

    func copy(_ place: Int, from other: Context, at source: Int, count: Int) {
        unsafe (memory + place).copyMemory(from: other.memory + source, byteCount: count)
    }
}
