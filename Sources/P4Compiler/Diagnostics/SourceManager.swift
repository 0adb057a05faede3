// SPDX-License-Identifier: Apache-2.0

/// A text with its table of lines.
struct SourceFile: Sendable {
    let id: FileID
    let name: String
    let bytes: [UInt8]
    /// The `#include` that names this file; nil for the program's own.
    let includedFrom: SourceRange?
    /// Whether messages may show its text.
    let isShown: Bool
    /// Offset of each line's first byte; always begins with 0.
    let lineStarts: [UInt32]
    /// `#line` directives by the offset from which they hold, in order.
    fileprivate(set) var presumed: [PresumedLine] = []

    fileprivate init(id: FileID, name: String, bytes: [UInt8], includedFrom: SourceRange?, isShown: Bool) {
        self.id = id
        self.name = name
        self.bytes = bytes
        self.includedFrom = includedFrom
        self.isShown = isShown
        var starts: [UInt32] = [0]
        for (offset, byte) in bytes.enumerated() where byte == UInt8(ascii: "\n") {
            starts.append(UInt32(offset + 1))
        }
        lineStarts = starts
    }

    /// Index of the physical line that holds `offset`, from 0.
    func lineIndex(at offset: Int) -> Int {
        var low = 0
        var high = lineStarts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if Int(lineStarts[middle]) <= offset { low = middle } else { high = middle }
        }
        return low
    }

    /// The bytes of a line (index from 0) without its line end.
    func line(_ index: Int) -> ArraySlice<UInt8> {
        let start = Int(lineStarts[index])
        var end = index + 1 < lineStarts.count ? Int(lineStarts[index + 1]) - 1 : bytes.count
        if end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
        return bytes[start..<max(start, end)]
    }
}

/// What `#line` says: from `offset` on, lines count from `line` (the line that begins at `offset`) in a file `name`.
struct PresumedLine: Sendable {
    let offset: UInt32
    let line: Int
    let name: String?
}

/// A place as a person reads it; line and column count from 1, the column in characters.
struct SourcePlace: Hashable, Sendable {
    let file: String
    let line: Int
    let column: Int
}

/// Owns every text of one compilation: the program, what it includes, and texts made by `-D`.
final class SourceManager {
    private(set) var files: [SourceFile] = []

    func add(
        name: String, bytes: [UInt8], includedFrom: SourceRange? = nil, isShown: Bool = true
    ) -> SourceFile {
        let file = SourceFile(
            id: FileID(index: UInt32(files.count)), name: name, bytes: bytes, includedFrom: includedFrom,
            isShown: isShown)
        files.append(file)
        return file
    }

    func file(_ id: FileID) -> SourceFile { files[Int(id.index)] }

    /// Without a name of its own, the name of the directive before holds on.
    func addPresumedLine(_ line: PresumedLine, in file: FileID) {
        let name = line.name ?? files[Int(file.index)].presumed.last?.name
        files[Int(file.index)].presumed.append(PresumedLine(offset: line.offset, line: line.line, name: name))
    }

    /// File, line and column of a range's first byte, as the `#line` directives before it define them.
    func place(of range: SourceRange) -> SourcePlace {
        let file = file(range.file)
        let offset = min(Int(range.start), file.bytes.count)
        let index = file.lineIndex(at: offset)
        let start = Int(file.lineStarts[index])
        // Bytes 10xxxxxx continue a character and do not count.
        let column = file.bytes[start..<offset].count { $0 & 0xC0 != 0x80 } + 1
        guard let presumed = file.presumed.last(where: { Int($0.offset) <= offset }) else {
            return SourcePlace(file: file.name, line: index + 1, column: column)
        }
        let line = presumed.line + index - file.lineIndex(at: Int(presumed.offset))
        return SourcePlace(file: presumed.name ?? file.name, line: line, column: column)
    }

    /// The text a range covers.
    func text(of range: SourceRange) -> String {
        let bytes = file(range.file).bytes
        let start = min(Int(range.start), bytes.count)
        return String(decoding: bytes[start..<min(Int(range.end), bytes.count)], as: UTF8.self)
    }
}
