// SPDX-License-Identifier: Apache-2.0

internal import LinuxSystem

/// A file written in large pieces. What is appended is in the file once `flush` has returned.
///
/// The first failure is kept and everything after it ignored, so that nobody has to check each row.
struct FileWriter: ~Copyable {
    private static let pieceSize = 1 << 16

    let path: String
    private let descriptor: Descriptor
    private var pending: [UInt8] = []
    /// The first failure; nothing is written after it.
    private(set) var failure: CollectorError?

    /// Creates the file, or empties it.
    init(_ path: String) throws(CollectorError) {
        do {
            descriptor = try Descriptor.open(path, for: .replacing)
        } catch {
            throw CollectorError(code: .output, object: path, cause: error)
        }
        self.path = path
    }

    mutating func append(_ bytes: [UInt8]) {
        pending += bytes
        if pending.count >= Self.pieceSize { write() }
    }

    mutating func append(_ text: String) {
        pending += text.utf8
        if pending.count >= Self.pieceSize { write() }
    }

    mutating func flush() { write() }

    private mutating func write() {
        defer { pending.removeAll(keepingCapacity: true) }
        guard failure == nil, !pending.isEmpty else { return }
        do throws(SystemError) {
            try descriptor.write(pending)
        } catch {
            failure = CollectorError(code: .output, object: path, cause: error)
        }
    }
}
