// SPDX-License-Identifier: Apache-2.0

/// Columns are counted in characters: text of this project has no wide ones.
extension String {
    /// The text with blanks after it up to `width` columns; longer text is not cut.
    public func leftAligned(_ width: Int) -> String { self + .blanks(width - count) }

    /// The text with blanks before it up to `width` columns; longer text is not cut.
    public func rightAligned(_ width: Int) -> String { .blanks(width - count) + self }

    /// `count` blanks; an empty string if it is negative.
    public static func blanks(_ count: Int) -> String { String(repeating: " ", count: Swift.max(0, count)) }

    /// The text in lines of at most `columns`, broken at blanks and line ends; a longer word has a line of its own.
    public func wrapped(_ columns: Int) -> [String] {
        var lines: [String] = []
        for paragraph in split(separator: "\n") {
            var line = ""
            for word in paragraph.split(separator: " ") {
                if !line.isEmpty, line.count + 1 + word.count > columns {
                    lines.append(line)
                    line = ""
                }
                line += (line.isEmpty ? "" : " ") + word
            }
            lines.append(line)
        }
        return lines
    }
}
