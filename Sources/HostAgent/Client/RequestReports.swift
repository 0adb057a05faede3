// SPDX-License-Identifier: Apache-2.0

public import BPF

/// The reading end of what an interface's client programs report.
public struct RequestReports: ~Copyable {
    private var ring: RingBuffer

    init(map: borrowing BPFMap) throws(BPFError) { ring = try RingBuffer(map) }

    /// Readable while there are reports.
    public var number: Int32 { ring.number }

    /// Hands over the reports that are there, in their order.
    /// - Returns: how many there were.
    @discardableResult
    public mutating func read(_ body: (RequestReport) -> Void) throws(BPFError) -> Int {
        try ring.consume { bytes in
            if let report = RequestReport(bytes) { body(report) }
        }
    }
}
