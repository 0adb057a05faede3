// SPDX-License-Identifier: Apache-2.0

/// The ones'-complement sum of 16-bit words, added up 64 bits at a time.
///
/// The sum of words whose bytes are exchanged is the sum with its bytes exchanged: they are added as they lie.
struct InternetSum {
    private var words: UInt64 = 0

    /// Adds four words whose first lies in the low bits, bytes exchanged: 8 bytes as this machine loads them.
    @inline(__always)
    mutating func add(_ word: UInt64) {
        let (sum, carry) = words.addingReportingOverflow(word)
        words = sum &+ (carry ? 1 : 0)
    }

    /// Adds bytes of a packet's block. An odd number can only come last.
    mutating func add(_ context: Context, _ place: Int, bytes: Int) {
        var place = place
        var left = bytes
        while left >= 8 {
            add(context.nativeWord(place))
            place &+= 8
            left &-= 8
        }
        if left > 0 { add(context.nativeWord(place) & ~(.max &<< UInt64(truncatingIfNeeded: left &* 8))) }
    }

    /// Its ones' complement, as a header holds it.
    @inline(__always)
    var checksum: UInt64 {
        var sum = (words & 0xFFFF_FFFF) &+ (words &>> 32)
        sum = (sum & 0xFFFF) &+ ((sum &>> 16) & 0xFFFF) &+ (sum &>> 32)
        sum = (sum & 0xFFFF) &+ (sum &>> 16)
        sum = (sum & 0xFFFF) &+ (sum &>> 16)
        return UInt64(UInt16(truncatingIfNeeded: ~sum).bigEndian)
    }
}
