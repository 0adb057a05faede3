// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import LinuxSystem
public import Testing

extension Trait where Self == ConditionTrait {
    /// For tests that make network namespaces or load eBPF programs. Without the privilege they are skipped, except
    /// where the variable CI is set: there they run, and fail.
    public static var needsRoot: ConditionTrait {
        .enabled(
            if: geteuid() == 0 || SpawnRequest.environmentOfCaller()["CI"] != nil,
            "network namespaces and eBPF need root")
    }
}
