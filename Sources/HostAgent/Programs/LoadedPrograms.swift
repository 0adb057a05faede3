// SPDX-License-Identifier: Apache-2.0

internal import BPF
internal import EmbeddedPrograms
internal import LinuxSystem

/// The programs of a plan in the kernel, not yet attached, with the maps they share.
struct LoadedPrograms: Sendable {
    private(set) var programs: [HostHook: Shared<BPFProgram>] = [:]
    private(set) var maps = HostMaps()
    /// Optional programs that the kernel refused.
    private(set) var absent: [AbsentPart] = []

    /// - Parameter keeping: maps that exist, used in place of those of their name.
    init(_ plan: ProgramPlan, keeping kept: HostMaps = HostMaps()) throws(BPFError) {
        maps = kept
        for object in plan.objects { try load(object, plan) }
        try plan.fill(maps)
    }

    func program(at hook: HostHook) throws(BPFError) -> Shared<BPFProgram> {
        guard let program = programs[hook] else {
            throw BPFError("find program", hook.name, errno: Errno.noEntry.rawValue)
        }
        return program
    }

    private mutating func load(_ object: ProgramPlan.Object, _ plan: ProgramPlan) throws(BPFError) {
        do {
            try load(object.programs, of: object, plan)
        } catch {
            let required = object.programs.filter(\.isRequired)
            if required.count == object.programs.count { throw error }
            if !required.isEmpty { try load(required, of: object, plan) }
            for program in object.programs where !program.isRequired {
                do {
                    try load([program], of: object, plan)
                } catch {
                    absent.append(AbsentPart(name: program.hook.name, reason: "\(error)"))
                }
            }
        }
    }

    private mutating func load(
        _ chosen: [ProgramPlan.Program], of object: ProgramPlan.Object, _ plan: ProgramPlan
    ) throws(BPFError) {
        let file = try ObjectFile(named: object.name, image: object.image.bytes)
        try file.loadOnly(chosen.map(\.name))
        try plan.configure(file)
        let names = file.mapNames()
        for name in names {
            if let map = maps[name] { try file.use(map.value, as: name) }
        }
        let loaded = try file.load()
        for name in names where maps[name] == nil { maps.add(try loaded.map(named: name), as: name) }
        for program in chosen { programs[program.hook] = Shared(try loaded.program(named: program.name)) }
    }
}

/// A part that an attachment does without, and why.
public struct AbsentPart: Sendable, Hashable, Encodable {
    /// The name of the hook.
    public let name: String
    /// What the kernel reported.
    public let reason: String
}
