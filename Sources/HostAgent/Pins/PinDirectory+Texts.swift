// SPDX-License-Identifier: Apache-2.0

internal import BPF
internal import LinuxSystem

/// bpffs holds nothing but pins, directories and symbolic links, so a text is what a symbolic link points to: `ls -l`
/// shows them all.
enum PinnedText {
    /// A link's target is at most one page long.
    private static let longest = 4000

    /// Puts the text in place of one that is there, at once: whoever reads meets the one or the other. A process that
    /// is killed may leave `next_` and the name, which nobody reads.
    static func write(_ text: String, as name: String, in directory: String) throws(SystemError) {
        let path = "\(directory)/\(name)"
        let target = String(decoding: text.utf8.filter { $0 != 0 }.prefix(longest), as: UTF8.self)
        let next = "\(directory)/next_\(name)"
        try? FileSystem.remove(next)
        try FileSystem.makeSymbolicLink(to: target.isEmpty ? "-" : target, at: next)
        try FileSystem.rename(next, to: path)
    }

    static func read(_ path: String) -> String? { FileSystem.symbolicLinkTarget(path) }
}

extension PinDirectory {
    private static let absentPrefix = "absent_"

    func write(_ record: AttachmentRecord) throws(SystemError) {
        try PinnedText.write(record.text, as: "attachment", in: path)
    }

    func record() -> AttachmentRecord? { PinnedText.read("\(path)/attachment").flatMap { AttachmentRecord($0) } }

    func write(_ filter: ClassicFilter) throws(SystemError) {
        try PinnedText.write(filter.text, as: "filter", in: path)
    }

    /// The filter at TC egress, where the kernel has no TCX.
    func filter(interfaceIndex: UInt32) -> ClassicFilter? {
        PinnedText.read("\(path)/filter").flatMap { ClassicFilter($0, interfaceIndex: interfaceIndex) }
    }

    func write(_ part: AbsentPart) throws(SystemError) {
        try PinnedText.write(part.reason, as: Self.absentPrefix + part.name, in: path)
    }

    func absentParts() -> [AbsentPart] {
        names(after: Self.absentPrefix).map { name in
            AbsentPart(name: name, reason: PinnedText.read("\(path)/\(Self.absentPrefix)\(name)") ?? "")
        }
    }
}
