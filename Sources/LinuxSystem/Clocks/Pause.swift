// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// A pause of the calling thread.
public enum Pause {
    /// Waits for this many microseconds, or until a signal arrives.
    public static func microseconds(_ count: UInt32) { usleep(count) }
}
