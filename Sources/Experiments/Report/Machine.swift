// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// Where and with what an experiment ran, for whoever reads its figures later.
public struct Machine: Sendable {
    public let kernel: String
    public let processor: String
    public let processors: Int
    public let memoryGiB: Int
    /// Version and commit of the binary that ran.
    public let software: String
    /// Of the start, in UTC.
    public let date: String

    /// - Parameter software: what ran.
    public init(software: String) {
        self.software = software
        kernel = Self.text("/proc/sys/kernel/osrelease") ?? "unknown"
        let models = Self.text("/proc/cpuinfo")?.split(separator: "\n").filter { $0.hasPrefix("model name") } ?? []
        processor = models.first.flatMap { $0.split(separator: ":", maxSplits: 1).last }.map(Self.trimmed) ?? "unknown"
        processors = ProcessInfo.processInfo.activeProcessorCount
        memoryGiB = Int(ProcessInfo.processInfo.physicalMemory >> 30)
        date = Date().formatted(.iso8601)
    }

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
