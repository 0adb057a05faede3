// SPDX-License-Identifier: Apache-2.0

internal import LinuxSystem

/// What an interface has received, and when that was asked.
struct InterfaceCount {
    let packets: UInt64
    let nanoseconds: UInt64

    /// By /proc/net/dev, which needs no /sys of the namespace's own.
    init(_ interface: String, in namespace: NetworkNamespace) throws {
        (packets, nanoseconds) = try namespace.perform {
            let file = try Descriptor.open("/proc/thread-self/net/dev", flags: 0)
            let text = String(decoding: try file.read(upTo: 1 << 16) ?? [], as: UTF8.self)
            let now = DomainClock.monotonicNanoseconds()
            for line in text.split(separator: "\n") {
                let words = line.split { $0 == " " || $0 == ":" }
                // The interface's name, then bytes and packets received.
                if words.count > 2, words[0] == interface, let packets = UInt64(words[2]) { return (packets, now) }
            }
            throw BenchmarkError(.notMeasured, "interface \(interface) is not in /proc/net/dev")
        }
    }

    /// Packets per second since `earlier`.
    func rate(since earlier: InterfaceCount) -> Double {
        Double(packets - earlier.packets) * 1e9 / Double(max(1, nanoseconds - earlier.nanoseconds))
    }
}
