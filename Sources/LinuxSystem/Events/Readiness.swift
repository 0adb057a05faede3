// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Looks at descriptors without waiting or taking anything from them.
public enum Readiness {
    /// Whether there is something to read: for a `SignalDescriptor`, that a signal has come.
    public static func isReadable(_ descriptor: Int32) -> Bool {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return unsafe poll(&entry, 1, 0) == 1
    }
}
