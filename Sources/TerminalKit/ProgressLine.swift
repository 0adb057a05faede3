// SPDX-License-Identifier: Apache-2.0

internal import LinuxSystem
internal import TextLayout

/// One line on standard error that says how far something is: rewritten in place on a terminal, lines elsewhere.
public struct ProgressLine {
    private static let clearLine = "\r\u{1b}[K"

    private let inPlace = StandardStream.errors.isTerminal
    private let interval: UInt64
    private var lastWritten: UInt64
    private var isOpen = false

    /// For something that goes on steadily: shown five times per second on a terminal, else every five seconds.
    public init() {
        interval = inPlace ? 200_000_000 : 5_000_000_000
        lastWritten = DomainClock.monotonicNanoseconds()
    }

    private init(showingEachOf _: Void) {
        interval = 0
        lastWritten = 0
    }

    /// For steps that take long: each is shown, elsewhere than on a terminal as a line of its own.
    public static var ofSteps: ProgressLine { ProgressLine(showingEachOf: ()) }

    /// Shows `text` unless the last one is too recent; a terminal's line is cut to its width.
    public mutating func show(_ text: @autoclosure () -> String) {
        let now = DomainClock.monotonicNanoseconds()
        guard now - lastWritten >= interval else { return }
        lastWritten = now
        let room = StandardStream.errors.columns.map { $0 - 1 } ?? Int.max
        StandardStream.errors.write(inPlace ? Self.clearLine + text().visible.prefix(room) : text().visible + "\n")
        isOpen = inPlace
    }

    /// Leaves the line free for what follows.
    public mutating func finish() {
        if isOpen { StandardStream.errors.write(Self.clearLine) }
        isOpen = false
    }
}
