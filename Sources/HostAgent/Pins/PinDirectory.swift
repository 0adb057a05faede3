// SPDX-License-Identifier: Apache-2.0

internal import BPF
internal import LinuxSystem

/// The pins of one generation of an interface's attachment: everything that keeps it alive when the attaching process
/// has ended.
struct PinDirectory: Sendable, Hashable {
    let path: String

    private static let mapPrefix = "map_"
    private static let linkPrefix = "link_"
    private static let programPrefix = "program_"
    /// In front of a map's name in the objects, and left out of its pin's.
    private static let objectPrefix = "p4ni_"

    func path(ofMap name: String) -> String {
        let short = name.hasPrefix(Self.objectPrefix) ? String(name.dropFirst(Self.objectPrefix.count)) : name
        return "\(path)/\(Self.mapPrefix)\(short)"
    }

    /// The path of the hook's link pin.
    func path(of hook: HostHook) -> String { "\(path)/\(Self.linkPrefix)\(hook.name)" }

    /// The pin of a program that is not on its hook yet.
    func path(ofProgramAt hook: HostHook) -> String { "\(path)/\(Self.programPrefix)\(hook.name)" }

    /// Names, as in the objects, of the maps that are pinned here.
    func mapNames() -> [String] { names(after: Self.mapPrefix).map { Self.objectPrefix + $0 } }

    /// Hooks whose links are pinned here.
    func hooks() -> [HostHook] { names(after: Self.linkPrefix).compactMap { HostHook(name: $0) } }

    /// Hooks whose programs are pinned here.
    func pendingHooks() -> [HostHook] { names(after: Self.programPrefix).compactMap { HostHook(name: $0) } }

    func names(after prefix: String) -> [String] {
        FileSystem.names(in: path).filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
    }

    func create() throws(SystemError) { try FileSystem.makeDirectory(path) }

    /// Whether the XDP program is on a live interface.
    var isLive: Bool {
        guard let link = try? BPFLink(pinnedAt: path(of: .xdp)), let information = try? link.information() else {
            return false
        }
        return information.interfaceIndex != 0
    }

    /// The number of the XDP program that runs on an interface; nil if none does.
    var xdpProgramID: UInt32? {
        guard let link = try? BPFLink(pinnedAt: path(of: .xdp)), let information = try? link.information(),
            information.interfaceIndex != 0
        else { return nil }
        return information.programID
    }

    func unpin(_ pin: String) throws(SystemError) { try FileSystem.remove(pin) }

    /// Lets go of everything that is pinned; what nothing else holds leaves the kernel.
    func remove() throws(SystemError) {
        for name in FileSystem.names(in: path) { try unpin("\(path)/\(name)") }
        try FileSystem.removeDirectory(path)
    }
}
