// SPDX-License-Identifier: Apache-2.0

internal import CLibbpf
internal import Glibc

/// Maps whose keys are structures: hashes, tries. `Key` and `Value` are of exactly the map's sizes.
extension BPFMap {
    /// Writes the value of a key, in place of one that it has.
    public func write<Key: BitwiseCopyable, Value: BitwiseCopyable>(_ value: Value, for key: Key) throws(BPFError) {
        try expect(key: MemoryLayout<Key>.size, value: MemoryLayout<Value>.size)
        let number = handle.number
        try Libbpf.run("write an element of map", on: name) {
            unsafe withUnsafePointer(to: key) { key in
                unsafe withUnsafePointer(to: value) { unsafe bpf_map_update_elem(number, key, $0, UInt64(BPF_ANY)) }
            }
        }
    }

    /// - Returns: whether the key was there.
    public func read<Key: BitwiseCopyable, Value: BitwiseCopyable>(
        _ value: inout Value, for key: Key
    ) throws(BPFError) -> Bool {
        try expect(key: MemoryLayout<Key>.size, value: MemoryLayout<Value>.size)
        let number = handle.number
        do {
            try Libbpf.run("read an element of map", on: name) {
                unsafe withUnsafePointer(to: key) { key in
                    unsafe withUnsafeMutablePointer(to: &value) { unsafe bpf_map_lookup_elem(number, key, $0) }
                }
            }
        } catch  where error.errno == ENOENT {
            return false
        }
        return true
    }

    /// - Returns: whether the key was there.
    @discardableResult
    public func remove<Key: BitwiseCopyable>(_ key: Key) throws(BPFError) -> Bool {
        try expect(key: MemoryLayout<Key>.size, value: valueSize)
        let number = handle.number
        do {
            try Libbpf.run("remove an element of map", on: name) {
                unsafe withUnsafePointer(to: key) { unsafe bpf_map_delete_elem(number, $0) }
            }
        } catch  where error.errno == ENOENT {
            return false
        }
        return true
    }

    /// The keys in the map, in no order. If the map changes while it is read, some keys may be missing or come twice:
    /// the result has at most twice as many as the map holds.
    public func keys<Key: BitwiseCopyable>(startingFrom zero: Key) throws(BPFError) -> [Key] {
        try expect(key: MemoryLayout<Key>.size, value: valueSize)
        let number = handle.number
        var found: [Key] = []
        var key = zero
        while found.count <= 2 * maximumEntries {
            var next = zero
            let isFirst = found.isEmpty
            let status = unsafe withUnsafePointer(to: key) { key in
                unsafe withUnsafeMutablePointer(to: &next) {
                    unsafe bpf_map_get_next_key(number, isFirst ? nil : key, $0)
                }
            }
            guard status == 0 else { break }
            found.append(next)
            key = next
        }
        return found
    }

    private func expect(key: Int, value: Int) throws(BPFError) {
        guard key == Int(layout.keySize), value == valueSize else {
            throw BPFError("use \(key) and \(value) bytes as key and value of map", name, errno: EMSGSIZE)
        }
    }
}
