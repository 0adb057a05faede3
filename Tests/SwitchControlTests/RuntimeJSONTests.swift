// SPDX-License-Identifier: Apache-2.0

import Documents
import ProgramAssembly
import SwitchEngine
import SwitchIR
import Testing

@testable import SwitchControl

/// A program with a table of every kind: `I.exact`, `I.lpm`, `I.ternary`, `I.range`, `E.lpm`, actions `NoAction`
/// and `I.set(port 9, mac 48, v6 128)`.
enum ControlledProgram {
    static let program: SwitchProgram = {
        var p = Assembly()
        p.header("hdr.h", [("a", 32)])
        let (narrow, wide, hit) = (p.local(), p.local(128), p.local())
        p.action("NoAction")
        p.action("I.set", [("port", 9), ("mac", 48), ("v6", 128)])
        let kinds: [(String, MatchKind)] = [
            ("I.exact", .exact), ("I.lpm", .lpm), ("I.ternary", .ternary), ("I.range", .range), ("E.lpm", .lpm),
            ("I.optional", .optional),
        ]
        for (name, kind) in kinds {
            _ = p.table(
                name, keys: [("hdr.h.a", kind, 32, narrow), ("meta.x", kind == .lpm ? .exact : kind, 9, narrow)],
                actions: [0, 1])
        }
        p.registers = [RegisterSchema(name: "I.reg", width: 16, count: 4)]
        p.counters = [CounterSchema(name: "I.cnt", count: 4)]
        p.meters = [MeterSchema(name: "I.mtr", unit: .bytes, count: 2)]
        _ = (wide, hit)
        return p.program("test.p4")
    }()
}

struct RuntimeJSONTests {
    private func apply(_ json: String, _ engine: inout Engine) -> [String] {
        ControlPlane(ControlledProgram.program).apply(runtimeJSON: json, file: "s1.json", to: &engine).map(
            \.description)
    }

    private func apply(entry: String) throws -> [String] {
        var engine = try Engine(program: ControlledProgram.program)
        return apply("{\"table_entries\": [\(entry)]}", &engine)
    }

    @Test func aFileOfTheTutorialsFormIsTakenWhole() throws {
        var engine = try Engine(program: ControlledProgram.program)
        let problems = apply(
            """
            {"target": "bmv2", "p4info": "build/x.p4info.txt", "bmv2_json": "build/x.json",
             "table_entries": [
              {"table": "I.lpm", "default_action": true, "action_name": "NoAction", "action_params": {}},
              {"table": "I.lpm", "match": {"hdr.h.a": ["10.0.1.1", 24], "meta.x": 3},
               "action_name": "I.set", "action_params": {"port": 2, "mac": "08:00:00:00:01:11", "v6": "2001:db8::1"}},
              {"table": "I.exact", "match": {"hdr.h.a": [-1], "meta.x": ["0x1ff"]}, "action_name": "NoAction", "action_params": {}},
              {"table": "I.ternary", "match": {"hdr.h.a": ["10.0.0.0", "255.0.0.0"]}, "priority": 5,
               "action_name": "NoAction", "action_params": {}},
              {"table": "I.range", "match": {"meta.x": [1, 5]}, "priority": 7, "action_name": "NoAction", "action_params": {}}
             ],
             "multicast_group_entries": [{"multicast_group_id": 1, "replicas": [
               {"egress_port": 2, "instance": 1}, {"egress_port": 1, "instance": 2}]}],
             "clone_session_entries": [{"clone_session_id": 5, "replicas": [{"egress_port": 4, "instance": 0}],
               "packet_length_bytes": 128}]}
            """, &engine)
        #expect(problems == [])
        let lpm = try engine.entries(of: 1)
        #expect(
            lpm.first?.entry.keys == [
                .lpm(BitString(0x0A00_0100, width: 32), prefixLength: 24), .exact(BitString(3, width: 9)),
            ])
        #expect(
            lpm.first?.entry.action
                == ActionCall(
                    action: 1,
                    arguments: [
                        BitString(2, width: 9), BitString(0x0800_0000_0111, width: 48),
                        BitString(width: 128, words: [1, 0x2001_0DB8_0000_0000]),
                    ]))
        #expect(
            try engine.entries(of: 0).first?.entry.keys == [
                .exact(BitString(0xFFFF_FFFF, width: 32)), .exact(BitString(0x1FF, width: 9)),
            ])
        #expect(
            try engine.entries(of: 3).first?.entry.keys == [
                .range(BitString(0, width: 32), BitString(0xFFFF_FFFF, width: 32)),
                .range(BitString(1, width: 9), BitString(5, width: 9)),
            ])
        #expect(engine.replicas(ofGroup: 1) == [Replica(port: 2, rid: 1), Replica(port: 1, rid: 2)])
        #expect(engine.cloneSession(5) == CloneSession(replicas: [Replica(port: 4)], truncateTo: 128))
    }

    @Test func aLargerPriorityWins() throws {
        var engine = try Engine(program: ControlledProgram.program)
        let entries = [5, 9].map {
            "{\"table\": \"I.ternary\", \"priority\": \($0), \"action_name\": \"NoAction\", \"action_params\": {}}"
        }
        #expect(apply("{\"table_entries\": [\(entries.joined(separator: ","))]}", &engine) == [])
        let priorities = try engine.entries(of: 2).map(\.entry.priority)
        #expect(priorities[1] < priorities[0])
    }

    @Test(
        arguments: [
            (
                "{\"table\": \"I.lpn\", \"action_name\": \"NoAction\"}",
                "table 'I.lpn' is not in test.p4; tables: I.exact, I.lpm, I.ternary, I.range, E.lpm, I.optional"
            ),
            (
                "{\"table\": \"lpm\", \"action_name\": \"NoAction\"}",
                "table 'lpm' may be I.lpm or E.lpm; write the full name"
            ),
            ("{\"action_name\": \"NoAction\"}", "key 'table' is missing"),
            ("{\"table\": 3, \"action_name\": \"NoAction\"}", "table_entries[0].table must be text, got 3"),
            (
                "{\"table\": \"I.lpm\", \"action_name\": \"go\"}",
                "table I.lpm has no action 'go'; its actions: NoAction, I.set"
            ),
            (
                "{\"table\": \"I.lpm\", \"match\": {\"hdr.x\": 1}, \"action_name\": \"NoAction\"}",
                "table I.lpm has no key field 'hdr.x'; its key: hdr.h.a, meta.x"
            ),
            (
                "{\"table\": \"I.lpm\", \"match\": {\"hdr.h.a\": [\"10.0.0.0\", 33], \"meta.x\": 1}, \"action_name\": \"NoAction\"}",
                "match.hdr.h.a[1] must be an integer from 0 to 32, got 33"
            ),
            (
                "{\"table\": \"I.lpm\", \"match\": {\"hdr.h.a\": \"10.0.0.0\", \"meta.x\": 1}, \"action_name\": \"NoAction\"}",
                "match.hdr.h.a must be [value, prefix length] for the lpm match, got '10.0.0.0'"
            ),
            (
                "{\"table\": \"I.lpm\", \"match\": {\"hdr.h.a\": [\"10.0.0\", 8], \"meta.x\": 1}, \"action_name\": \"NoAction\"}",
                "match.hdr.h.a[0]: '10.0.0' is not a value"
            ),
            (
                "{\"table\": \"I.exact\", \"match\": {\"hdr.h.a\": 1}, \"action_name\": \"NoAction\"}",
                "key field meta.x: an exact field must be given"
            ),
            (
                "{\"table\": \"I.exact\", \"match\": {\"hdr.h.a\": 1, \"meta.x\": 512}, \"action_name\": \"NoAction\"}",
                "match.meta.x: 512 does not fit 9 bits; the highest value is 511"
            ),
            (
                "{\"table\": \"I.exact\", \"match\": {\"hdr.h.a\": 4294967296, \"meta.x\": 1}, \"action_name\": \"NoAction\"}",
                "4294967296 does not fit 32 bits"
            ),
            (
                "{\"table\": \"I.exact\", \"match\": {\"hdr.h.a\": \"08:00:00:00:01:11\", \"meta.x\": 1}, \"action_name\": \"NoAction\"}",
                "is a MAC address of 48 bits, where a value of 32 bits is needed"
            ),
            (
                "{\"table\": \"I.exact\", \"match\": {\"hdr.h.a\": 1.5, \"meta.x\": 1}, \"action_name\": \"NoAction\"}",
                "must be an integer or a string, got 1.5"
            ),
            (
                "{\"table\": \"I.exact\", \"match\": {\"hdr.h.a\": 1, \"meta.x\": -257}, \"action_name\": \"NoAction\"}",
                "-257 does not fit 9 bits"
            ),
            (
                "{\"table\": \"I.ternary\", \"match\": {}, \"action_name\": \"NoAction\"}",
                "expected a 'priority', larger wins"
            ),
            (
                "{\"table\": \"I.lpm\", \"default_action\": true, \"action_name\": \"I.set\", \"action_params\": {\"port\": 1, \"mac\": 1}}",
                "parameter v6 of I.set: it is missing"
            ),
            (
                "{\"table\": \"I.lpm\", \"default_action\": true, \"action_name\": \"I.set\", \"action_params\": {\"prot\": 1}}",
                "action I.set has no parameter 'prot': parameters: port, mac, v6; did you mean 'port'?"
            ),
            (
                "{\"table\": \"I.lpm\", \"default_action\": true, \"match\": {\"meta.x\": 1}, \"action_name\": \"NoAction\"}",
                "leave 'match' out"
            ),
            ("{\"table\": \"I.lpm\", \"prio\": 1, \"action_name\": \"NoAction\"}", "unknown key 'prio'"),
            ("7", "table_entries[0] must be an object of keys and values, got 7"),
        ])
    func whatIsWrongIsNamed(entry: String, reason: String) throws {
        let problems = try apply(entry: entry)
        #expect(problems.count == 1)
        #expect(
            problems.first?.hasPrefix("s1.json:1:") == true && problems.first?.contains(": table_entries[0]") == true)
        #expect(problems.first?.contains(reason) == true, "\(problems)")
    }

    @Test func allProblemsAreReportedAtOnceWithTheirPlaces() throws {
        var engine = try Engine(program: ControlledProgram.program)
        let problems = apply(
            """
            {"tabel_entries": [], "table_entries": [
              {"table": "x", "action_name": "y"},
              {"table": "I.exact", "match": {"hdr.h.a": 1, "meta.x": 1}, "action_name": "NoAction"},
              {"table": "I.exact", "match": {"hdr.h.a": 1, "meta.x": 1}, "action_name": "NoAction"}],
             "multicast_group_entries": [{"multicast_group_id": 0, "replicas": []},
              {"multicast_group_id": 1, "replicas": [{"egress_port": 511, "instance": 1}]},
              {"multicast_group_id": 2, "replicas": [{"egress_port": 1, "instance": 1}, {"egress_port": 1, "instance": 1}]}],
             "clone_session_entries": [{"clone_session_id": 40000, "replicas": []}, {"replicas": []}]}
            """, &engine)
        #expect(problems.count == 8)
        #expect(problems[0].contains("unknown key 'tabel_entries'"))
        #expect(problems[1].hasPrefix("s1.json:2:3: table_entries[0] (x): table 'x' is not in test.p4"))
        #expect(problems[2].hasPrefix("s1.json:4:3: table_entries[2] (I.exact): I.exact: an entry with this key"))
        #expect(problems[2].hasSuffix("(DUPLICATE_ENTRY)"))
        #expect(problems[3].hasPrefix("s1.json:5:30: multicast_group_entries[0] (multicast_group_id 0)"))
        #expect(problems[4].contains("egress_port must be an integer from 0 to 510, got 511"))
        #expect(problems[5].contains("must be given once"))
        #expect(problems[6].contains("sessions are numbered 0 to 32767"))
        #expect(problems[7].contains("'clone_session_id' is missing"))
    }

    @Test(arguments: ["", "{", "[]", "{\"table_entries\": 3}"]) func whatIsNoDocumentIsSaid(text: String) throws {
        var engine = try Engine(program: ControlledProgram.program)
        #expect(apply(text, &engine).count == 1)
    }
}
