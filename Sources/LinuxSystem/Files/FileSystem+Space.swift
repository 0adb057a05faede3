// SPDX-License-Identifier: Apache-2.0

internal import Glibc

extension FileSystem {
    /// Bytes of a file; 0 if it does not exist.
    public static func size(of path: String) -> UInt64 {
        var file = stat()
        return unsafe stat(path, &file) == 0 ? UInt64(clamping: file.st_size) : 0
    }

    /// Bytes of the file system that holds a path: those that a process without privilege may still use, and all.
    public static func space(at path: String) throws(SystemError) -> (free: UInt64, all: UInt64) {
        var system = statvfs()
        try SystemCall.run("statvfs", on: path) { unsafe statvfs(path, &system) }
        let block = UInt64(system.f_frsize)
        return (UInt64(system.f_bavail) &* block, UInt64(system.f_blocks) &* block)
    }
}
