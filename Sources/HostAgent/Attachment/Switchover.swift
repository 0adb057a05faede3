// SPDX-License-Identifier: Apache-2.0

internal import BPF
internal import LinuxSystem

/// Puts the programs that are pinned in a generation on their hooks. It can be broken off anywhere and run again, by
/// another process too: a hook that has its program is passed over.
struct Switchover {
    let pins: AttachmentPins
    let place: InterfacePlace
    let next: PinDirectory
    /// The same programs as they were loaded, which know more than pins do; empty in another process.
    var loaded: [HostHook: Shared<BPFProgram>] = [:]

    func run() throws {
        let hooks = next.pendingHooks()
        // What saves and restores first: if that fails, everything can go back to what it was.
        for hook in hooks where hook.isEssential { try put(program(at: hook).value, at: hook) }
        for hook in hooks where !hook.isEssential {
            do {
                try put(program(at: hook).value, at: hook)
            } catch {
                try next.write(AbsentPart(name: hook.name, reason: "\(error)"))
            }
        }
        for hook in hooks { try next.unpin(next.path(ofProgramAt: hook)) }
    }

    private func program(at hook: HostHook) throws(BPFError) -> Shared<BPFProgram> {
        if let program = loaded[hook] { return program }
        return Shared(try BPFProgram(pinnedAt: next.path(ofProgramAt: hook)))
    }

    private func put(_ program: borrowing BPFProgram, at hook: HostHook) throws {
        if next.hooks().contains(hook) { return try update(BPFLink(pinnedAt: next.path(of: hook)), to: program) }
        if hook == .egress, let filter = next.filter(interfaceIndex: place.index) {
            return try replace(filter, by: program)
        }
        // Such a link cannot be updated: the old one goes first, because both at once would count twice.
        for generation in pins.generations where generation != next && generation.hooks().contains(hook) {
            try generation.unpin(generation.path(of: hook))
        }
        try HookAttachment(place: place, generation: next).attach(program, at: hook)
    }

    private func update(_ link: borrowing BPFLink, to program: borrowing BPFProgram) throws(BPFError) {
        let number = try program.id()
        if try link.information().programID != number { try link.update(to: program) }
    }

    private func replace(_ filter: ClassicFilter, by program: borrowing BPFProgram) throws(BPFError) {
        let number = try program.id()
        if filter.programID() != number { try filter.attach(program) }
    }

    /// Puts back what was on the hooks that everything depends on.
    func revert(to before: Programs) {
        for (hook, program) in before.byHook { try? put(program.value, at: hook) }
    }

    /// The programs that are on the hooks of a generation.
    struct Programs {
        fileprivate var byHook: [HostHook: Shared<BPFProgram>] = [:]

        init(on generation: PinDirectory, _ place: InterfacePlace) {
            for hook in generation.hooks() where hook.isEssential {
                let link = try? BPFLink(pinnedAt: generation.path(of: hook)).information()
                if let number = link?.programID { hold(number, at: hook) }
            }
            if let number = generation.filter(interfaceIndex: place.index)?.programID() { hold(number, at: .egress) }
        }

        private mutating func hold(_ number: UInt32, at hook: HostHook) {
            if let program = try? BPFProgram(id: number) { byHook[hook] = Shared(program) }
        }
    }
}
