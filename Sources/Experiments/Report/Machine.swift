// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// The machine and the software that an experiment ran on, for the summary.
public struct Machine: Sendable {
    /// The kernel's release, as `uname -r`.
    public let kernel: String
    /// The processor's model.
    public let processor: String
    /// Processors that are online.
    public let processors: Int
    /// Main memory, rounded down.
    public let memoryGiB: Int
    /// Version and commit of the binary that ran.
    public let software: String
    /// When this value was made, in UTC.
    public let date: String

    /// Reads the machine's facts.
    /// - Parameter software: version and commit of the binary.
    public init(software: String) {
        self.software = software
        kernel = Self.text("/proc/sys/kernel/osrelease") ?? "unknown"
        let models = Self.text("/proc/cpuinfo")?.split(separator: "\n").filter { $0.hasPrefix("model name") } ?? []
        processor = models.first.flatMap { $0.split(separator: ":", maxSplits: 1).last }.map(Self.trimmed) ?? "unknown"
        processors = ProcessInfo.processInfo.activeProcessorCount
        memoryGiB = Int(ProcessInfo.processInfo.physicalMemory >> 30)
        date = Date().formatted(.iso8601)
    }

    /// One line per fact, for the summary.
    public var lines: [String] {
        [
            "date: \(date)", "software: p4netintel \(software)", "kernel: Linux \(kernel)",
            "processors: \(processors) x \(processor)", "memory: \(memoryGiB) GiB",
        ]
    }

    private static func text(_ path: String) -> String? {
        FileManager.default.contents(atPath: path).map { trimmed(String(decoding: $0, as: UTF8.self)[...]) }
    }

    private static func trimmed(_ text: Substring) -> String {
        String(String(text.drop { $0.isWhitespace }.reversed()).drop { $0.isWhitespace }.reversed())
    }
}
