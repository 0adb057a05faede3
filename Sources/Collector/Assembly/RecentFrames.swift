// SPDX-License-Identifier: Apache-2.0

/// Fingerprints of the latest frames, to know one that comes twice. Bounded: the oldest give way.
struct RecentFrames {
    /// Nanoseconds after which equal bytes are not the same frame any more.
    static let window: UInt64 = 1_000_000_000

    private var times: [UInt64: UInt64] = [:]
    private var order: [UInt64] = []
    private var oldest = 0
    private let capacity: Int

    init(capacity: Int = 4096) {
        self.capacity = capacity
        times.reserveCapacity(capacity)
        order.reserveCapacity(capacity)
    }

    /// Whether these bytes were seen within the window; remembers them if not.
    mutating func containsOrRemembers(_ bytes: Span<UInt8>, at time: UInt64) -> Bool {
        let print = Self.fingerprint(bytes)
        if let seen = times[print] {
            if time &- seen < Self.window { return true }
            times[print] = time
            return false
        }
        if order.count < capacity {
            order.append(print)
        } else {
            times[order[oldest]] = nil
            order[oldest] = print
            oldest = (oldest + 1) % capacity
        }
        times[print] = time
        return false
    }

    /// FNV-1a over 64 bits. Two frames of a second that collide by chance are rarer than lost ones.
    private static func fingerprint(_ bytes: Span<UInt8>) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for index in bytes.indices { hash = (hash ^ UInt64(bytes[index])) &* 0x100_0000_01B3 }
        return hash
    }
}
