// SPDX-License-Identifier: Apache-2.0

internal import CLinux

/// The mounts that a thread sees.
public enum MountNamespace {
    /// Runs `body` on a thread of its own that sees the mounts of process 1, in the caller's network namespace.
    ///
    /// `ip netns exec` gives its program a private copy of the mounts, with another /sys: what is mounted or pinned
    /// there goes with the program. Where process 1 may not be asked, the furthest ancestor that may is; where none
    /// may, the caller's mounts are used.
    public static func performInInitial<Value: ~Copyable, Failure: Error>(
        _ body: () throws(Failure) -> Value
    ) throws(Failure) -> Value {
        try OwnThread.run { () throws(Failure) in
            _ = p4ni_enter_initial_mount_namespace()
            return try body()
        }
    }
}
