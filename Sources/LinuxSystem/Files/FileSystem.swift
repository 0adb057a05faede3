// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc

/// Files, directories and symbolic links by their paths, as the calling thread's mounts have them.
public enum FileSystem {
    /// Whether the path leads to anything that the caller may see.
    public static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

    /// The inode number; nil if the path leads nowhere.
    public static func inode(of path: String) -> UInt64? {
        var file = stat()
        return unsafe stat(path, &file) == 0 ? UInt64(file.st_ino) : nil
    }

    /// Whether bpffs is mounted at the path.
    public static func isBPFFileSystem(_ path: String) -> Bool { unsafe p4ni_file_system_kind(path) == bpfMagic }

    /// BPF_FS_MAGIC of linux/magic.h.
    private static let bpfMagic: Int64 = 0xcafe_4a11

    /// Mounts bpffs at a directory.
    public static func mountBPFFileSystem(at path: String) throws(SystemError) {
        try SystemCall.run("mount bpffs", on: path) { unsafe mount("bpf", path, "bpf", 0, nil) }
    }

    /// Makes a directory that only its owner may use; EEXIST if there is one.
    public static func makeDirectory(_ path: String) throws(SystemError) {
        try SystemCall.run("mkdir", on: path) { unsafe mkdir(path, 0o700) }
    }

    /// Removes an empty directory.
    public static func removeDirectory(_ path: String) throws(SystemError) {
        try SystemCall.run("rmdir", on: path) { unsafe rmdir(path) }
    }

    /// Removes a file, a pin or a symbolic link.
    public static func remove(_ path: String) throws(SystemError) {
        try SystemCall.run("unlink", on: path) { unsafe unlink(path) }
    }

    /// Gives a file another name, in place of one that has it already, in one step.
    public static func rename(_ path: String, to other: String) throws(SystemError) {
        try SystemCall.run("rename", on: other) { unsafe Glibc.rename(path, other) }
    }

    /// Makes a symbolic link. Its target may be any text of up to 4,095 bytes without a zero.
    public static func makeSymbolicLink(to target: String, at path: String) throws(SystemError) {
        try SystemCall.run("symlink", on: path) { unsafe symlink(target, path) }
    }

    /// What a symbolic link points to; nil if the path is not a link.
    public static func symbolicLinkTarget(_ path: String) -> String? {
        var bytes = [CChar](repeating: 0, count: 4096)
        let length = unsafe readlink(path, &bytes, bytes.count)
        guard length >= 0 else { return nil }
        return String(decoding: bytes.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// The names in a directory, sorted; none if it cannot be read.
    public static func names(in directory: String) -> [String] {
        guard let stream = unsafe opendir(directory) else { return [] }
        defer { unsafe closedir(stream) }
        var found: [String] = []
        while let entry = unsafe readdir(stream) {
            // d_name is a tuple of 256 bytes that ends with the first zero.
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { found.append(name) }
        }
        return found.sorted()
    }

    /// The text of a file such as those of /proc and /sys; nil if it is not there or may not be read.
    public static func text(of path: String) -> String? {
        guard let file = try? Descriptor.open(path, flags: O_RDONLY) else { return nil }
        var bytes: [UInt8] = []
        do throws(SystemError) {
            while let more = try file.read(upTo: 65536), !more.isEmpty { bytes += more }
        } catch {
            return nil
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// A directory that one process at a time has locked, until this value goes.
public struct DirectoryLock: ~Copyable, Sendable {
    private let directory: Descriptor

    /// Waits for the lock. ENOENT if there is no such directory.
    public init(_ path: String) throws(SystemError) {
        let directory = try Descriptor.open(path, flags: O_RDONLY | O_DIRECTORY)
        let number = directory.number
        try SystemCall.run("flock", on: path) { flock(number, LOCK_EX) }
        self.directory = directory
    }

    private init(held directory: consuming Descriptor) { self.directory = directory }

    /// The lock, without waiting; nil if another process holds it. ENOENT if there is no such directory.
    public static func ifFree(_ path: String) throws(SystemError) -> DirectoryLock? {
        let directory = try Descriptor.open(path, flags: O_RDONLY | O_DIRECTORY)
        return directory.lockIfFree() ? DirectoryLock(held: directory) : nil
    }
}
