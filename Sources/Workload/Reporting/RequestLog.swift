// SPDX-License-Identifier: Apache-2.0

public import LinuxSystem

/// A CSV file with a row for each request: `id,sent_ns,round_trip_ns,ending`.
///
/// `id` in hexadecimal as `monitor` prints it, `sent_ns` on the domain's clock, no round trip for a lost request.
public struct RequestLog: ~Copyable {
    private let file: Descriptor
    private let path: String
    private var buffer: [UInt8]
    private var failure: SystemError?

    private static let flushAt = 1 << 16

    /// Makes the file, or empties it, and writes the line of column names.
    public init(path: String) throws(SystemError) {
        self.path = path
        file = try Descriptor.open(path, for: .replacing)
        buffer = Array("id,sent_ns,round_trip_ns,ending\n".utf8)
    }

    /// Adds a row. Errors are kept for `finish`.
    public mutating func add(_ outcome: RequestOutcome) {
        let hex = String(outcome.id, radix: 16)
        let id = String(repeating: "0", count: 8 - hex.count) + hex
        let ending =
            switch outcome.ending {
            case .replied: "replied"
            case .changed: "changed"
            case .lost: "lost"
            }
        buffer += Array("\(id),\(outcome.sentAt),\(outcome.roundTrip.map(String.init) ?? ""),\(ending)\n".utf8)
        if buffer.count >= Self.flushAt { flush() }
    }

    /// Writes what is left.
    /// - Throws: the first error that writing met, e.g. a full disk.
    public mutating func finish() throws(SystemError) {
        flush()
        if let failure { throw failure }
    }

    private mutating func flush() {
        if failure == nil {
            do throws(SystemError) { try file.write(buffer) } catch {
                failure = SystemError(call: error.call, errno: error.errno, object: path)
            }
        }
        buffer.removeAll(keepingCapacity: true)
    }
}
