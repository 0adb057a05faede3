// SPDX-License-Identifier: Apache-2.0

/// An interface that a pcapng file describes: what its packets are, and the unit of their times.
struct CaptureInterface: Sendable {
    /// Kind of the frames: 1 is Ethernet.
    var linkType: UInt32
    /// Bytes of a packet that are stored at most; 0 for no limit.
    var snapshotLength: UInt32
    /// `if_tsresol`: a negative power of 10, or of 2 if the highest bit is set; microseconds unless the file says so.
    var resolution: UInt8 = 6
    /// `if_tsoffset`: seconds to add to each time.
    var offset: Int64 = 0

    /// A time in the interface's unit as nanoseconds since 1970, limited to what 64 bits hold.
    func nanoseconds(_ ticks: UInt64) -> UInt64 {
        let exponent = Int(resolution & 0x7F)
        let time = resolution & 0x80 == 0 ? Self.decimal(ticks, exponent) : Self.binary(ticks, exponent)
        let (shift, overflow) = offset.magnitude.multipliedReportingOverflow(by: 1_000_000_000)
        if offset < 0 { return overflow || shift > time ? 0 : time - shift }
        let (sum, tooMuch) = time.addingReportingOverflow(shift)
        return overflow || tooMuch ? .max : sum
    }

    private static func decimal(_ ticks: UInt64, _ exponent: Int) -> UInt64 {
        if exponent > 9 + 19 { return 0 }
        let factor = (0..<abs(exponent - 9)).reduce(UInt64(1)) { product, _ in product * 10 }
        if exponent > 9 { return ticks / factor }
        let (time, overflow) = ticks.multipliedReportingOverflow(by: factor)
        return overflow ? .max : time
    }

    private static func binary(_ ticks: UInt64, _ exponent: Int) -> UInt64 {
        let (high, low) = ticks.multipliedFullWidth(by: 1_000_000_000)
        if exponent >= 64 { return high >> UInt64(exponent - 64) }
        return high >> UInt64(exponent) > 0 ? .max : high << UInt64(64 - exponent) | low >> UInt64(exponent)
    }
}
