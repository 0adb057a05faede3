// SPDX-License-Identifier: Apache-2.0

internal import BPF
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

    private let lock: DirectoryLock

    /// Whether bpffs is where the calling thread's mounts should have it.
    static var isMounted: Bool { FileSystem.isBPFFileSystem(mountPoint) }

    /// - Parameter mounts: whether to mount bpffs and make the directory where they are missing.
    /// - Returns: nil if there is no directory and none is to be made: then nothing is pinned.
    static func open(mounts: Bool) throws(SystemError) -> PinStore? {
        if !isMounted {
            guard mounts else { return nil }
            try FileSystem.mountBPFFileSystem(at: mountPoint)
        }
        if mounts { try makeDirectory() }
        do {
            return PinStore(lock: try DirectoryLock(path))
        } catch  where error.errno == .noEntry {
            return nil
        }
    }

    private static func makeDirectory() throws(SystemError) {
        do {
            try FileSystem.makeDirectory(path)
        } catch  where error.errno == .exists {}
    }

    private init(lock: consuming DirectoryLock) { self.lock = lock }

    /// The pins of an interface of the calling thread's network namespace. One that was moved here while attached has those
    /// of its former place, found by the program that it runs.
    func pins(of place: InterfacePlace) -> AttachmentPins {
        let own = AttachmentPins(path: "\(Self.path)/\(place.namespace)-\(place.index)")
        guard !own.exists, place.namespace == InterfacePlace.currentNamespace(),
            let holder = (try? InterfaceProbe.xdpHolder(interfaceIndex: place.index)) ?? nil
        else { return own }
        return all().first { $0.current?.xdpProgramID == holder.programID } ?? own
    }

    /// All attachments of the machine, by namespace and index.
    func all() -> [AttachmentPins] {
        FileSystem.names(in: Self.path).map { AttachmentPins(path: "\(Self.path)/\($0)") }
    }

    /// Sets right what killed processes have left behind: removes what interfaces that are gone and attaches that were
    /// cut short have left, and completes replacements that were decided.
    /// - Returns: what is gone now.
    func repair() throws(SystemError) -> [StalePins] {
        let namespace = InterfacePlace.currentNamespace()
        var removed: [StalePins] = []
        for pins in all() {
            let names = pins.generations.compactMap { $0.record()?.interface }
            if pins.isLive {
                guard let place = pins.place, place.namespace == namespace else { continue }
                // Those are for `detachesToComplete`.
                if !pins.isDetaching { try repair(pins, place) }
                continue
            }
            // A filter is not a link: it stays when its pins go. From another namespace it cannot be reached.
            if let place = pins.place, place.namespace == namespace { removeFilters(pins, place) }
            removed.append(StalePins(namespace: pins.place?.namespace, interface: names.last))
            try pins.remove()
        }
        return removed
    }

    /// Detaches that were cut short in the calling thread's network namespace.
    func detachesToComplete() -> [DetachOperation] {
        let namespace = InterfacePlace.currentNamespace()
        return all().compactMap { pins in
            guard let place = pins.place, place.namespace == namespace, pins.isDetaching, pins.isLive,
                !pins.isBeingDetached
            else { return nil }
            return DetachOperation(interface: place.name() ?? "", place: place, pins: pins)
        }
    }

    /// What is left of a replacement that cannot be completed stays for `attach --replace` or `detach`.
    private func repair(_ pins: AttachmentPins, _ place: InterfacePlace) throws(SystemError) {
        guard let current = pins.current else { return }
        if !current.pendingHooks().isEmpty {
            guard (try? Switchover(pins: pins, place: place, next: current).run()) != nil else { return }
        }
        try pins.removeAllButCurrent()
    }

    private func removeFilters(_ pins: AttachmentPins, _ place: InterfacePlace) {
        for generation in pins.generations {
            if let filter = generation.filter(interfaceIndex: place.index) { try? filter.detach() }
        }
    }
}

/// Pins that were removed, of an interface that is gone or was to be detached from: what is known of it, if anything.
struct StalePins: Sendable, Hashable {
    let namespace: UInt64?
    let interface: String?
}

/// An interface, wherever it is asked about from.
struct InterfacePlace: Sendable, Hashable {
    /// Inode of the network namespace.
    let namespace: UInt64
    let index: UInt32

    /// Inode of the calling thread's network namespace.
    static func currentNamespace() -> UInt64? { FileSystem.inode(of: "/proc/thread-self/ns/net") }

    init(namespace: UInt64, index: UInt32) {
        self.namespace = namespace
        self.index = index
    }

    /// The interface's name; nil if the calling thread's network namespace has no interface of this index.
    func name() -> String? { InterfaceIndex.name(of: index) }

    /// The interface of this name in the calling thread's network namespace; nil if it does not exist.
    init?(named interface: String) {
        guard let index = try? InterfaceIndex.of(interface), let namespace = Self.currentNamespace() else { return nil }
        self.namespace = namespace
        self.index = index
    }
}
