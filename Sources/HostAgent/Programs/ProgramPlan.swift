// SPDX-License-Identifier: Apache-2.0

internal import BPF
internal import EmbeddedPrograms
internal import LinuxSystem

/// What one role of a host consists of: objects, the programs in them and the hooks they go to.
///
/// To add programs: compile a unit of `bpf/` (plugin CompileBPF) and add it here as an object. Maps that objects
/// declare under one name are one map; all of them are pinned, as `map_` and their name without `p4ni_`.
struct ProgramPlan: Sendable {
    struct Program: Sendable, Hashable {
        /// The function's name in the object.
        let name: String
        let hook: HostHook
        /// Without a required program nothing is attached; without another one, the reason is kept for `host status`.
        let isRequired: Bool

        static func required(_ name: String, at hook: HostHook) -> Program {
            Program(name: name, hook: hook, isRequired: true)
        }

        static func optional(_ name: String, at hook: HostHook) -> Program {
            Program(name: name, hook: hook, isRequired: false)
        }
    }

    /// A compiled unit. Its programs are loaded together; optional ones each by itself if that fails.
    struct Object: Sendable {
        let name: String
        let image: EmbeddedImage
        let programs: [Program]
    }

    /// The XDP program of each role.
    static func xdpProgram(of role: HostRole) -> String {
        switch role {
        case .server: "p4ni_xdp_strip"
        case .client: "p4ni_xdp_client"
        case .both: "p4ni_xdp_both"
        }
    }

    let role: HostRole
    /// In the order of loading; maps are made by the first that declares them.
    let objects: [Object]
    /// Sizes maps and fills constants; called for every object before it is loaded, so it looks what is there.
    let configure: @Sendable (borrowing ObjectFile) throws(BPFError) -> Void
    /// Writes what the programs look up in maps; called once, before anything is attached.
    let fill: @Sendable (HostMaps) throws(BPFError) -> Void
    /// Maps that hold only what `fill` writes: a replacement makes new ones.
    var filled: Set<String> = []

    var programs: [Program] { objects.flatMap(\.programs) }

    /// The existing maps that the plan's programs can go on with.
    ///
    /// Throws (EINVAL) if one has another layout.
    func keep(_ maps: HostMaps) throws(BPFError) -> HostMaps {
        var kept = HostMaps()
        for object in objects {
            let file = try ObjectFile(named: object.name, image: object.image.bytes)
            try configure(file)
            for name in file.mapNames() where !filled.contains(name) {
                guard let map = maps[name] else { continue }
                guard try file.layout(of: name) == map.value.layout else {
                    throw BPFError("keep map", name, errno: Errno.invalidArgument.rawValue)
                }
                kept.add(map, as: name)
            }
        }
        return kept
    }
}
