// SPDX-License-Identifier: Apache-2.0

/// What a counter has seen.
public struct CounterValue: Sendable, Hashable, BitwiseCopyable {
    /// Packets counted.
    public var packets: UInt64
    /// Their bytes as received or recirculated.
    public var bytes: UInt64

    /// A value, 0 unless given.
    public init(packets: UInt64 = 0, bytes: UInt64 = 0) {
        self.packets = packets
        self.bytes = bytes
    }
}

/// The elements of an indirect `counter`.
struct CounterArray: ~Copyable, Sendable {
    let count: Int
    private let values: OwnedBuffer<CounterValue>

    init(count: Int) {
        self.count = count
        values = OwnedBuffer(count: count, repeating: CounterValue())
    }

    /// Out of range: nothing is counted.
    @inline(__always)
    func add(_ index: UInt64, bytes: UInt32) {
        guard index < UInt64(count) else { return }
        values[Int(index)].packets &+= 1
        values[Int(index)].bytes &+= UInt64(bytes)
    }

    subscript(index: Int) -> CounterValue {
        get { values[index] }
        nonmutating set { values[index] = newValue }
    }

    func reset() { values.fill(CounterValue()) }
}
