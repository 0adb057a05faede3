// SPDX-License-Identifier: Apache-2.0

import TelemetryFormats

/// A generator whose numbers are those of its seed.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// SplitMix64.
    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
        return value ^ value >> 31
    }
}

/// A frame that every decoder accepts, and in whose fields stand numbers at the ends of ranges.
struct BoundaryFrame {
    private(set) var bytes: [UInt8] = [2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x12, 0x12]
    /// Fields whose value is at an end of a range.
    private(set) var values = 0
    private var random: SeededGenerator

    /// - Parameter isReference: in the reference's form, whose level the decoder has from its settings.
    init(_ level: Level, isReference: Bool, _ random: inout SeededGenerator) {
        self.random = random
        compose(level, isReference: isReference)
        random = self.random
    }

    private mutating func compose(_ level: Level, isReference: Bool) {
        let count = Int.random(in: 1...20, using: &random)
        let hasSource = !isReference && Bool.random(using: &random)
        let isExtended = !isReference && (!level.isChained || Bool.random(using: &random))
        let hasHost = Bool.random(using: &random)
        let forward = hasHost || hasSource ? Int.random(in: 0...count, using: &random) : 0
        if isReference {
            append(UInt64(count), bits: 32)
        } else {
            append(UInt64(level.rawValue), bits: 8)
            append((hasHost ? 0x80 : 0) | (hasSource ? 0x08 : 0), bits: 8)
            append(UInt64(forward), bits: 8)
            append(UInt64(count), bits: 8)
        }
        let host: UInt64 = isExtended ? 0x1216 : 0x1214
        let afterSource = hasHost ? host : 0x0800
        let afterHops = hasSource ? 0x1217 : afterSource
        let records = level.records(ofHops: count)
        for record in 0..<records {
            appendRecord(level, next: record == records - 1 ? afterHops : 0x1213)
        }
        if hasSource {
            for bits in [32, 32, 64, 32] { appendValue(bits: bits) }
            append(afterSource, bits: 16)
        }
        if hasHost {
            let fields = isExtended ? [32, 16, 16, 64, 64, 64, 32, 32, 32, 32, 32, 32, 16] : [64, 64]
            for bits in fields { appendValue(bits: bits) }
            append(0x0800, bits: 16)
        }
        appendInner()
    }

    private mutating func appendRecord(_ level: Level, next: UInt64) {
        var record: [Bool] = []
        for field in level.layout.fields {
            var value = next
            if field.content != .nextProtocol {
                value = boundary(bits: field.bits)
                values += 1
            }
            for bit in (0..<field.bits).reversed() { record.append(value >> UInt64(bit) & 1 == 1) }
        }
        for start in stride(from: 0, to: record.count, by: 8) {
            bytes.append(record[start..<(start + 8)].reduce(0) { $0 << 1 | ($1 ? 1 : 0) })
        }
    }

    /// A UDP datagram with a request id of a few flows, so that numbers of one flow meet.
    private mutating func appendInner() {
        bytes += [
            0x45, 0, 0, 32, 0, 0, 0, 0, 64, 17, 0, 0, 10, 0, 1, 1, 10, 0, 2, UInt8.random(in: 1...3, using: &random),
        ]
        bytes += [0xc3, 0x50, 0x04, 0xd2, 0, 12, 0, 0]
        append(random.next(), bits: 32)
    }

    private mutating func appendValue(bits: Int) {
        append(boundary(bits: bits), bits: bits)
        values += 1
    }

    private mutating func append(_ value: UInt64, bits: Int) {
        for shift in stride(from: bits - 8, through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(shift)))
        }
    }

    private mutating func boundary(bits: Int) -> UInt64 {
        let most = UInt64.max >> UInt64(64 - bits)
        let power = (1 as UInt64) << UInt64.random(in: 0..<UInt64(bits), using: &random)
        let ends: [UInt64] = [
            0, 1, most, most &- 1, most / 2, most / 2 &+ 1, power, power &- 1, power &+ 1, most &- power,
            3_600_000_000_000, 3_600_000_000_001, 3_599_999_999_999, random.next(),
        ]
        return ends[Int.random(in: 0..<ends.count, using: &random)] & most
    }
}
