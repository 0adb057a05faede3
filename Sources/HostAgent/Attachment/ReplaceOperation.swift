// SPDX-License-Identifier: Apache-2.0

internal import BPF
internal import CHostPrograms

/// The steps of putting programs in place of those that are attached, while traffic flows: every frame meets the old
/// ones or the new ones. The hooks stay as they were chosen when the interface was first attached to.
struct ReplaceOperation {
    let interface: String
    let place: InterfacePlace
    let pins: AttachmentPins
    let options: AttachOptions

    func run() throws(HostAgentError) -> HostStatus {
        do {
            guard let old = pins.current else { throw HostAgentError(.notAttached, interface: interface) }
            let kept = keptMaps(old)
            let seed = kept == nil ? UInt64.random(in: 1 ... .max) : old.record()?.seed ?? 0
            let plan = ProgramPlan.of(options, seed: seed, namespace: place.namespace)
            let loaded = try LoadedPrograms(plan, keeping: kept ?? HostMaps())
            let before = kept == nil ? nil : try HostMaps(pinnedIn: old)
            try before.map { (maps) throws(BPFError) in try loaded.maps.keepMarks(of: maps) }
            try replace(old, by: loaded, AttachmentRecord(plan.role, interface, options, seed: seed))
            let lostMarks = before.flatMap { reasonMarksAreLost(from: $0, to: loaded.maps) }
            guard let new = pins.current else { throw HostAgentError(.notAttached, interface: interface) }
            var status = try HostStatus(interface, place, pinnedIn: new)
            status.keptMaps = kept != nil
            status.lostMarks = lostMarks
            return status
        } catch {
            throw HostAgentError(error, interface: interface)
        }
    }

    /// Carries over the ports that were first used during the replacement. The programs are replaced by now, and stay
    /// so if it fails.
    private func reasonMarksAreLost(from old: HostMaps, to new: HostMaps) -> String? {
        do throws(BPFError) {
            try new.keepMarks(of: old)
            return nil
        } catch {
            return "\(error)"
        }
    }

    /// The maps that the new programs go on with, nil if they differ in version, role or any layout. All or none: a
    /// store with one new part would be useless.
    private func keptMaps(_ old: PinDirectory) -> HostMaps? {
        guard let record = old.record(), record.version == Int(P4NI_ABI_VERSION),
            let maps = try? HostMaps(pinnedIn: old)
        else { return nil }
        let plan = ProgramPlan.of(options, seed: record.seed, namespace: place.namespace)
        guard record.role == plan.role, let kept = try? plan.keep(maps) else { return nil }
        return kept
    }

    private func replace(_ old: PinDirectory, by loaded: LoadedPrograms, _ record: AttachmentRecord) throws {
        let before = Switchover.Programs(on: old, place)
        let next = try pins.makeGeneration()
        do {
            try prepare(next, from: old, loaded, record)
        } catch {
            try? next.remove()
            throw error
        }
        try pins.makeCurrent(next)
        let switchover = Switchover(pins: pins, place: place, next: next, loaded: loaded.programs)
        do {
            try switchover.run()
        } catch {
            switchover.revert(to: before)
            try? pins.makeCurrent(old)
            try? next.remove()
            throw error
        }
        // What stays is removed by whoever comes next.
        try? pins.removeAllButCurrent()
    }

    /// Pins all that the new generation needs to be completed by whoever comes next.
    private func prepare(
        _ next: PinDirectory, from old: PinDirectory, _ loaded: LoadedPrograms, _ record: AttachmentRecord
    ) throws {
        var record = record
        record.xdpMode = old.record()?.xdpMode
        try next.write(record)
        if let filter = old.filter(interfaceIndex: place.index) { try next.write(filter) }
        for part in loaded.absent { try next.write(part) }
        try loaded.maps.pin(in: next)
        for (hook, program) in loaded.programs {
            try program.value.pin(at: next.path(ofProgramAt: hook))
            guard hook.canBeUpdated, old.hooks().contains(hook) else { continue }
            try BPFLink(pinnedAt: old.path(of: hook)).pin(at: next.path(of: hook))
        }
    }
}
