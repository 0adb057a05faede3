// SPDX-License-Identifier: Apache-2.0

internal import BPF
internal import CHostPrograms
internal import LinuxSystem
internal import TelemetryFormats

/// The steps of one attach to an interface that has nothing of ours. A step that fails undoes those before it.
struct AttachOperation {
    let interface: String
    let place: InterfacePlace
    let pins: AttachmentPins
    let options: AttachOptions

    func run() throws(HostAgentError) -> HostStatus {
        do {
            let seed = UInt64.random(in: 1 ... .max)
            let plan = ProgramPlan.of(options, seed: seed, namespace: place.namespace)
            let loaded = try LoadedPrograms(plan)
            do {
                return try attach(loaded, plan, AttachmentRecord(plan.role, interface, options, seed: seed))
            } catch {
                // Links that are not pinned, and with them the programs, went when `attach` was left.
                try? pins.remove()
                throw error
            }
        } catch {
            throw HostAgentError(error, interface: interface)
        }
    }

    /// XDP comes last: nothing is saved before there is what restores it. A client inserts nothing before that.
    private func attach(
        _ loaded: LoadedPrograms, _ plan: ProgramPlan, _ record: AttachmentRecord
    ) throws -> HostStatus {
        let generation = try pins.makeGeneration()
        _ = try loaded.maps.pauseInsertion()
        try loaded.maps.pin(in: generation)
        for part in loaded.absent { try generation.write(part) }
        try attachEgress(loaded.program(at: .egress).value, generation)
        do {
            for planned in plan.programs where planned.hook != .xdp && planned.hook != .egress {
                try HookAttachment(place: place, generation: generation).attach(planned, loaded.programs[planned.hook])
            }
            return try complete(generation, loaded, record)
        } catch {
            try? generation.filter(interfaceIndex: place.index)?.detach()
            throw error
        }
    }

    private func complete(
        _ generation: PinDirectory, _ loaded: LoadedPrograms, _ record: AttachmentRecord
    ) throws -> HostStatus {
        let xdp = try attachXDP(loaded.program(at: .xdp).value, generation)
        if record.role != .server { try loaded.maps.write(options.client) }
        var record = record
        record.xdpMode = xdp.mode
        try generation.write(record)
        try pins.makeCurrent(generation)
        var status = try HostStatus(interface, place, pinnedIn: generation)
        status.nativeRefusal = xdp.nativeRefusal
        return status
    }

    private func attachXDP(
        _ program: borrowing BPFProgram, _ generation: PinDirectory
    ) throws -> (mode: XDPMode, nativeRefusal: String?) {
        var refusal: String?
        if options.xdp == .automatic {
            do {
                try attachXDP(program, .native, generation)
                return (.native, nil)
            } catch {
                try rethrowIfFinal(error)
                // The driver has no XDP, or not with this interface's settings, such as a large MTU.
                refusal = "\(error)"
            }
        }
        do {
            try attachXDP(program, .generic, generation)
            return (.generic, refusal)
        } catch {
            try rethrowIfFinal(error)
            throw error
        }
    }

    private func attachXDP(
        _ program: borrowing BPFProgram, _ mode: XDPMode, _ generation: PinDirectory
    ) throws(BPFError) {
        try BPFLink.attachXDP(program, to: place.index, mode: mode).pin(at: generation.path(of: .xdp))
    }

    /// Errors that another mode would meet too.
    private func rethrowIfFinal(_ error: BPFError) throws {
        if [Errno.busy, .exists].contains(Errno(rawValue: error.errno)) {
            throw HostAgentError(.occupied, interface: interface)
        }
        if error.isLackOfPrivilege { throw error }
    }

    /// By link, or as a filter where the kernel has no TCX.
    private func attachEgress(_ program: borrowing BPFProgram, _ generation: PinDirectory) throws {
        if options.trafficControl == .automatic, try attachByLink(program, generation) { return }
        let filter = try ClassicFilter.prepare(interfaceIndex: place.index)
        // Written down first: a filter outlives whoever made it.
        try generation.write(filter)
        try filter.attach(program)
    }

    /// - Returns: whether the kernel has TCX (Linux 6.6).
    private func attachByLink(
        _ program: borrowing BPFProgram, _ generation: PinDirectory
    ) throws(BPFError) -> Bool {
        do {
            try BPFLink.attachEgress(program, to: place.index).pin(at: generation.path(of: .egress))
            return true
        } catch {
            guard [Errno.invalidArgument, .notSupported].contains(Errno(rawValue: error.errno)) else { throw error }
            return false
        }
    }
}

extension AttachmentRecord {
    /// The record of what is attached now.
    init(_ role: HostRole, _ interface: String, _ options: AttachOptions, seed: UInt64) {
        self.init(
            role: role, interface: interface, referenceLevel: Int(options.referenceLevel.rawValue),
            maximumRequests: role == .client ? 0 : options.maximumRequests,
            since: DomainClock.realtimeNanoseconds(), seed: seed)
        trust = options.trust.summary
    }
}
