// SPDX-License-Identifier: Apache-2.0

import Journeys

/// The fields of an HPACK block (RFC 7541) that identify a request, as far as the block itself spells them. The table of
/// earlier fields is not followed: that would take every block of the connection from its beginning.
struct HeaderBlock {
    private(set) var method: [UInt8]?
    private(set) var path: [UInt8]?
    private(set) var trace: TraceContext?

    private static let method = Array(":method".utf8)
    private static let path = Array(":path".utf8)
    private static let traceParent = Array("traceparent".utf8)

    /// Reads until the block ends or something does not fit.
    init(_ block: ArraySlice<UInt8>) {
        var rest = block
        while let first = rest.first, readField(first, &rest) {}
    }

    /// - Returns: whether the field could be read.
    private mutating func readField(_ first: UInt8, _ rest: inout ArraySlice<UInt8>) -> Bool {
        if first & 0x80 != 0 {
            guard let index = Self.integer(7, &rest), index > 0 else { return false }
            noteIndexed(index)
            return true
        }
        if first & 0xe0 == 0x20 { return Self.integer(5, &rest) != nil }
        guard let index = Self.integer(first & 0x40 != 0 ? 6 : 4, &rest) else { return false }
        var name = Self.name(index)
        if index == 0 {
            guard let spelled = Self.string(&rest) else { return false }
            name = spelled
        }
        guard let value = Self.string(&rest) else { return false }
        note(name, value)
        return true
    }

    /// Of the standard's own table, the fields of interest.
    private mutating func noteIndexed(_ index: Int) {
        switch index {
        case 2: method = Array("GET".utf8)
        case 3: method = Array("POST".utf8)
        case 4: path = Array("/".utf8)
        case 5: path = Array("/index.html".utf8)
        default: break
        }
    }

    private static func name(_ index: Int) -> [UInt8] {
        switch index {
        case 2, 3: method
        case 4, 5: path
        default: []
        }
    }

    private mutating func note(_ name: [UInt8], _ value: [UInt8]) {
        if name == Self.method { method = value }
        if name == Self.path { path = value }
        if name == Self.traceParent { trace = TraceParent.context(of: value[...]) }
    }

    /// A number whose first byte has `bits` bits of it; nil beyond 2^20.
    private static func integer(_ bits: Int, _ rest: inout ArraySlice<UInt8>) -> Int? {
        let most = (1 << bits) - 1
        guard let first = rest.readNumber(1) else { return nil }
        var value = Int(first) & most
        guard value == most else { return value }
        for shift in stride(from: 0, through: 14, by: 7) {
            guard let next = rest.readNumber(1) else { return nil }
            value += Int(next & 0x7f) << shift
            if next & 0x80 == 0 { return value }
        }
        return nil
    }

    private static func string(_ rest: inout ArraySlice<UInt8>) -> [UInt8]? {
        guard let first = rest.first, let length = integer(7, &rest), let bytes = rest.read(length) else { return nil }
        return first & 0x80 != 0 ? HuffmanText.decode(bytes) : Array(bytes)
    }
}
