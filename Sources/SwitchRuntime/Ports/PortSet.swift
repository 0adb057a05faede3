// SPDX-License-Identifier: Apache-2.0

import LinuxSystem
import SwitchEngine

/// The switch's ports, in the order they were given, and the engine's way out through them.
@safe
struct PortSet: ~Copyable, PacketOutput {
    private let ports: UnsafeMutablePointer<Port>
    private let capacity: Int
    private(set) var count = 0
    /// For each port number the place of its port; -1 for none.
    private var places = [Int](repeating: -1, count: 512)
    /// The time by which frames sent now begin their way.
    var now: UInt64 = 0

    init(capacity: Int) {
        self.capacity = capacity
        unsafe ports = .allocate(capacity: max(capacity, 1))
    }

    deinit {
        unsafe ports.deinitialize(count: count)
        unsafe ports.deallocate()
    }

    mutating func append(_ port: consuming Port) {
        precondition(count < capacity)
        places[port.options.number] = count
        unsafe (ports + count).initialize(to: port)
        count += 1
    }

    subscript(place: Int) -> Port {
        unsafeAddress {
            precondition(place >= 0 && place < count)
            return unsafe UnsafePointer(ports + place)
        }
        unsafeMutableAddress {
            precondition(place >= 0 && place < count)
            return unsafe ports + place
        }
    }

    mutating func transmit(_ frame: borrowing OutgoingFrame, port: Int) -> DropReason? {
        let place = places[port]
        guard place >= 0 else { return .noPort }
        return self[place].send(frame, now: now)
    }

    /// Ends the ways that are over and hands everything staged to the kernel.
    mutating func flush() {
        for place in 0..<count {
            self[place].sendDelayed(now)
            self[place].flush()
        }
    }

    var nextDue: UInt64? {
        var earliest: UInt64?
        for place in 0..<count {
            if let due = self[place].nextDue { earliest = min(earliest ?? .max, due) }
        }
        return earliest
    }

    /// Whether a frame waits to be received.
    var hasArrivals: Bool {
        for place in 0..<count where self[place].ring.hasArrivals { return true }
        return false
    }

    /// Whether an interface did not take all that was handed to it.
    var hasUnsent: Bool {
        for place in 0..<count where self[place].ring.staged > 0 { return true }
        return false
    }

    var areLinksEmpty: Bool {
        for place in 0..<count where !self[place].isLinkEmpty { return false }
        return true
    }

    var areAllGone: Bool {
        for place in 0..<count where self[place].health != .gone { return false }
        return true
    }
}
