// SPDX-License-Identifier: Apache-2.0

internal import Glibc

extension Descriptor {
    /// What a file is opened for.
    public enum Access: Sendable {
        /// Reading an existing file.
        case reading
        /// Writing to an existing file, such as a setting under /proc/sys.
        case writing
        /// Writing a file that is made, or emptied if it exists.
        case replacing
        /// A file that is made if it does not exist, for a lock on it.
        case lockFile

        var flags: Int32 {
            switch self {
            case .reading: O_RDONLY
            case .writing: O_WRONLY
            case .replacing: O_WRONLY | O_CREAT | O_TRUNC
            case .lockFile: O_RDWR | O_CREAT
            }
        }
    }

    /// Opens a path with O_CLOEXEC; what is made can be read by all, and written by its owner.
    public static func open(_ path: String, for access: Access) throws(SystemError) -> Descriptor {
        try open(path, flags: access.flags)
    }

    /// Locks the file against other descriptors (flock) without waiting.
    /// - Returns: false if another descriptor has the lock.
    public borrowing func lockIfFree() -> Bool { flock(number, LOCK_EX | LOCK_NB) == 0 }

    /// Releases the lock, also for copies of this descriptor in other processes.
    public borrowing func unlock() { _ = flock(number, LOCK_UN) }
}
