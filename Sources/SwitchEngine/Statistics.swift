// SPDX-License-Identifier: Apache-2.0

/// What a switch has counted since it started.
public struct Statistics: Sendable, Hashable {
    /// The counts of one port.
    public struct Port: Sendable, Hashable {
        /// The port's number, 0 to 511.
        public var number: Int
        /// Packets and bytes that arrived.
        public var received = CounterValue()
        /// Packets and bytes handed to the output.
        public var sent = CounterValue()
        /// Packets by why they ended, at the port they came in by or were to leave by; zeros are left out.
        public var drops: [DropReason: UInt64] = [:]

        /// A port without counts.
        public init(number: Int) { self.number = number }
    }

    /// Ports that saw anything, by number.
    public var ports: [Port]

    /// The counts of some ports.
    public init(ports: [Port] = []) { self.ports = ports }

    /// Drops of all ports by reason.
    public var drops: [DropReason: UInt64] {
        ports.reduce(into: [:]) { sums, port in sums.merge(port.drops) { $0 + $1 } }
    }
}

/// The counters that `Statistics` is made of, as the packet path increments them.
struct PortCounters: ~Copyable, Sendable {
    private let received = OwnedBuffer<CounterValue>(count: EgressQueues.portCount, repeating: CounterValue())
    private let sent = OwnedBuffer<CounterValue>(count: EgressQueues.portCount, repeating: CounterValue())
    private let drops = OwnedBuffer<UInt64>(
        count: EgressQueues.portCount * DropReason.allCases.count, repeating: 0)
    /// `allCases` makes an array each time, which the packet path must not.
    private let reasonCount = DropReason.allCases.count

    @inline(__always)
    func receive(_ port: Int, bytes: Int) {
        received[port].packets &+= 1
        received[port].bytes &+= UInt64(bytes)
    }

    @inline(__always)
    func send(_ port: Int, bytes: Int) {
        sent[port].packets &+= 1
        sent[port].bytes &+= UInt64(bytes)
    }

    @inline(__always)
    func drop(_ port: Int, _ reason: DropReason, count: UInt64 = 1) {
        drops[port &* reasonCount &+ reason.rawValue] &+= count
    }

    func snapshot() -> Statistics {
        var ports: [Statistics.Port] = []
        for number in 0..<EgressQueues.portCount {
            var port = Statistics.Port(number: number)
            port.received = received[number]
            port.sent = sent[number]
            for reason in DropReason.allCases {
                let count = drops[number * reasonCount + reason.rawValue]
                if count > 0 { port.drops[reason] = count }
            }
            if port != Statistics.Port(number: number) { ports.append(port) }
        }
        return Statistics(ports: ports)
    }
}
