// SPDX-License-Identifier: Apache-2.0

internal import CLinux

/// A processor of this machine.
public struct Processor: Hashable, Sendable {
    public let number: Int32

    /// Those that the calling thread may run on.
    public static func usable() -> [Processor] {
        (0..<1024).map(Processor.init).filter { p4ni_may_run_on($0.number) == 1 }
    }

    private init(number: Int32) { self.number = number }

    /// Keeps the calling thread on this processor from now on.
    public func pinThread() throws(SystemError) {
        try SystemCall.run("sched_setaffinity", on: "processor \(number)") { p4ni_pin_thread(number) }
    }
}
