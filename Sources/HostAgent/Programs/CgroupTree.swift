// SPDX-License-Identifier: Apache-2.0

internal import BPF
internal import LinuxSystem

/// The second version's tree of cgroups, which eBPF programs can be attached to.
enum CgroupTree {
    /// Where it is mounted: /sys/fs/cgroup, or beside the first version's trees at /sys/fs/cgroup/unified.
    static func root() throws(BPFError) -> String {
        guard let mounts = FileSystem.text(of: "/proc/thread-self/mounts"), let path = root(in: mounts) else {
            throw BPFError("find", "cgroup2 in /proc/mounts", errno: Errno.noEntry.rawValue)
        }
        return path
    }

    static func root(in mounts: String) -> String? {
        for line in mounts.split(separator: "\n") {
            let fields = line.split(separator: " ")
            if fields.count > 2, fields[2] == "cgroup2" { return String(fields[1]) }
        }
        return nil
    }
}
