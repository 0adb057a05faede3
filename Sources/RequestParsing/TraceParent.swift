// SPDX-License-Identifier: Apache-2.0

import Journeys

/// The header `traceparent` of HTTP/1.
enum TraceParent {
    /// Of a request's header lines; nil if it is absent, more than one, or one that is not valid. A line that the look
    /// cuts off says nothing.
    static func find(in lines: ArraySlice<UInt8>) -> TraceContext? {
        var rest = lines
        var found: TraceContext?
        var count = 0
        while let (line, after) = rest.split(at: lineFeed) {
            rest = after
            let text = line.last == carriageReturn ? line.dropLast() : line
            guard !text.isEmpty else { break }
            guard let (name, value) = text.split(at: UInt8(ascii: ":")), isName(name) else { continue }
            count += 1
            found = context(of: value)
        }
        return count == 1 ? found : nil
    }

    private static func isName(_ bytes: ArraySlice<UInt8>) -> Bool {
        bytes.count == 11 && zip(bytes, "traceparent".utf8).allSatisfy { $0 | 0x20 == $1 }
    }

    /// Of a header's value, blanks around it allowed: version-trace-parent-flags.
    static func context(of value: ArraySlice<UInt8>) -> TraceContext? {
        let text = trimmed(value)
        let fields = text.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard fields.count >= 4, let version = byte(fields[0]), version != 0xff, let flags = byte(fields[3]),
            fields.count == 4 || version > 0
        else { return nil }
        return TraceContext(
            traceID: String(decoding: fields[1], as: UTF8.self), parentID: String(decoding: fields[2], as: UTF8.self),
            flags: flags)
    }

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var text = bytes.drop { $0 == space || $0 == 9 }
        while let last = text.last, last == space || last == 9 { text.removeLast() }
        return text
    }

    /// Two lower-case hexadecimal digits.
    private static func byte(_ digits: ArraySlice<UInt8>) -> UInt8? {
        guard digits.count == 2, digits.allSatisfy({ !(0x41...0x5a).contains($0) && $0 != 0x2b }) else { return nil }
        return UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
    }
}
