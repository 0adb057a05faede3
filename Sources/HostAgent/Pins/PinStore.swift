// SPDX-License-Identifier: Apache-2.0

internal import CHostPrograms
internal import CLinux
internal import Glibc
internal import LinuxSystem

/// The directory of bpffs that holds all interfaces' pins, with a lock on it: attaching, detaching and looking happen
/// one at a time on a machine.
///
/// It lies in the usual place, /sys/fs/bpf of process 1's mounts: the caller's own would not do, because
/// `ip netns exec` gives its program a /sys without bpffs, and mounts that end with the program. Use it inside
/// `MountNamespace.performInInitial`.
struct PinStore: ~Copyable {
    static let mountPoint = "/sys/fs/bpf"
    static let path = mountPoint + "/p4netintel"
    /// BPF_FS_MAGIC of linux/magic.h.
    private static let bpfFileSystem: Int64 = 0xcafe_4a11

    private let lock: Descriptor

    /// Whether bpffs is where the calling thread's mounts should have it.
    static var isMounted: Bool { unsafe p4ni_file_system_kind(mountPoint) == bpfFileSystem }

    /// - Parameter mounts: whether to mount bpffs and make the directory where they are missing.
    /// - Returns: nil if there is no directory and none is to be made: then nothing is pinned.
    static func open(mounts: Bool) throws(SystemError) -> PinStore? {
        if !isMounted {
            guard mounts else { return nil }
            try SystemCall.run("mount bpffs", on: mountPoint) { unsafe mount("bpf", mountPoint, "bpf", 0, nil) }
        }
        if mounts, unsafe mkdir(path, 0o700) != 0, errno != EEXIST {
            throw SystemError(call: "mkdir", errno: Errno(rawValue: errno), object: path)
        }
        let directory: Descriptor
        do {
            directory = try Descriptor.open(path, flags: O_RDONLY | O_DIRECTORY)
        } catch  where error.errno == .noEntry {
            return nil
        }
        let number = directory.number
        try SystemCall.run("flock", on: path) { flock(number, LOCK_EX) }
        return PinStore(lock: directory)
    }

    private init(lock: consuming Descriptor) { self.lock = lock }

    func directory(of place: InterfacePlace) -> PinDirectory {
        PinDirectory(path: "\(Self.path)/\(place.namespace)-\(place.index)")
    }

    /// Removes what interfaces that are gone, and attaches that were cut short, have left behind.
    func removeStale() throws(SystemError) -> [StalePins] {
        var removed: [StalePins] = []
        for name in FileNames.inside(Self.path) {
            let directory = PinDirectory(path: "\(Self.path)/\(name)")
            if directory.isLive { continue }
            let attachment = try? HostMaps(pinnedIn: directory).readAttachment()
            let namespace = name.split(separator: "-").first.flatMap { UInt64($0) }
            removed.append(StalePins(namespace: namespace, interface: attachment.map { InterfaceName.text($0.name) }))
            try directory.remove()
        }
        return removed
    }
}

/// Pins whose interface is gone: what is known of it, if anything.
struct StalePins: Sendable, Hashable {
    let namespace: UInt64?
    let interface: String?
}

/// An interface's name, at most 15 bytes, as two words of a map's value.
enum InterfaceName {
    static func words(of name: String) -> (UInt64, UInt64) {
        var words: (UInt64, UInt64) = (0, 0)
        for (index, byte) in name.utf8.prefix(15).enumerated() {
            let shifted = UInt64(byte) << UInt64(index % 8 * 8)
            if index < 8 { words.0 |= shifted } else { words.1 |= shifted }
        }
        return words
    }

    static func text(_ words: (UInt64, UInt64)) -> String {
        let bytes = (0..<16).map { UInt8(truncatingIfNeeded: ($0 < 8 ? words.0 : words.1) >> UInt64($0 % 8 * 8)) }
        return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
}

/// An interface, wherever it is asked about from.
struct InterfacePlace: Sendable, Hashable {
    /// Inode of the network namespace.
    let namespace: UInt64
    let index: UInt32

    /// Inode of the calling thread's network namespace.
    static func currentNamespace() -> UInt64? {
        var file = stat()
        return unsafe stat("/proc/thread-self/ns/net", &file) == 0 ? UInt64(file.st_ino) : nil
    }

    /// The interface of this name in the calling thread's network namespace; nil if there is none.
    init?(named interface: String) {
        let index = unsafe if_nametoindex(interface)
        guard index != 0, let namespace = Self.currentNamespace() else { return nil }
        self.namespace = namespace
        self.index = index
    }
}
