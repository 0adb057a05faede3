// SPDX-License-Identifier: Apache-2.0

/// Bytes of a netlink message being written: values in the machine's own order, padded to 4 bytes.
struct NetlinkWriter {
    private(set) var bytes: [UInt8] = []

    /// Appends a kernel structure or an integer as it lies in memory.
    mutating func append<Value: BitwiseCopyable>(_ value: Value) {
        unsafe withUnsafeBytes(of: value) { unsafe bytes.append(contentsOf: $0) }
        pad()
    }

    mutating func append(contentsOf more: [UInt8]) {
        bytes += more
        pad()
    }

    /// An attribute: length (its own 4 bytes counted, the padding not), type, value.
    mutating func attribute(_ type: Int, _ value: [UInt8]) {
        let length = UInt16(value.count + 4)
        unsafe withUnsafeBytes(of: length) { unsafe bytes.append(contentsOf: $0) }
        unsafe withUnsafeBytes(of: UInt16(type)) { unsafe bytes.append(contentsOf: $0) }
        append(contentsOf: value)
    }

    mutating func attribute<Value: BitwiseCopyable>(_ type: Int, value: Value) {
        attribute(type, unsafe withUnsafeBytes(of: value) { unsafe [UInt8]($0) })
    }

    /// A string with the zero that ends it.
    mutating func attribute(_ type: Int, _ text: String) {
        attribute(type, Array(text.utf8) + [0])
    }

    /// An attribute whose value is attributes, after a structure if one is given.
    mutating func nested(_ type: Int, _ write: (inout NetlinkWriter) -> Void) {
        var inner = NetlinkWriter()
        write(&inner)
        attribute(type, inner.bytes)
    }

    private mutating func pad() {
        while bytes.count % 4 != 0 { bytes.append(0) }
    }
}

/// Bytes of a netlink reply being read. Every length in them is compared with what is there before it is used.
struct NetlinkReader {
    private let bytes: ArraySlice<UInt8>
    private var offset: Int

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        offset = bytes.startIndex
    }

    var isAtEnd: Bool { offset >= bytes.endIndex }

    /// A kernel structure or integer, which moves on past its padding.
    mutating func read<Value: BitwiseCopyable>(_ type: Value.Type) throws(SystemError) -> Value {
        let size = MemoryLayout<Value>.size
        guard bytes.endIndex - offset >= size else { throw malformed("\(size) bytes expected") }
        let value = unsafe bytes[offset..<offset + size].withUnsafeBytes { unsafe $0.loadUnaligned(as: Value.self) }
        advance(size)
        return value
    }

    /// The next attribute, nil at the end.
    mutating func attribute() throws(SystemError) -> NetlinkAttribute? {
        if isAtEnd { return nil }
        let start = offset
        let length = Int(try read16())
        let type = Int(try read16())
        // An attribute counts its own 4-byte header. A smaller length would leave the reader where it is and loop for
        // ever, so it is refused here even though the kernel has no reason to send one.
        guard length >= 4 else { throw malformed("attribute of length \(length)", at: start) }
        guard length <= bytes.endIndex - start else { throw malformed("attribute runs over the end", at: start) }
        let value = bytes[start + 4..<start + length]
        offset = start
        advance(length)
        // The two highest bits say how the value is to be read, not what it is.
        return NetlinkAttribute(type: type & 0x3fff, value: value)
    }

    /// The next `length` bytes.
    mutating func read(count: Int) throws(SystemError) -> ArraySlice<UInt8> {
        guard count >= 0, count <= bytes.endIndex - offset else { throw malformed("\(count) bytes expected") }
        let result = bytes[offset..<offset + count]
        advance(count)
        return result
    }

    func malformed(_ what: String, at place: Int? = nil) -> SystemError {
        SystemError(
            call: "rtnetlink reply", errno: .badMessage, detail: "offset \(place ?? offset): \(what)")
    }

    private mutating func read16() throws(SystemError) -> UInt16 {
        guard bytes.endIndex - offset >= 2 else { throw malformed("attribute cut short") }
        let value = unsafe bytes[offset..<offset + 2].withUnsafeBytes { unsafe $0.loadUnaligned(as: UInt16.self) }
        offset += 2
        return value
    }

    private mutating func advance(_ count: Int) {
        offset = min(bytes.endIndex, offset + (count + 3) / 4 * 4)
    }
}

struct NetlinkAttribute {
    let type: Int
    let value: ArraySlice<UInt8>

    /// A string up to the zero that ends it, or to the value's end.
    var text: String { String(decoding: value.prefix { $0 != 0 }, as: UTF8.self) }

    func integer() throws(SystemError) -> UInt32 {
        var reader = NetlinkReader(value)
        return try reader.read(UInt32.self)
    }
}
