// SPDX-License-Identifier: Apache-2.0

internal import CLibbpf
internal import Glibc

/// A compiled object whose maps can still be sized and filled; nothing of it is in the kernel yet.
@safe public struct ObjectFile: ~Copyable {
    public let name: String
    private let pointer: OpaquePointer

    /// - Parameter image: the ELF file's bytes; they are copied.
    public init(named name: String, image: [UInt8]) throws(BPFError) {
        self.name = name
        var options = unsafe bpf_object_open_opts()
        unsafe options.sz = OptionsSize.through(\bpf_object_open_opts.object_name)
        unsafe pointer = try Libbpf.find("open object", name) {
            unsafe name.withCString { name in
                unsafe options.object_name = name
                return unsafe image.withUnsafeBytes { unsafe bpf_object__open_mem($0.baseAddress, $0.count, &options) }
            }
        }
    }

    deinit { unsafe bpf_object__close(pointer) }

    public func setMaximumEntries(of map: String, to count: Int) throws(BPFError) {
        let found = unsafe try find(map)
        try Libbpf.run("size map", on: map) { unsafe bpf_map__set_max_entries(found, UInt32(clamping: count)) }
    }

    /// Fills a section of constants, whole.
    public func setInitialValue<Value: BitwiseCopyable>(of map: String, to value: Value) throws(BPFError) {
        let found = unsafe try find(map)
        try Libbpf.run("fill map", on: map) {
            unsafe withUnsafePointer(to: value) {
                unsafe bpf_map__set_initial_value(found, $0, MemoryLayout<Value>.size)
            }
        }
    }

    /// Has the kernel check and take programs and maps.
    public consuming func load() throws(BPFError) -> LoadedObject {
        try Libbpf.run("load object", on: name) { unsafe bpf_object__load(pointer) }
        return LoadedObject(self)
    }

    borrowing func copyProgram(_ program: String) throws(BPFError) -> KernelHandle {
        let found = unsafe try Libbpf.find("find program", program) {
            unsafe bpf_object__find_program_by_name(pointer, program)
        }
        return try KernelHandle(copying: unsafe bpf_program__fd(found), of: program)
    }

    borrowing func copyMap(_ map: String) throws(BPFError) -> KernelHandle {
        try KernelHandle(copying: unsafe bpf_map__fd(try find(map)), of: map)
    }

    private borrowing func find(_ map: String) throws(BPFError) -> OpaquePointer {
        unsafe try Libbpf.find("find map", map) { unsafe bpf_object__find_map_by_name(pointer, map) }
    }
}

/// An object whose programs and maps are in the kernel. What is taken from it stays valid without it.
public struct LoadedObject: ~Copyable {
    private let file: ObjectFile

    fileprivate init(_ file: consuming ObjectFile) { self.file = file }

    public func program(named name: String) throws(BPFError) -> BPFProgram {
        BPFProgram(name: name, handle: try file.copyProgram(name))
    }

    public func map(named name: String) throws(BPFError) -> BPFMap {
        try BPFMap(name: name, handle: try file.copyMap(name))
    }
}
