// SPDX-License-Identifier: Apache-2.0

/// What an engine is given beside its program.
public struct Configuration: Sendable {
    /// The largest frame taken in, and the largest that recirculation may make.
    public var maxFrameBytes = 9216
    /// Packets that queues, clones and multicast copies may hold in total. Memory is taken as it is first needed.
    public var maxPackets = 16384
    /// Queues a port, 1 to 8; a packet whose `priority` names none is dropped, as simple_switch does.
    public var priorityQueues = 1
    /// Packets an egress queue holds until `setQueueDepth`.
    public var queueDepth = 64
    /// Packets that wait to be resubmitted or recirculated.
    public var recirculationDepth = 1024
    /// Times one packet may be resubmitted or recirculated. simple_switch goes on for ever.
    public var maxPasses = 1024
    /// Start of the `random` extern and of the `random` hash algorithm.
    public var randomSeed: UInt64 = 0x5EED_0F_1234_5678
    /// Receives what `log_msg` and a failed `assert` write. Called on the packet path: limiting its rate is its own
    /// task.
    public var log: (@Sendable (String) -> Void)?

    /// Whether jumps are threaded and frequent pairs of operations run as one; only tests that compare both turn it off.
    package var joinsOperations = true

    /// The defaults.
    public init() {}
}
