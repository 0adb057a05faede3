// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc

/// Time that processors have spent on us, the kernel's work in our calls included.
public enum ProcessorTime {
    /// Nanoseconds of all threads of this process so far.
    public static func ofProcess() -> UInt64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
