// SPDX-License-Identifier: Apache-2.0

internal import LinuxSystem
internal import TextLayout

/// Lines on standard output that are drawn in place of those drawn last. They are cut to the terminal's width and height.
public struct TerminalTable {
    private var drawn = 0

    /// Nothing drawn yet.
    public init() {}

    /// Draws these lines where the last ones were; without lines what was drawn is cleared.
    public mutating func draw(_ lines: [String]) {
        let stream = StandardStream(1)
        let (columns, rows) = (stream.columns ?? 80, stream.rows ?? 24)
        // The last row stays free for the cursor.
        let shown = lines.prefix(max(rows - 1, 1)).map { String($0.visible.prefix(max(columns - 1, 1))) }
        let up = drawn > 0 ? "\u{1b}[\(drawn)A\r\u{1b}[J" : ""
        stream.write(up + shown.map { $0 + "\n" }.joined())
        drawn = shown.count
    }
}
