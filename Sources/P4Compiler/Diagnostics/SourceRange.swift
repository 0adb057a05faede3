// SPDX-License-Identifier: Apache-2.0

/// One file (or in-memory text) known to a `SourceManager`, by its order of arrival; 0 is the program's own file.
struct FileID: Hashable, Comparable, Sendable {
    let index: UInt32

    static func < (left: FileID, right: FileID) -> Bool { left.index < right.index }
}

/// A run of bytes in one source file: `start` is its first byte, `end` one past its last.
///
/// A token that comes out of a macro's body has the range of the macro's use in the text the user wrote;
/// one that comes from a macro's argument keeps the argument's own range.
struct SourceRange: Hashable, Comparable, Sendable {
    let file: FileID
    let start: UInt32
    let end: UInt32

    init(file: FileID, start: Int, end: Int) {
        self.file = file
        self.start = UInt32(clamping: start)
        self.end = UInt32(clamping: max(start, end))
    }

    /// From the beginning of this range to the end of `other`; this range alone when they lie in different files.
    func through(_ other: SourceRange) -> SourceRange {
        guard other.file == file, other.end >= start else { return self }
        return SourceRange(file: file, start: Int(min(start, other.start)), end: Int(max(end, other.end)))
    }

    /// The empty range after this one: the place of something that is missing.
    var afterEnd: SourceRange { SourceRange(file: file, start: Int(end), end: Int(end)) }

    static func < (left: SourceRange, right: SourceRange) -> Bool {
        (left.file, left.start, left.end) < (right.file, right.start, right.end)
    }
}
