// SPDX-License-Identifier: Apache-2.0

internal import CLibbpf
internal import Glibc

/// The properties that must match for one map to replace another; what the bytes mean is not among them.
public struct MapLayout: Sendable, Hashable {
    /// Number of the map's type, as in `enum bpf_map_type`.
    public let type: UInt32
    /// Bytes of a key.
    public let keySize: UInt32
    /// Bytes of a value; of a per-CPU map, of one CPU's.
    public let valueSize: UInt32
    /// Entries that the map can hold.
    public let maximumEntries: UInt32
    /// BPF_F_ flags of the map.
    public let flags: UInt32
}

/// A map in the kernel. It stays there while something holds it: this value, a pin or a program.
///
/// `Value` types are plain C structures of exactly the map's value size; another size is an error (EMSGSIZE), never a
/// read past the end.
public struct BPFMap: ~Copyable, Sendable {
    /// Name for errors: the map's in its object, or its pin.
    public let name: String
    /// Bytes of one value; of a per-CPU map, of one CPU's.
    public let valueSize: Int
    /// Entries that the map can hold.
    public let maximumEntries: Int
    /// What another map needs to replace this one.
    public let layout: MapLayout
    let handle: KernelHandle

    init(name: String, handle: consuming KernelHandle) throws(BPFError) {
        var information = bpf_map_info()
        try handle.information(into: &information, of: name)
        self.name = name
        self.handle = handle
        valueSize = Int(information.value_size)
        maximumEntries = Int(information.max_entries)
        layout = MapLayout(
            type: information.type, keySize: information.key_size, valueSize: information.value_size,
            maximumEntries: information.max_entries, flags: information.map_flags)
    }

    /// Opens a pinned map.
    public init(pinnedAt path: String) throws(BPFError) {
        try self.init(name: path, handle: try KernelHandle(pinnedAt: path))
    }

    /// Pins the map: it stays in the kernel until the pin is removed.
    public func pin(at path: String) throws(BPFError) { try handle.pin(at: path) }

    /// Reads the value of an array's element into `value`.
    public func read<Value: BitwiseCopyable>(_ value: inout Value, at key: UInt32 = 0) throws(BPFError) {
        try expect(MemoryLayout<Value>.size)
        let number = handle.number
        var key = key
        try Libbpf.run("read element \(key) of map", on: name) {
            unsafe withUnsafeMutablePointer(to: &value) { unsafe bpf_map_lookup_elem(number, &key, $0) }
        }
    }

    /// Writes the value of an array's element.
    public func write<Value: BitwiseCopyable>(_ value: Value, at key: UInt32 = 0) throws(BPFError) {
        try expect(MemoryLayout<Value>.size)
        let number = handle.number
        var key = key
        try Libbpf.run("write element \(key) of map", on: name) {
            unsafe withUnsafePointer(to: value) { unsafe bpf_map_update_elem(number, &key, $0, UInt64(BPF_ANY)) }
        }
    }

    /// Reads all values of an array, in a few calls. `blank` is any value.
    public func readAll<Value: BitwiseCopyable>(like blank: Value) throws(BPFError) -> [Value] {
        try expect(MemoryLayout<Value>.size)
        var values = [Value](repeating: blank, count: maximumEntries)
        var keys = [UInt32](repeating: 0, count: maximumEntries)
        var cursor: UInt32 = 0
        var count = UInt32(maximumEntries)
        let number = handle.number
        try Libbpf.run("read map", on: name) {
            unsafe values.withUnsafeMutableBytes { values in
                unsafe keys.withUnsafeMutableBytes { keys in
                    unsafe bpf_map_lookup_batch(
                        number, nil, &cursor, keys.baseAddress, values.baseAddress, &count, nil)
                }
            }
        }
        return values
    }

    /// The sums over all processors of an element whose value is a row of 64-bit counters.
    public func readCounters(at key: UInt32 = 0) throws(BPFError) -> [UInt64] {
        let columns = valueSize / MemoryLayout<UInt64>.size
        let processors = Int(try Libbpf.run("count processors for map", on: name) { libbpf_num_possible_cpus() })
        var rows = [UInt64](repeating: 0, count: columns * processors)
        let number = handle.number
        var key = key
        try Libbpf.run("read element \(key) of map", on: name) { unsafe bpf_map_lookup_elem(number, &key, &rows) }
        return (0..<columns).map { column in
            (0..<processors).reduce(0) { $0 &+ rows[$1 * columns + column] }
        }
    }

    private func expect(_ size: Int) throws(BPFError) {
        guard size == valueSize else { throw BPFError("use \(size) bytes as a value of map", name, errno: EMSGSIZE) }
    }
}

extension BPFMap {
    /// Bytes of kernel memory that the map takes, as the kernel accounts for it; nil where it does not report that.
    public func memory() -> Int? {
        guard let file = unsafe fopen("/proc/thread-self/fdinfo/\(handle.number)", "re") else { return nil }
        defer { unsafe fclose(file) }
        var line = [CChar](repeating: 0, count: 128)
        while unsafe fgets(&line, Int32(line.count), file) != nil {
            let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            let words = text.split { $0 == "\t" || $0 == " " || $0 == "\n" }
            if words.count == 2, words[0] == "memlock:" { return Int(words[1]) }
        }
        return nil
    }
}
