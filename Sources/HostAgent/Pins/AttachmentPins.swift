// SPDX-License-Identifier: Apache-2.0

internal import BPF
internal import LinuxSystem

/// An interface's attachment in bpffs: its generations, and the text `current` that names the one that counts.
///
/// Named after the network namespace's inode and the interface's index, because interfaces of different namespaces
/// share names and indices. A generation is completed beside the others and then becomes the current one in one step,
/// so that a process that is killed leaves the old one or the new one, never something between:
///
/// - without a current generation, an attach was cut short: nothing of it counts;
/// - a current generation in which programs are pinned is a replacement that was decided: the programs are yet to be put
///   on their hooks, which `Switchover` does, whoever runs it;
/// - generations that are not the current one are leftovers;
/// - a text `detaching` is a detach that was decided: `DetachOperation` continues it.
struct AttachmentPins: Sendable, Hashable {
    let path: String

    private static let prefix = "generation_"

    /// From the directory's name; nil if the directory is not one of ours.
    var place: InterfacePlace? {
        let numbers = (path.split(separator: "/").last ?? "").split(separator: "-")
        guard numbers.count == 2, let namespace = UInt64(numbers[0]), let index = UInt32(numbers[1]) else { return nil }
        return InterfacePlace(namespace: namespace, index: index)
    }

    var exists: Bool { FileSystem.exists(path) }

    /// The generation that counts.
    var current: PinDirectory? {
        PinnedText.read("\(path)/current").map { PinDirectory(path: "\(path)/\($0)") }
    }

    var isLive: Bool { current?.isLive == true }

    var generations: [PinDirectory] {
        FileSystem.names(in: path).filter { $0.hasPrefix(Self.prefix) }.map { PinDirectory(path: "\(path)/\($0)") }
    }

    /// A new generation's directory, empty and not yet current. Makes the attachment's directory if it does not exist.
    func makeGeneration() throws(SystemError) -> PinDirectory {
        if !exists { try FileSystem.makeDirectory(path) }
        let numbers = generations.compactMap { Int($0.path.dropFirst(path.count + 1 + Self.prefix.count)) }
        let generation = PinDirectory(path: "\(path)/\(Self.prefix)\((numbers.max() ?? 0) + 1)")
        try generation.create()
        return generation
    }

    func makeCurrent(_ generation: PinDirectory) throws(SystemError) {
        try PinnedText.write(String(generation.path.dropFirst(path.count + 1)), as: "current", in: path)
    }

    /// Decides that all of it goes: whoever finds it like this goes on with that.
    func markDetaching() throws(SystemError) { try PinnedText.write("yes", as: "detaching", in: path) }

    var isDetaching: Bool { PinnedText.read("\(path)/detaching") != nil }

    /// Whether a process that lives is detaching.
    var isBeingDetached: Bool {
        guard isDetaching, let lock = try? DirectoryLock.ifFree(path) else { return isDetaching && exists }
        _ = consume lock
        return false
    }

    func removeAllButCurrent() throws(SystemError) {
        let current = current
        for generation in generations where generation != current { try generation.remove() }
    }

    func remove() throws(SystemError) {
        // First of all, so that a removal that is cut short is a leftover.
        for name in FileSystem.names(in: path) where !name.hasPrefix(Self.prefix) {
            try FileSystem.remove("\(path)/\(name)")
        }
        for generation in generations { try generation.remove() }
        try FileSystem.removeDirectory(path)
    }
}
