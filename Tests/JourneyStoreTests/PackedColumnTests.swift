// SPDX-License-Identifier: Apache-2.0

@testable import JourneyStore
import Testing

@Suite struct PackedColumnTests {
    private static let columns: [[Int64]] = [
        [], [0], [-1], [7, 7, 7], [.min, .max], [.max, .min, 0], [1, 2, 3, 4], Array(0..<1000), [0, 255], [0, 256],
        [0, 1 << 24 - 1], [0, 1 << 24], [-5, 250], Array(repeating: 3, count: 999) + [1 << 40],
    ]

    @Test(arguments: columns)
    func `a column comes back as it was`(values: [Int64]) throws {
        var compression = Compression()
        let packed = PackedColumn(values, with: &compression)
        #expect(packed.values(values.count, with: &compression) == values)
    }

    @Test func `random columns come back as they were`() throws {
        var compression = Compression()
        var random = SeededGenerator(seed: 1)
        for width in 1...64 {
            let values = (0..<500).map { _ in Int64(bitPattern: random.next() >> UInt64(64 - width)) }
            let packed = PackedColumn(values, with: &compression)
            #expect(packed.width == (width + 7) / 8)
            #expect(packed.values(500, with: &compression) == values)
        }
    }

    @Test func `equal values take no bytes, and small differences one each at most`() {
        var compression = Compression()
        #expect(PackedColumn(Array(repeating: 77, count: 5000), with: &compression).bytes.isEmpty)
        let packed = PackedColumn((0..<5000).map { 1 << 50 + $0 % 7 }, with: &compression)
        #expect(packed.width == 1 && packed.isCompressed && packed.bytes.count < 500)
    }

    @Test func `damaged bytes are noticed, whatever is changed`() {
        var compression = Compression()
        let values = (0..<2000).map { Int64($0 % 91) }
        let packed = PackedColumn(values, with: &compression)
        #expect(packed.isCompressed)
        for index in packed.bytes.indices {
            var damaged = packed
            damaged.bytes[index] ^= 0x10
            let read = damaged.values(2000, with: &compression)
            #expect(read == nil || read == values)
        }
        #expect(packed.values(1999, with: &compression) == nil)
        #expect(packed.values(2001, with: &compression) == nil)
    }
}
