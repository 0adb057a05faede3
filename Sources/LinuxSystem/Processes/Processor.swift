// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc

/// A processor of this machine.
public struct Processor: Hashable, Sendable {
    /// The kernel's number of the processor, from 0.
    public let number: Int32

    /// Those that the calling thread may run on, of the first 1,024.
    public static func usable() -> [Processor] {
        (0..<1024).map(Processor.init).filter { p4ni_may_run_on($0.number) == 1 }
    }

    /// How many processors of the machine are online.
    public static var onlineCount: Int { sysconf(Int32(_SC_NPROCESSORS_ONLN)) }

    private init(number: Int32) { self.number = number }

    /// Keeps the calling thread, and what it starts, on this processor from now on.
    public func pinThread() throws(SystemError) { try Self.restrictThread(to: [self]) }

    /// Keeps the calling thread, and what it starts, on these processors from now on.
    public static func restrictThread(to processors: [Processor]) throws(SystemError) {
        let numbers = processors.map(\.number)
        try SystemCall.run("sched_setaffinity", on: "processors \(numbers)") {
            unsafe numbers.withUnsafeBufferPointer { unsafe p4ni_restrict_thread($0.baseAddress, $0.count) }
        }
    }

    /// One turn of a loop that waits: leaves the core's means to others for a moment.
    @inline(__always)
    public static func relax() { p4ni_relax() }
}
