// SPDX-License-Identifier: Apache-2.0

internal import BPF
internal import CHostPrograms

/// The maps of the programs, by what is in them.
struct HostMaps: ~Copyable, Sendable {
    let index: BPFMap
    let slots: BPFMap
    let counters: BPFMap
    let totals: BPFMap
    let attachment: BPFMap

    /// Names of the pins, and with `p4ni_` in front those in the object.
    enum Name: String, CaseIterable {
        case index, slots, counts, total, attached

        var inObject: String { "p4ni_\(rawValue)" }
    }

    init(_ object: borrowing LoadedObject) throws(BPFError) {
        let index = try object.map(named: Name.index.inObject)
        let slots = try object.map(named: Name.slots.inObject)
        let counters = try object.map(named: Name.counts.inObject)
        let totals = try object.map(named: Name.total.inObject)
        let attachment = try object.map(named: Name.attached.inObject)
        self.init(index: index, slots: slots, counters: counters, totals: totals, attachment: attachment)
    }

    init(pinnedIn directory: PinDirectory) throws(BPFError) {
        let index = try BPFMap(pinnedAt: directory.path(of: .map(.index)))
        let slots = try BPFMap(pinnedAt: directory.path(of: .map(.slots)))
        let counters = try BPFMap(pinnedAt: directory.path(of: .map(.counts)))
        let totals = try BPFMap(pinnedAt: directory.path(of: .map(.total)))
        let attachment = try BPFMap(pinnedAt: directory.path(of: .map(.attached)))
        self.init(index: index, slots: slots, counters: counters, totals: totals, attachment: attachment)
    }

    private init(
        index: consuming BPFMap, slots: consuming BPFMap, counters: consuming BPFMap, totals: consuming BPFMap,
        attachment: consuming BPFMap
    ) {
        self.index = index
        self.slots = slots
        self.counters = counters
        self.totals = totals
        self.attachment = attachment
    }

    func pin(in directory: PinDirectory) throws(BPFError) {
        try index.pin(at: directory.path(of: .map(.index)))
        try slots.pin(at: directory.path(of: .map(.slots)))
        try counters.pin(at: directory.path(of: .map(.counts)))
        try totals.pin(at: directory.path(of: .map(.total)))
        try attachment.pin(at: directory.path(of: .map(.attached)))
    }

    func counts() throws(BPFError) -> FrameCounts {
        // Behind the counters lies what each processor is working on.
        FrameCounts(Array(try counters.readCounters().prefix(Int(P4NI_REASONS.rawValue))))
    }

    func answered() throws(BPFError) -> UInt64 {
        var value = p4ni_totals()
        try totals.read(&value)
        return value.answered
    }

    func readAttachment() throws(BPFError) -> p4ni_attachment {
        var value = p4ni_attachment()
        try attachment.read(&value)
        return value
    }

    /// Counts the full slots. A snapshot: the programs go on meanwhile.
    func waiting() throws(BPFError) -> Int {
        var full = 0
        for number in 0..<index.maximumEntries {
            var set = p4ni_set()
            try index.read(&set, at: UInt32(number))
            let words = [
                set.state.0, set.state.1, set.state.2, set.state.3, set.state.4, set.state.5, set.state.6, set.state.7,
            ]
            full += words.count { $0 & 3 == UInt64(P4NI_PHASE_FULL) }
        }
        return full
    }

    func memory() -> Int? {
        guard let index = index.memory(), let slots = slots.memory(), let counters = counters.memory() else {
            return nil
        }
        return index + slots + counters + (totals.memory() ?? 0) + (attachment.memory() ?? 0)
    }
}
