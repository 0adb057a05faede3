// SPDX-License-Identifier: Apache-2.0

internal import LinuxSystem
internal import Synchronization
internal import Workload

/// Frames as fast as the kernel makes them, from a thread of their own.
final class Overload {
    private let thread: BackgroundThread<Void>
    private let ended: Flag

    init(
        _ interface: String, _ frame: LoadFrame, _ count: Int, in namespace: NetworkNamespace, processors: [Processor]
    ) throws {
        let flag = Flag()
        thread = try BackgroundThread(in: namespace) {
            defer { flag.isSet.withLock { $0 = true } }
            try Processor.restrictThread(to: processors)
            try LiveSender(interface: interface, frame: frame).send(count)
        }
        ended = flag
    }

    private final class Flag: Sendable {
        let isSet = Mutex(false)
    }

    var isRunning: Bool { !ended.isSet.withLock { $0 } }

    func wait() throws { try thread.join() }
}
