// SPDX-License-Identifier: Apache-2.0

import SwitchIR

/// Internet checksums of fields of headers: what they cover is added up where it lies, and not collected first.
extension Translator {
    /// From `hashBegin` to the `hashEnd` of a `csum16`, if nothing but fields comes between: whole 16-bit words that
    /// begin at even bytes of their headers, and last a varbit field, whose length may be odd.
    mutating func fuseChecksum(_ index: Int) -> Int? {
        var rest = together(at: index, count: 512).dropFirst()
        var parts: [Operation] = []
        while let first = rest.first, first.opcode == .hashField {
            let fields = rest.prefix { $0.opcode == .hashField && $0.b == first.b }
            guard let words = words(fields) else { return nil }
            parts.append(Operation(.data, n: words.count, b: cell(first.b)))
            parts += words
            rest = rest.dropFirst(fields.count)
        }
        if let last = rest.first, last.opcode == .hashVarbit {
            parts.append(Operation(.data, b: cell(last.b), c: 1, d: UInt32(header(last.b).fixedBytes)))
            rest = rest.dropFirst()
        }
        guard let end = rest.first, end.opcode == .hashEnd, end.d == HashAlgorithm.csum16.rawValue, parts.count < 256
        else { return nil }
        append(Operation(.checksum, n: parts.count, a: end.a, c: UInt16(truncatingIfNeeded: lowMask(end.width))))
        for part in parts { append(part) }
        return rest.startIndex + 1 - index
    }

    /// Fields of one header as words of 8 bytes: where each begins, and which of its bits count. A byte that is covered
    /// twice begins a word of its own.
    private func words(_ fields: ArraySlice<Instruction>) -> [Operation]? {
        var words: [Operation] = []
        var covered = 0
        var fields = fields
        while !fields.isEmpty {
            let run = merged(fields)
            fields = fields.dropFirst(run.count)
            let first = Int(run.instruction.d)
            guard first % 16 == 0, run.instruction.width % 16 == 0 else { return nil }
            let bytes = first / 8..<(first + Int(run.instruction.width)) / 8
            for byte in bytes {
                if words.isEmpty || byte < covered || byte >= Int(words[words.count - 1].c) + 8 {
                    words.append(Operation(.data, c: UInt16(byte)))
                }
                words[words.count - 1].cover(byte)
                covered = byte + 1
            }
        }
        return words
    }
}

extension Operation {
    /// Lets a byte of a header count in a checksum. Words are added as this machine loads them: the first byte is
    /// lowest.
    fileprivate mutating func cover(_ byte: Int) {
        let place = byte - Int(c)
        if place < 4 { d |= 0xFF << UInt32(place * 8) } else { e |= 0xFF << UInt32(place * 8 - 32) }
    }
}
