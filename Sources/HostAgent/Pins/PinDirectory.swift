// SPDX-License-Identifier: Apache-2.0

internal import BPF
internal import Glibc
internal import LinuxSystem

/// The pins of one interface: everything that keeps an attachment alive when the attaching process has ended.
///
/// Named after the network namespace's inode and the interface's index, because interfaces of different namespaces
/// share names and indices.
struct PinDirectory: Sendable, Hashable {
    let path: String

    private static let mapPrefix = "map_"
    private static let linkPrefix = "link_"
    /// In front of a map's name in the objects, and left out of its pin's.
    private static let objectPrefix = "p4ni_"

    func path(ofMap name: String) -> String {
        let short = name.hasPrefix(Self.objectPrefix) ? String(name.dropFirst(Self.objectPrefix.count)) : name
        return "\(path)/\(Self.mapPrefix)\(short)"
    }

    func path(of hook: HostHook) -> String { "\(path)/\(Self.linkPrefix)\(hook.name)" }

    /// Names, as in the objects, of the maps that are pinned here.
    func mapNames() -> [String] {
        names(after: Self.mapPrefix).map { Self.objectPrefix + $0 }
    }

    /// Hooks whose links are pinned here.
    func hooks() -> [HostHook] { names(after: Self.linkPrefix).compactMap { HostHook(name: $0) } }

    private func names(after prefix: String) -> [String] {
        FileNames.inside(path).filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
    }

    var exists: Bool {
        var file = stat()
        return unsafe stat(path, &file) == 0
    }

    func create() throws(SystemError) {
        let path = path
        try SystemCall.run("mkdir", on: path) { unsafe mkdir(path, 0o700) }
    }

    /// Whether the XDP program is still on a live interface. The XDP link is pinned last of all, so that without it
    /// an attach was cut short, and what there is does nothing.
    var isLive: Bool {
        guard let link = try? BPFLink(pinnedAt: path(of: .xdp)), let information = try? link.information() else {
            return false
        }
        return information.interfaceIndex != 0
    }

    /// Lets go of everything that is pinned; what nothing else holds leaves the kernel.
    func remove() throws(SystemError) {
        let path = path
        for name in FileNames.inside(path) {
            let pin = "\(path)/\(name)"
            try SystemCall.run("unlink", on: pin) { unsafe unlink(pin) }
        }
        try SystemCall.run("rmdir", on: path) { unsafe rmdir(path) }
    }
}

/// Short texts about an attachment, which any version of the agent can read.
///
/// bpffs holds nothing but pins, directories and symbolic links, so a text is what a symbolic link points to: `ls -l`
/// shows them.
extension PinDirectory {
    static let versionText = "version"
    static let roleText = "role"
    private static let absentPrefix = "absent_"
    /// A link's target is at most one page long.
    private static let longestText = 4000

    func write(_ text: String, as name: String) throws(SystemError) {
        let target = String(decoding: text.utf8.filter { $0 != 0 }.prefix(Self.longestText), as: UTF8.self)
        let place = "\(path)/\(name)"
        try SystemCall.run("symlink", on: place) { unsafe symlink(target.isEmpty ? "-" : target, place) }
    }

    func text(_ name: String) -> String? {
        var bytes = [CChar](repeating: 0, count: 4096)
        let length = unsafe readlink("\(path)/\(name)", &bytes, bytes.count)
        guard length >= 0 else { return nil }
        return String(decoding: bytes.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    func write(_ part: AbsentPart) throws(SystemError) { try write(part.reason, as: Self.absentPrefix + part.name) }

    func absentParts() -> [AbsentPart] {
        names(after: Self.absentPrefix).map { name in
            AbsentPart(name: name, reason: text(Self.absentPrefix + name) ?? "")
        }
    }
}

/// The names in a directory.
enum FileNames {
    static func inside(_ path: String) -> [String] {
        guard let stream = unsafe opendir(path) else { return [] }
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
}
