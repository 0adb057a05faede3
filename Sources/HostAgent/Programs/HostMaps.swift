// SPDX-License-Identifier: Apache-2.0

internal import BPF
internal import CHostPrograms
internal import LinuxSystem

/// The maps that the programs of an attachment share, by their names in the objects.
struct HostMaps: Sendable {
    private var maps: [String: Shared<BPFMap>] = [:]

    init() {}

    /// All that are pinned there.
    init(pinnedIn directory: PinDirectory) throws(BPFError) {
        for name in directory.mapNames() { add(try BPFMap(pinnedAt: directory.path(ofMap: name)), as: name) }
    }

    var names: [String] { maps.keys.sorted() }

    subscript(_ name: String) -> Shared<BPFMap>? { maps[name] }

    mutating func add(_ map: consuming BPFMap, as name: String) { maps[name] = Shared(map) }

    mutating func add(_ map: Shared<BPFMap>, as name: String) { maps[name] = map }

    func map(_ name: String) throws(BPFError) -> Shared<BPFMap> {
        guard let map = maps[name] else { throw BPFError("find map", name, errno: Errno.noEntry.rawValue) }
        return map
    }

    func pin(in directory: PinDirectory) throws(BPFError) {
        for name in names { try maps[name]?.value.pin(at: directory.path(ofMap: name)) }
    }

    /// Bytes of kernel memory of all of them; nil where the kernel does not report it.
    func memory() -> Int? {
        let each = maps.values.map { $0.value.memory() }
        return each.contains(nil) ? nil : each.reduce(0) { $0 + ($1 ?? 0) }
    }
}

extension HostMaps {
    func counts(of role: HostRole = .server) throws(BPFError) -> FrameCounts {
        // The counters are the first of what each processor has.
        FrameCounts(
            Array(try map("p4ni_counts").value.readCounters().prefix(Int(P4NI_REASONS.rawValue))),
            of: FrameReason.allCases.filter { role != .client || $0.isMetByClients })
    }

    func answered() throws(BPFError) -> UInt64 {
        var value = p4ni_totals()
        try map("p4ni_total").value.read(&value)
        return value.answered
    }

    /// Counts the full slots, and finds the oldest request in them. A snapshot: the programs go on while it is made.
    /// - Returns: the oldest request's age in nanoseconds, 0 without one.
    func waiting() throws(BPFError) -> (count: Int, oldest: UInt64) {
        let index = try map("p4ni_index")
        let now = DomainClock.monotonicNanoseconds()
        var full = 0
        var oldest: UInt64 = 0
        for number in 0..<index.value.maximumEntries {
            var set = p4ni_set()
            try index.value.read(&set, at: UInt32(number))
            let words = [
                set.state.0, set.state.1, set.state.2, set.state.3, set.state.4, set.state.5, set.state.6, set.state.7,
            ]
            for word in words where word & 3 == UInt64(P4NI_PHASE_FULL) {
                full += 1
                oldest = max(oldest, Self.age(ofState: word, at: now))
            }
        }
        return (full, oldest)
    }

    /// A full slot's state word has the lower bits of its request's arrival, in steps of 2^P4NI_STAMP_SHIFT ns, in front.
    private static func age(ofState word: UInt64, at now: UInt64) -> UInt64 {
        let shift = UInt64(P4NI_PHASE_BITS + P4NI_TAG_BITS)
        let bits = 64 - shift
        let steps = ((now >> UInt64(P4NI_STAMP_SHIFT)) &- (word >> shift)) & (1 << bits - 1)
        // What arrived while this was read looks as if it had not arrived yet.
        return steps >> (bits - 1) == 0 ? steps << UInt64(P4NI_STAMP_SHIFT) : 0
    }
}
