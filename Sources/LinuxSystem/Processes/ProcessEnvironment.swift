// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// This process's environment, as the programs it starts inherit it.
public enum ProcessEnvironment {
    /// To be called before there is a second thread.
    public static func set(_ name: String, to value: String) {
        unsafe _ = setenv(name, value, 1)
    }
}
