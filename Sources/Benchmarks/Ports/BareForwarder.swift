// SPDX-License-Identifier: Apache-2.0

public import LinuxSystem
internal import SwitchRuntime

/// The least a switch can do: every frame of one interface leaves by the other, over the same rings and with the same
/// waits as a switch's, and nothing is looked at. What a switch's program costs is measured against it.
public struct BareForwarder: ~Copyable {
    private static let batch = 32

    private var first: PacketRing
    private var second: PacketRing

    /// Opens packet rings on two interfaces of this network namespace.
    /// - Throws: if an interface does not exist or the caller may not open it.
    public init(_ first: String, _ second: String) throws(SystemError) {
        let one = try Self.open(first)
        let other = try Self.open(second)
        self.first = one
        self.second = other
    }

    private static func open(_ interface: String) throws(SystemError) -> PacketRing {
        let port = try Port(PortOptions(number: 1, interface: interface))
        return port.intoRing()
    }

    /// Forwards until SIGINT or SIGTERM.
    public mutating func run(onReady: () -> Void) throws(SystemError) {
        let signals = try SignalDescriptor([.interrupt, .terminate])
        var epoll = try Epoll()
        try epoll.add(signals.number, for: .readable, token: 0)
        try epoll.add(first.number, for: .readable, token: 1)
        try epoll.add(second.number, for: .readable, token: 2)
        onReady()
        var busyTurns = 0
        while true {
            let moved = Self.move(from: &first, to: &second) + Self.move(from: &second, to: &first)
            busyTurns = moved > 0 ? busyTurns + 1 : 0
            if busyTurns % 16 != 0 { continue }
            var failed = false
            try epoll.wait(milliseconds: busyTurns > 0 ? 0 : nil) { failed = failed || $0.ready.contains(.error) }
            if failed {
                _ = first.consumeFailure()
                _ = second.consumeFailure()
            }
            if try signals.next() != nil { return }
        }
    }

    private static func move(from source: inout PacketRing, to target: inout PacketRing) -> Int {
        let count = source.receive(limit: batch) { frame, _ in _ = target.stage(frame) }
        if count > 0 { target.flush() }
        return count
    }
}
