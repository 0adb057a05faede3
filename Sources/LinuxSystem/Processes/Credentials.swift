// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Who runs this process.
public enum Credentials {
    /// Whether it runs as root.
    public static var isRoot: Bool { geteuid() == 0 }
}
