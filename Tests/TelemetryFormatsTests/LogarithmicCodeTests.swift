// SPDX-License-Identifier: Apache-2.0

import TelemetryFormats
import Testing

@Suite struct LogarithmicCodeTests {
    /// Every depth that 19 bits hold and every latency up to a second: each value, not a choice of them.
    @Test func `every value reads as one that is off by at most a sixteenth, and none smaller than a smaller one's`() {
        var last: UInt64 = 0
        var worst = 0.0
        for value in 0...UInt64(1 << 20) {
            let read = LogarithmicCode(of: value).value
            if read < last {
                Issue.record("\(value) reads as \(read), less than \(last)")
                return
            }
            last = read
            let error = Double(read > value ? read - value : value - read) / Double(max(value, 1))
            worst = max(worst, error)
        }
        #expect(worst <= LogarithmicCode.relativeError)
        #expect(worst > 0.9 * LogarithmicCode.relativeError, "the bound is not a loose one")
    }

    @Test func `codes cover all values without gap or overlap, and each reads as one of its own`() {
        var next: UInt64 = 0
        for code in UInt8.min...UInt8.max {
            let values = LogarithmicCode(rawValue: code).values
            #expect(values.lowerBound == next)
            next = values.upperBound + 1
            for value in [values.lowerBound, LogarithmicCode(rawValue: code).value, values.upperBound] {
                #expect(LogarithmicCode(of: value).rawValue == code)
            }
        }
        #expect(next == 1 << 34)
    }

    /// All values up to 2^34. Those of one code lie between two ends without a gap and read as the same value: the
    /// error relative to the value is largest at one of them.
    @Test func `no value that a code stands for is off by more than a sixteenth`() {
        for code in UInt8.min...UInt8.max {
            let read = Double(LogarithmicCode(rawValue: code).value)
            let values = LogarithmicCode(rawValue: code).values
            for value in [Double(values.lowerBound), Double(values.upperBound)] {
                #expect(abs(read - value) <= LogarithmicCode.relativeError * value, "code \(code), value \(value)")
            }
        }
    }

    @Test(arguments: [1 << 34, 1 << 40, UInt64.max])
    func `what is too large is the largest code`(value: UInt64) {
        #expect(LogarithmicCode(of: value).rawValue == 255)
    }

    @Test(arguments: [(0, 0), (15, 15), (16, 16), (17, 16), (18, 17), (31, 23), (32, 24), (100, 36), (1_000_000, 143)])
    func `codes are those of the wire format`(value: UInt64, code: UInt8) {
        #expect(LogarithmicCode(of: value).rawValue == code)
    }
}
