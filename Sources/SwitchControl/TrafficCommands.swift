// SPDX-License-Identifier: Apache-2.0

import Documents
import SwitchEngine

/// Commands about mirror sessions, multicast and queues.
extension ControlPlane {
    private static let many = 1 << 10

    static let trafficCommands: [String: Command] = [
        "mirroring_add": Command("SESSION PORT", 2...2) { _, arguments, engine throws(InputError) in
            let id = try arguments.number(0, "session")
            let session = CloneSession(replicas: [Replica(port: try arguments.number(1, "port"))])
            try engineCall { () throws(EngineError) in try engine.setCloneSession(id, session) }
            return []
        },
        "mirroring_add_mc": Command("SESSION GROUP", 2...2) { _, arguments, engine throws(InputError) in
            let id = try arguments.number(0, "session")
            let session = CloneSession(group: try arguments.number(1, "group"))
            try engineCall { () throws(EngineError) in try engine.setCloneSession(id, session) }
            return []
        },
        "mirroring_delete": Command("SESSION", 1...1) { _, arguments, engine throws(InputError) in
            let id = try arguments.number(0, "session")
            try engineCall { () throws(EngineError) in try engine.deleteCloneSession(id) }
            return []
        },
        "mirroring_get": Command("SESSION", 1...1) { _, arguments, engine throws(InputError) in
            let id = try arguments.number(0, "session")
            guard let session = engine.cloneSession(id) else { throw InputError("there is no mirror session \(id)") }
            let ports = session.replicas.map { "port \($0.port)" } + (session.group.map { ["group \($0)"] } ?? [])
            return ["session \(id): \(ports.joined(separator: ", "))"]
        },
        "mc_mgrp_create": Command("GROUP", 1...1) { _, arguments, engine throws(InputError) in
            let group = try arguments.number(0, "group")
            try engineCall { () throws(EngineError) in try engine.createMulticastGroup(group) }
            return []
        },
        "mc_mgrp_destroy": Command("GROUP", 1...1) { _, arguments, engine throws(InputError) in
            let group = try arguments.number(0, "group")
            try engineCall { () throws(EngineError) in try engine.destroyMulticastGroup(group) }
            return []
        },
        "mc_node_create": Command("RID PORT...", 1...many) { _, arguments, engine throws(InputError) in
            let ports = try Self.ports(arguments)
            let rid = try arguments.number(0, "rid")
            let node = try engineCall { () throws(EngineError) in try engine.createMulticastNode(rid: rid, ports: ports)
            }
            return ["node was created with handle \(node)"]
        },
        "mc_node_update": Command("NODE PORT...", 1...many) { _, arguments, engine throws(InputError) in
            let ports = try Self.ports(arguments)
            let node = try arguments.number(0, "node")
            try engineCall { () throws(EngineError) in try engine.updateMulticastNode(node, ports: ports) }
            return []
        },
        "mc_node_destroy": Command("NODE", 1...1) { _, arguments, engine throws(InputError) in
            let node = try arguments.number(0, "node")
            try engineCall { () throws(EngineError) in try engine.destroyMulticastNode(node) }
            return []
        },
        "mc_node_associate": Command("GROUP NODE", 2...2) { _, arguments, engine throws(InputError) in
            let (group, node) = (try arguments.number(0, "group"), try arguments.number(1, "node"))
            try engineCall { () throws(EngineError) in try engine.associate(node: node, withGroup: group) }
            return []
        },
        "mc_node_dissociate": Command("GROUP NODE", 2...2) { _, arguments, engine throws(InputError) in
            let (group, node) = (try arguments.number(0, "group"), try arguments.number(1, "node"))
            try engineCall { () throws(EngineError) in try engine.dissociate(node: node, fromGroup: group) }
            return []
        },
        "mc_dump": Command("", 0...0) { _, _, engine in
            engine.multicastGroups.map { group in
                let copies = (engine.replicas(ofGroup: group) ?? []).map { "port \($0.port) rid \($0.rid)" }
                return "group \(group): \(ProgramNames.list(copies))"
            }
        },
        "generator_every": Command("PORT MILLISECONDS HEX", 3...3) { _, arguments, engine throws(InputError) in
            let interval = try arguments.number(1, "interval")
            guard (1...3_600_000).contains(interval) else {
                throw InputError("interval must be 1 to 3600000 ms, got \(interval)")
            }
            let frame = try Self.frame(arguments[2])
            try Self.changeGenerator(try arguments.number(0, "port"), of: &engine, now: arguments.now) {
                $0.periodic = PacketGenerator.Periodic(every: UInt64(interval) * 1_000_000, frame)
            }
            return []
        },
        "generator_port_down": Command("PORT HEX", 2...2) { _, arguments, engine throws(InputError) in
            let frame = try Self.frame(arguments[1])
            try Self.changeGenerator(try arguments.number(0, "port"), of: &engine, now: arguments.now) {
                $0.portDown = frame
            }
            return []
        },
        "generator_off": Command("", 0...0) { _, arguments, engine throws(InputError) in
            try engineCall { () throws(EngineError) in try engine.setGenerator(nil, now: arguments.now) }
            return []
        },
        "set_queue_depth": Command("PACKETS [PORT [PRIORITY]]", 1...3) { _, arguments, engine throws(InputError) in
            let depth = try arguments.number(0, "depth")
            let (port, priority) = try Self.queue(arguments)
            try engineCall { () throws(EngineError) in try engine.setQueueDepth(depth, port: port, priority: priority) }
            return []
        },
        "set_queue_rate": Command("PACKETS_PER_SECOND [PORT [PRIORITY]]", 1...3) {
            _, arguments, engine throws(InputError) in
            let rate = try arguments.number(0, "rate")
            let (port, priority) = try Self.queue(arguments)
            try engineCall { () throws(EngineError) in try engine.setQueueRate(rate, port: port, priority: priority) }
            return []
        },
    ]

    /// Changes one part of the generator and leaves the other as it is.
    private static func changeGenerator(
        _ port: Int, of engine: inout Engine, now: PacketTimes, _ change: (inout PacketGenerator) -> Void
    ) throws(InputError) {
        var generator = engine.generator ?? PacketGenerator(port: port)
        generator.port = port
        change(&generator)
        try engineCall { () throws(EngineError) in try engine.setGenerator(generator, now: now) }
    }

    private static func frame(_ text: String) throws(InputError) -> [UInt8] {
        let digits = Array(text.utf8)
        guard digits.count.isMultiple(of: 2), !digits.isEmpty else {
            throw InputError("a frame must be pairs of hexadecimal digits, got '\(text)'")
        }
        var bytes: [UInt8] = []
        for place in stride(from: 0, to: digits.count, by: 2) {
            guard let byte = UInt8(String(decoding: digits[place..<(place + 2)], as: UTF8.self), radix: 16) else {
                throw InputError("a frame must be pairs of hexadecimal digits, got '\(text)'")
            }
            bytes.append(byte)
        }
        return bytes
    }

    private static func queue(_ arguments: Arguments) throws(InputError) -> (port: Int?, priority: Int?) {
        (try arguments.optionalNumber(1, "port"), try arguments.optionalNumber(2, "priority"))
    }

    private static func ports(_ arguments: Arguments) throws(InputError) -> [Int] {
        if arguments.words.contains("|") {
            throw InputError("link aggregation groups are not supported; list the ports")
        }
        return try arguments.numbers(from: 1, "port")
    }
}
