// SPDX-License-Identifier: Apache-2.0

/// Fields of headers, as the loop's operations name them: by the cell of the header's state.
extension Context {
    @inline(__always)
    func base(_ cell: UInt16) -> Int { Int(header(inCell: cell).base) }

    @inline(__always)
    func isValid(_ cell: UInt16) -> Bool { header(inCell: cell).isValid }

    /// Where a header's fields may be written; nil for one that is not valid, whose fields nothing changes.
    @inline(__always)
    func writable(_ cell: UInt16) -> Int? {
        let state = header(inCell: cell)
        return state.isValid ? Int(state.base) : nil
    }

    /// The field at place `d` of header `b`.
    @inline(__always)
    func field(_ i: InstructionPointer) -> UInt64 {
        (word(base(i.b) &+ i.byteOffset) &<< i.bitOffset) &>> i.rest
    }

    @inline(__always)
    func load16(_ place: Int) -> UInt64 {
        unsafe UInt64(UInt16(bigEndian: memory.loadUnaligned(fromByteOffset: place, as: UInt16.self)))
    }

    @inline(__always)
    func load32(_ place: Int) -> UInt64 {
        unsafe UInt64(UInt32(bigEndian: memory.loadUnaligned(fromByteOffset: place, as: UInt32.self)))
    }

    // Whole bytes are written and not merged: a word just stored in part is slow to load.

    @inline(__always)
    func store8(_ place: Int, _ value: UInt64) {
        unsafe memory.storeBytes(of: UInt8(truncatingIfNeeded: value), toByteOffset: place, as: UInt8.self)
    }

    @inline(__always)
    func store16(_ place: Int, _ value: UInt64) {
        unsafe memory.storeBytes(of: UInt16(truncatingIfNeeded: value).bigEndian, toByteOffset: place, as: UInt16.self)
    }

    @inline(__always)
    func store32(_ place: Int, _ value: UInt64) {
        unsafe memory.storeBytes(of: UInt32(truncatingIfNeeded: value).bigEndian, toByteOffset: place, as: UInt32.self)
    }

    @inline(__always)
    func store48(_ place: Int, _ value: UInt64) {
        store32(place, value &>> 16)
        store16(place &+ 4, value)
    }

    @inline(__always)
    func store64(_ place: Int, _ value: UInt64) {
        unsafe memory.storeBytes(of: value.bigEndian, toByteOffset: place, as: UInt64.self)
    }

    /// 1, 2, 4 or 6 bytes.
    @inline(__always)
    private func load(_ place: Int, bytes: Int) -> UInt64 {
        switch bytes {
        case 1: UInt64(byte(place))
        case 2: load16(place)
        case 4: load32(place)
        default: load32(place) &<< 16 | load16(place &+ 4)
        }
    }

    @inline(__always)
    private func store(_ place: Int, bytes: Int, _ value: UInt64) {
        switch bytes {
        case 1: store8(place, value)
        case 2: store16(place, value)
        case 4: store32(place, value)
        default: store48(place, value)
        }
    }

    /// `fill`.
    @inline(__always)
    func fill(_ i: InstructionPointer) {
        let value = slot(i.b)
        let first = Int(i.a)
        var count = Int(i.d)
        while count > 0 {
            count &-= 1
            self[slot: first &+ count] = value
        }
    }

    /// `copyField48`: a MAC address, mostly.
    @inline(__always)
    func copyField48(_ i: InstructionPointer) {
        let value = word(base(i.b) &+ Int(i.d & 0xFFFF)) &>> 16
        set(i.a, value)
        if let target = writable(i.c) { store48(target &+ Int(i.d &>> 16), value) }
    }

    /// `increaseByte` and `decreaseByte`: a TTL, a hop count.
    @inline(__always)
    func changeByte(_ i: InstructionPointer, by amount: @autoclosure () -> UInt64) {
        let header = header(inCell: i.b)
        let place = Int(header.base) &+ Int(i.d & 0xFFFF)
        let value = UInt64(byte(place))
        self[slot: Int(i.d &>> 16)] = value
        let changed = (value &+ amount()) & 0xFF
        set(i.a, changed)
        if header.isValid { store8(place, changed) }
    }

    /// `copyField`.
    @inline(__always)
    func copyField(_ i: InstructionPointer) {
        let value = load(base(i.b) &+ Int(i.d & 0xFFFF), bytes: i.n)
        set(i.a, value)
        if let target = writable(i.c) { store(target &+ Int(i.d &>> 16), bytes: i.n, value) }
    }

    /// `increaseField` and `decreaseField`.
    @inline(__always)
    func changeField(_ i: InstructionPointer, by amount: @autoclosure () -> UInt64) {
        let place = base(i.b) &+ Int(i.d & 0xFFFF)
        let value = load(place, bytes: i.n)
        self[slot: Int(i.d &>> 16)] = value
        let changed = (value &+ amount()) & (.max &>> UInt64(truncatingIfNeeded: 64 &- i.n &* 8))
        set(i.a, changed)
        if isValid(i.b) { store(place, bytes: i.n, changed) }
    }

    /// Writes the fields that follow a `pack`, whole bytes in all, from `place` on.
    @inline(__always)
    func pack(_ i: InstructionPointer, at place: Int) {
        var place = place
        var word: UInt64 = 0
        /// Bits of `word` that are still to be filled.
        var free = 64
        var field = i
        var left = i.n
        while left > 0 {
            left &-= 1
            field = field.following(1)
            let value = slot(field.a)
            free &-= field.n
            if free > 0 {
                word |= value &<< UInt64(truncatingIfNeeded: free)
                continue
            }
            store64(place, word | value &>> UInt64(truncatingIfNeeded: 0 &- free))
            place &+= 8
            free &+= 64
            // A shift by 64 would be one by 0.
            word = (value &<< 1) &<< UInt64(truncatingIfNeeded: free &- 1)
        }
        storeFirst(8 &- free &>> 3, of: word, at: place)
    }

    /// The upper `count` bytes (0 to 7) of a word.
    @inline(__always)
    private func storeFirst(_ count: Int, of word: UInt64, at place: Int) {
        var (place, word) = (place, word)
        if count & 4 != 0 {
            store32(place, word &>> 32)
            place &+= 4
            word = word &<< 32
        }
        if count & 2 != 0 {
            store16(place, word &>> 48)
            place &+= 2
            word = word &<< 16
        }
        if count & 1 != 0 { store8(place, word &>> 56) }
    }
}
