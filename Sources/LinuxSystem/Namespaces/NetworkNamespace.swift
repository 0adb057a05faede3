// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc

/// A named network namespace, kept alive by a mount under /run/netns as `ip netns` does, so that each sees the
/// other's. It outlives its maker: it goes when `delete` is called and the last process has left it.
public struct NetworkNamespace: Hashable, Sendable {
    /// The name as in `ip netns`.
    public let name: String

    /// Names a namespace that may or may not exist.
    /// - Throws: for a name that cannot be a file's.
    public init(named name: String) throws(SystemError) {
        guard !name.isEmpty, name.utf8.count <= 255, name != ".", name != "..", !name.utf8.contains(UInt8(ascii: "/"))
        else {
            throw SystemError(
                call: "network namespace", errno: .invalidArgument, object: name, detail: "not a usable name")
        }
        self.name = name
    }

    /// Where named namespaces are mounted.
    public static let directory = "/run/netns"

    /// Path of the namespace's mount.
    public var path: String { "\(Self.directory)/\(name)" }

    /// Whether it exists; a plain file left where a namespace was mounted does not count.
    public var exists: Bool {
        unsafe p4ni_is_namespace(path) == 1
    }

    /// All that exist, in the order of their names.
    public static func all() -> [NetworkNamespace] {
        FileSystem.names(in: directory).compactMap { try? NetworkNamespace(named: $0) }.filter(\.exists)
    }
}

extension NetworkNamespace {
    /// Makes a new namespace of this name with nothing but a loopback interface, which is set down.
    public func create() throws(SystemError) {
        try Self.prepareDirectory()
        let path = path
        let file: Descriptor
        do {
            file = try Descriptor.open(path, flags: O_RDONLY | O_CREAT | O_EXCL, mode: 0)
        } catch  where error.errno == .exists && !exists {
            // What is left when the machine's mounts went but the file stayed.
            unsafe unlink(path)
            file = try Descriptor.open(path, flags: O_RDONLY | O_CREAT | O_EXCL, mode: 0)
        }
        file.close()
        do throws(SystemError) {
            try OwnThread.run { () throws(SystemError) in
                try SystemCall.run("unshare", on: name) { p4ni_unshare_network_namespace() }
                try SystemCall.run("mount", on: path) {
                    unsafe mount("/proc/thread-self/ns/net", path, "none", UInt(MS_BIND), nil)
                }
            }
        } catch {
            unsafe unlink(path)
            throw error
        }
    }

    /// Takes the name away. The namespace and its interfaces go with the last process inside.
    public func delete() throws(SystemError) {
        let path = path
        // Not a mount (EINVAL): only the file is left.
        unsafe umount2(path, Int32(MNT_DETACH))
        try SystemCall.run("unlink", on: path) { unsafe unlink(path) }
    }

    /// A descriptor that refers to it, for `setns` and for moving interfaces.
    public func open() throws(SystemError) -> Descriptor {
        guard exists else {
            throw SystemError(
                call: "network namespace", errno: .noEntry, object: name, detail: "no namespace has this name")
        }
        return try Descriptor.open(path, flags: O_RDONLY)
    }

    /// Runs `body` inside, on a thread of its own that ends with it: nothing can leave the caller's thread in the
    /// wrong place. What `body` opens stays in the namespace. Only the network namespace is entered; /sys and the
    /// rest of the file system are the caller's.
    public func perform<Result: ~Copyable>(_ body: () throws -> Result) throws -> Result {
        let target = try open()
        return try OwnThread.run {
            try SystemCall.run("setns", on: name) { p4ni_enter_network_namespace(target.number) }
            return try body()
        }
    }

    /// Turns IPv6 off for all interfaces, present and to come, of the namespace that the calling thread is in: no
    /// frames of neighbour discovery then. Nothing to do where the kernel has no IPv6.
    public static func disableIPv6OfCurrentThread() throws(SystemError) {
        for scope in ["all", "default"] {
            do throws(SystemError) {
                let path = "/proc/sys/net/ipv6/conf/\(scope)/disable_ipv6"
                try Descriptor.open(path, flags: O_WRONLY).write(Array("1".utf8))
            } catch  where error.errno == .noEntry {
                return
            }
        }
    }

    /// Lets interfaces to come, in the namespace that the calling thread is in, have the IPv6 addresses they are given
    /// and no others: no link-local ones, so that there is no asking for routers or duplicates. What the kernel still
    /// sends, its multicast groups, is out within milliseconds. Nothing to do where the kernel has no IPv6.
    public static func quietIPv6OfCurrentThread() throws(SystemError) {
        let settings = [
            ("addr_gen_mode", "1"), ("accept_ra", "0"), ("dad_transmits", "0"), ("router_solicitations", "0"),
            ("mldv2_unsolicited_report_interval", "1"),
        ]
        for (name, value) in settings {
            do throws(SystemError) {
                let path = "/proc/sys/net/ipv6/conf/default/\(name)"
                try Descriptor.open(path, flags: O_WRONLY).write(Array(value.utf8))
            } catch  where error.errno == .noEntry {
                return
            }
        }
    }

    /// The processes inside, our own left out.
    public func processes() -> [ProcessIdentity] {
        var here = stat()
        guard exists, unsafe stat(path, &here) == 0 else { return [] }
        return ProcessIdentity.all().filter { process in
            var other = stat()
            let own = process.id == getpid()
            return unsafe !own && stat("/proc/\(process.id)/ns/net", &other) == 0 && other.st_ino == here.st_ino
                && other.st_dev == here.st_dev
        }
    }

    /// /run/netns must be a mount that shares its mounts, or a name taken away here stays busy elsewhere.
    private static func prepareDirectory() throws(SystemError) {
        if unsafe mkdir(directory, 0o755) != 0, Errno.current != .exists {
            throw SystemError(call: "mkdir", errno: .current, object: directory)
        }
        let shared = UInt(MS_SHARED | MS_REC)
        if unsafe mount("", directory, "none", shared, nil) == 0 { return }
        try SystemCall.run("mount", on: directory) {
            unsafe mount(directory, directory, "none", UInt(MS_BIND | MS_REC), nil)
        }
        try SystemCall.run("mount", on: directory) { unsafe mount("", directory, "none", shared, nil) }
    }
}
