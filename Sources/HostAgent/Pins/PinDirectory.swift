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

    enum Entry {
        case map(HostMaps.Name)
        case xdpLink
        case egressLink

        var name: String {
            switch self {
            case .map(let map): "map_\(map.rawValue)"
            case .xdpLink: "link_xdp"
            case .egressLink: "link_egress"
            }
        }
    }

    func path(of entry: Entry) -> String { "\(path)/\(entry.name)" }

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
        guard let link = try? BPFLink(pinnedAt: path(of: .xdpLink)), let information = try? link.information() else {
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
