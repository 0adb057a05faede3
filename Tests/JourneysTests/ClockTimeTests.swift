// SPDX-License-Identifier: Apache-2.0

import Journeys
import Testing

@Suite struct ClockTimeTests {
    /// By hand: differences in nanoseconds.
    @Test(
        arguments: [
            (.microseconds(1010), .microseconds(1000), 10_000),
            (.microseconds(1000), .microseconds(1010), -10_000),
            // Across the wrap of 48 bits, and of 32.
            (.microseconds(5), .microseconds(0xFFFF_FFFF_FFFE), 7000),
            (.microseconds(5, width: 32), .microseconds(0xFFFF_FFFE, width: 32), 7000),
            // The narrower range decides.
            (.microseconds(0x5_0000_0005), .microseconds(0xFFFF_FFFE, width: 32), 7000),
            // Nanoseconds are cut to the microseconds of the other clock.
            (.microseconds(20), .nanoseconds(12_999), 8000), (.nanoseconds(20_999), .microseconds(12), 8000),
            (.nanoseconds(20_999), .nanoseconds(12_000), 8999),
            // 32 bits of nanoseconds, which wrap after 4.3 seconds.
            (
                ClockTime(ticks: 100, width: 32, resolution: 1),
                ClockTime(ticks: 0xFFFF_FFF0, width: 32, resolution: 1), 116
            ),
            // Half the range is before.
            (.microseconds(0x8000_0000, width: 32), .microseconds(0, width: 32), -2_147_483_648_000),
        ] as [(ClockTime, ClockTime, Int64)])
    func `a difference is taken in the narrower range and the coarser resolution`(
        later: ClockTime, earlier: ClockTime, difference: Int64
    ) {
        #expect(later.since(earlier) == difference)
    }

    @Test func `no time traps`() {
        let times = [0, 1, 1 << 31, 1 << 47, 1 << 63, UInt64.max].flatMap { ticks in
            [1, 32, 48, 63, 64].flatMap { width in
                [1, 1000, UInt32.max].map { ClockTime(ticks: ticks, width: width, resolution: $0) }
            }
        }
        for time in times {
            for other in times { _ = time.since(other) }
            _ = time.microseconds
            #expect(time.advanced(by: .max).moved(backBy: .max) == time)
        }
    }

    @Test func `microseconds are the clock's own`() {
        #expect(ClockTime.microseconds(0xFFFF_FFFF_FFFF).microseconds == 0xFFFF_FFFF_FFFF)
        #expect(ClockTime.nanoseconds(12_999).microseconds == 12)
    }
}
