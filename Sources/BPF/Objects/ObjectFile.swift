// SPDX-License-Identifier: Apache-2.0

internal import CLibbpf
internal import Glibc

/// A compiled object whose maps can still be sized and filled; nothing of it is in the kernel yet.
@safe public struct ObjectFile: ~Copyable {
    /// The object's name, for errors.
    public let name: String
    private let pointer: OpaquePointer

    /// - Parameter image: the ELF file's bytes; they are copied.
    public init(named name: String, image: [UInt8]) throws(BPFError) {
        self.name = name
        var options = unsafe bpf_object_open_opts()
        unsafe options.sz = OptionsSize.through(\bpf_object_open_opts.object_name)
        unsafe pointer = try Libbpf.find("open object", on: name) {
            unsafe name.withCString { name in
                unsafe options.object_name = name
                return unsafe image.withUnsafeBytes { unsafe bpf_object__open_mem($0.baseAddress, $0.count, &options) }
            }
        }
    }

    deinit { unsafe bpf_object__close(pointer) }

    /// Sets how many entries a map will have; before `load`.
    public func setMaximumEntries(of map: String, to count: Int) throws(BPFError) {
        let found = unsafe try find(map)
        try Libbpf.run("size map", on: map) { unsafe bpf_map__set_max_entries(found, UInt32(clamping: count)) }
    }

    /// Fills an entire section of constants.
    public func setInitialValue<Value: BitwiseCopyable>(of map: String, to value: Value) throws(BPFError) {
        let found = unsafe try find(map)
        try Libbpf.run("fill map", on: map) {
            unsafe withUnsafePointer(to: value) {
                unsafe bpf_map__set_initial_value(found, $0, MemoryLayout<Value>.size)
            }
        }
    }

    /// The maps that the object declares, sections of constants and variables left out.
    public func mapNames() -> [String] {
        var names: [String] = []
        var map = unsafe bpf_object__next_map(pointer, nil)
        while let found = unsafe map {
            if unsafe !bpf_map__is_internal(found) { names.append(unsafe String(cString: bpf_map__name(found))) }
            unsafe map = bpf_object__next_map(pointer, found)
        }
        return names
    }

    /// The names of all programs in the object.
    public func programNames() -> [String] {
        var names: [String] = []
        var program = unsafe bpf_object__next_program(pointer, nil)
        while let found = unsafe program {
            names.append(unsafe String(cString: bpf_program__name(found)))
            unsafe program = bpf_object__next_program(pointer, found)
        }
        return names
    }

    /// Whether there is such a map or section.
    public func hasMap(_ map: String) -> Bool { unsafe bpf_object__find_map_by_name(pointer, map) != nil }

    /// The layout that the map will have, with the size it has been given so far.
    public func layout(of map: String) throws(BPFError) -> MapLayout {
        let found = unsafe try find(map)
        return MapLayout(
            type: unsafe bpf_map__type(found).rawValue, keySize: unsafe bpf_map__key_size(found),
            valueSize: unsafe bpf_map__value_size(found), maximumEntries: unsafe bpf_map__max_entries(found),
            flags: unsafe bpf_map__map_flags(found))
    }

    /// Has the programs use a map that exists in place of the one the object declares; of another layout it is refused
    /// (EINVAL).
    public func use(_ existing: borrowing BPFMap, as map: String) throws(BPFError) {
        let found = unsafe try find(map)
        guard try layout(of: map) == existing.layout else { throw BPFError("use another map as", map, errno: EINVAL) }
        let number = existing.handle.number
        try Libbpf.run("use a map as", on: map) { unsafe bpf_map__reuse_fd(found, number) }
    }

    /// Leaves all programs out of `load` but these.
    public func loadOnly(_ programs: [String]) throws(BPFError) {
        for name in programNames() {
            let found = unsafe try Libbpf.find("find program", on: name) {
                unsafe bpf_object__find_program_by_name(pointer, name)
            }
            try Libbpf.run("choose program", on: name) {
                unsafe bpf_program__set_autoload(found, programs.contains(name))
            }
        }
    }

    /// Loads programs and maps into the kernel, which verifies the programs.
    public consuming func load() throws(BPFError) -> LoadedObject {
        try Libbpf.run("load object", on: name) { unsafe bpf_object__load(pointer) }
        return LoadedObject(self)
    }

    borrowing func copyProgram(_ program: String) throws(BPFError) -> BPFProgram {
        let found = unsafe try Libbpf.find("find program", on: program) {
            unsafe bpf_object__find_program_by_name(pointer, program)
        }
        return BPFProgram(
            name: program, attachType: unsafe bpf_program__expected_attach_type(found).rawValue,
            handle: try KernelHandle(copying: unsafe bpf_program__fd(found), of: program))
    }

    borrowing func copyMap(_ map: String) throws(BPFError) -> KernelHandle {
        try KernelHandle(copying: unsafe bpf_map__fd(try find(map)), of: map)
    }

    private borrowing func find(_ map: String) throws(BPFError) -> OpaquePointer {
        unsafe try Libbpf.find("find map", on: map) { unsafe bpf_object__find_map_by_name(pointer, map) }
    }
}

/// An object whose programs and maps are in the kernel. What is taken from it stays valid without it.
public struct LoadedObject: ~Copyable {
    private let file: ObjectFile

    fileprivate init(_ file: consuming ObjectFile) { self.file = file }

    /// A program of the object after `load`, as a descriptor of its own.
    public func program(named name: String) throws(BPFError) -> BPFProgram {
        try file.copyProgram(name)
    }

    /// A map of the object after `load`, as a descriptor of its own.
    public func map(named name: String) throws(BPFError) -> BPFMap {
        try BPFMap(name: name, handle: try file.copyMap(name))
    }
}
