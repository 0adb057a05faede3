// SPDX-License-Identifier: Apache-2.0

/// The bits a hash or checksum is taken of, most significant first; the last byte is filled up with zeros.
struct HashInput: ~Copyable {
    private let bytes: OwnedBuffer<UInt8>
    private let capacity: Int
    private var bitCount = 0

    /// What is appended beyond `capacity` bytes is left out.
    init(capacity: Int) {
        self.capacity = capacity
        bytes = OwnedBuffer(count: capacity + 16, repeating: 0)
    }

    var byteCount: Int { (bitCount &+ 7) &>> 3 }

    mutating func clear() {
        bitCount = 0
        bytes[0] = 0
    }

    /// Appends the low `width` bits (1 to 64) of `value`; those above are zero.
    @inline(__always)
    mutating func append(_ value: UInt64, width: Int) {
        guard bitCount &+ width <= capacity &* 8 else { return }
        let place = bitCount &>> 3
        let shift = bitCount & 7
        let word = value &<< UInt64(64 &- width)
        let kept = shift == 0 ? 0 : UInt64(bytes[place]) &<< 56
        store(kept | (word &>> UInt64(shift)), at: place)
        if shift &+ width > 64 { bytes[place &+ 8] = UInt8(truncatingIfNeeded: (word &<< UInt64(64 &- shift)) &>> 56) }
        bitCount &+= width
    }

    /// Appends `count` bits of a packet's block, `bit` bits after `base`.
    mutating func append(_ context: Context, _ base: Int, bit: Int, count: Int) {
        var bit = bit
        var left = count
        if bit & 7 == 0, bitCount & 7 == 0, bitCount &+ count <= capacity &* 8 {
            let byteCount = left &>> 3
            unsafe UnsafeMutableRawPointer(bytes.pointer(at: bitCount &>> 3))
                .copyMemory(from: context.memory + base + (bit &>> 3), byteCount: byteCount)
            bitCount &+= byteCount &* 8
            bit &+= byteCount &* 8
            left &-= byteCount &* 8
        }
        while left > 0 {
            let part = min(left, 64)
            append(context.bits(base, bit, part), width: part)
            bit &+= part
            left &-= part
        }
    }

    private func store(_ word: UInt64, at place: Int) {
        unsafe UnsafeMutableRawPointer(bytes.pointer(at: place)).storeBytes(of: word.bigEndian, as: UInt64.self)
    }

    @inline(__always)
    private func word(at place: Int) -> UInt64 {
        unsafe UInt64(bigEndian: UnsafeRawPointer(bytes.pointer(at: place)).loadUnaligned(as: UInt64.self))
    }

    /// Clears what lies behind the last byte, so that words may be read past it.
    private func pad() {
        if bitCount > 0 { store(0, at: byteCount) }
    }

    // MARK: Results

    func crc(_ crc: borrowing CRC) -> UInt64 {
        var state = crc.start
        for index in 0..<byteCount { state = crc.step(state, bytes[index]) }
        return crc.finish(state)
    }

    /// Ones' complement of the ones'-complement sum of 16-bit words.
    func internetChecksum() -> UInt64 {
        pad()
        var sum = InternetSum()
        var place = 0
        while place < byteCount {
            sum.add(word(at: place).bigEndian)
            place &+= 8
        }
        return sum.checksum
    }

    func xor16() -> UInt64 {
        pad()
        var folded: UInt64 = 0
        var place = 0
        while place < byteCount {
            folded ^= word(at: place)
            place &+= 8
        }
        folded ^= folded &>> 32
        folded ^= folded &>> 16
        return folded & 0xFFFF
    }

    /// The first 8 bytes as a number; fewer as they are.
    func identity() -> UInt64 {
        pad()
        let count = min(byteCount, 8)
        return count == 0 ? 0 : word(at: 0) &>> UInt64((8 &- count) &* 8)
    }
}
