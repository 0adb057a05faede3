// SPDX-License-Identifier: Apache-2.0

import Journeys

/// The first command of a Redis request: its name, never a key or a value.
enum RedisCommand {
    static let longestName = 32

    /// The command's name in upper case; nil if these bytes do not begin a command. Of commands sent at once, the first.
    static func identity(of bytes: ArraySlice<UInt8>) -> RequestIdentity? {
        guard let word = bytes.first == UInt8(ascii: "*") ? arrayCommand(bytes) : inlineCommand(bytes),
            let name = name(word)
        else { return nil }
        return RequestIdentity(kind: .redis, operation: name)
    }

    private static func name(_ word: ArraySlice<UInt8>) -> String? {
        let upper = word.map { (0x61...0x7a).contains($0) ? $0 & 0xdf : $0 }
        let isName = upper.allSatisfy {
            (0x41...0x5a).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2e || $0 == 0x2d || $0 == 0x5f
        }
        let begins = upper.first.map { (0x41...0x5a).contains($0) } ?? false
        guard isName, begins, upper.count <= longestName else { return nil }
        return String(decoding: upper, as: UTF8.self)
    }

    /// `*3\r\n$3\r\nSET\r\n…`
    private static func arrayCommand(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        var rest = bytes
        guard let count = length(after: "*", &rest), count > 0, let size = length(after: "$", &rest), size > 0,
            size <= longestName, let word = rest.read(size), rest.starts(with: [carriageReturn, lineFeed])
        else { return nil }
        return word
    }

    private static func length(after mark: UnicodeScalar, _ rest: inout ArraySlice<UInt8>) -> Int? {
        guard rest.first == UInt8(ascii: mark), let (line, after) = rest.dropFirst().split(at: lineFeed),
            line.last == carriageReturn, (2...8).contains(line.count),
            line.dropLast().allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        rest = after
        return line.dropLast().reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }

    /// `PING\r\n`, as people type it. A line that the look cuts off counts if its first word is complete.
    private static func inlineCommand(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard let end = bytes.firstIndex(where: { $0 == space || $0 == carriageReturn || $0 == lineFeed }) else {
            return nil
        }
        return bytes[..<end]
    }
}
