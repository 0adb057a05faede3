// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc

/// The clock that switches, hosts and clients of one domain share, so that times of different places compare.
///
/// CLOCK_TAI, which has no leap seconds and which eBPF programs read too; CLOCK_REALTIME where the kernel's TAI is
/// missing or further than an hour from it, which cannot be a count of leap seconds.
public enum DomainClock {
    /// Nanoseconds since the clock's epoch.
    public static func nanoseconds() -> UInt64 { read(choice.clock) }

    /// Microseconds modulo 2^48: the form of a switch's timestamps on the wire.
    public static func microseconds() -> UInt64 { microseconds(ofNanoseconds: nanoseconds()) }

    /// Nanoseconds of this clock as microseconds modulo 2^48.
    public static func microseconds(ofNanoseconds nanoseconds: UInt64) -> UInt64 {
        (nanoseconds / 1000) & 0xffff_ffff_ffff
    }

    /// A kernel timestamp (those of packets are CLOCK_REALTIME) on this clock.
    public static func nanoseconds(ofRealtime realtime: UInt64) -> UInt64 {
        realtime &+ choice.aheadOfRealtime
    }

    /// For those that convert many kernel timestamps: what `nanoseconds(ofRealtime:)` adds.
    static var nanosecondsAheadOfRealtime: UInt64 { choice.aheadOfRealtime }

    /// Nanoseconds of CLOCK_MONOTONIC: for durations and deadlines within one machine.
    public static func monotonicNanoseconds() -> UInt64 { read(CLOCK_MONOTONIC) }

    /// Nanoseconds of CLOCK_REALTIME since 1970, for dates.
    public static func realtimeNanoseconds() -> UInt64 { read(CLOCK_REALTIME) }

    /// `CLOCK_TAI` or `CLOCK_REALTIME`.
    public static var name: String { choice.clock == CLOCK_TAI ? "CLOCK_TAI" : "CLOCK_REALTIME" }

    private struct Choice {
        let clock: clockid_t
        /// Nanoseconds, a whole number of seconds.
        let aheadOfRealtime: UInt64
    }

    private static let choice: Choice = {
        var probe = timespec()
        let second: UInt64 = 1_000_000_000
        guard unsafe clock_gettime(CLOCK_TAI, &probe) == 0 else {
            return Choice(clock: CLOCK_REALTIME, aheadOfRealtime: 0)
        }
        let realtime = read(CLOCK_REALTIME)
        let tai = read(CLOCK_TAI)
        let ahead = tai > realtime ? (tai - realtime + second / 2) / second : 0
        guard tai > realtime, ahead < 3600 else { return Choice(clock: CLOCK_REALTIME, aheadOfRealtime: 0) }
        return Choice(clock: CLOCK_TAI, aheadOfRealtime: ahead * second)
    }()

    /// Nanoseconds of processor time that all threads of this process have used, the kernel's work in their calls
    /// included.
    public static func processorNanoseconds() -> UInt64 { read(CLOCK_PROCESS_CPUTIME_ID) }

    /// Fails only for a clock that does not exist, and those named here do.
    private static func read(_ clock: clockid_t) -> UInt64 {
        var now = timespec()
        unsafe clock_gettime(clock, &now)
        return UInt64(truncatingIfNeeded: now.tv_sec) &* 1_000_000_000 &+ UInt64(truncatingIfNeeded: now.tv_nsec)
    }
}

/// A pause of the calling thread.
public enum Pause {
    /// Waits for this many microseconds, or until a signal arrives.
    public static func microseconds(_ count: UInt32) { usleep(count) }
}
