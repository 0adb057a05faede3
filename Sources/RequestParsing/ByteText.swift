// SPDX-License-Identifier: Apache-2.0

extension ArraySlice<UInt8> {
    /// Printable ASCII; other bytes as `%XX`. At most `limit` characters; longer texts end in `~`.
    func printable(limit: Int) -> String {
        var text: [UInt8] = []
        let digits = Array("0123456789ABCDEF".utf8)
        for byte in self {
            let isPlain = (0x21...0x7e).contains(byte)
            let escaped = isPlain ? [byte] : [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            guard text.count + escaped.count <= limit else { return String(decoding: text, as: UTF8.self) + "~" }
            text += escaped
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Up to the first `byte`, and what follows it; nil where it does not occur.
    func split(at byte: UInt8) -> (before: ArraySlice<UInt8>, after: ArraySlice<UInt8>)? {
        guard let at = firstIndex(of: byte) else { return nil }
        return (self[..<at], self[(at + 1)...])
    }

    /// Removes and returns the first `count` bytes; nil, and nothing removed, if there are fewer.
    mutating func read(_ count: Int) -> ArraySlice<UInt8>? {
        guard count >= 0, count <= self.count else { return nil }
        defer { removeFirst(count) }
        return prefix(count)
    }

    /// Removes and returns a big-endian number of `bytes` bytes, at most 4.
    mutating func readNumber(_ bytes: Int) -> UInt32? {
        read(bytes)?.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    }
}

let carriageReturn = UInt8(ascii: "\r")
let lineFeed = UInt8(ascii: "\n")
let space = UInt8(ascii: " ")
