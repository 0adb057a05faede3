// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import LinuxSystem
import Testing
import ThrowawayPlaces

@testable import HostAgent

extension LiveTests {
    /// The agent killed at each of its system calls that changes anything, by strace: right before the call.
    ///
    /// Of each verb's calls at most `points` are taken, spread evenly; P4NI_EXHAUSTIVE takes all.
    @Suite(.serialized, .needsTracer) struct KilledAgentTests {
        private let points = SpawnRequest.environmentOfCaller()["P4NI_EXHAUSTIVE"] == nil ? 10 : Int.max

        @Test(arguments: [["attach"], ["attach", "--replace"], ["detach"]])
        func whoeverComesNextSetsRightWhatAKilledAgentLeft(_ verb: [String]) throws {
            try HostLab.with { lab in
                try EchoServer.with(lab) {
                    let isFirst = verb == ["attach"]
                    if !isFirst { _ = try lab.host { try $0.attach() } }
                    let calls = try TracedAgent(lab).changes(of: verb)
                    #expect(calls.count > 8, "\(calls)")
                    try? lab.host { try $0.detach() }
                    let step = points < calls.count ? (calls.count + points - 1) / points : 1
                    let indices = stride(from: 0, to: calls.count, by: step)
                    var killed = 0
                    for index in indices {
                        if !isFirst { _ = try lab.host { try $0.attach() } }
                        if try TracedAgent(lab).kill(at: calls[index], of: verb) { killed += 1 }
                        try expectRepaired(lab, "killed at \(calls[index]), call \(index)")
                    }
                    // Runs differ by a call or two, so one may end before the call that the last kill waits for.
                    #expect(killed >= indices.underestimatedCount / 2 && killed > 0)
                }
            }
        }

        /// A client that is held, as a detach does first, would begin nothing for ever.
        @Test(arguments: [["attach"], ["attach", "--replace"], ["detach"]])
        func aClientThatIsFoundAttachedAfterAKillBeginsTelemetry(_ verb: [String]) throws {
            try HostLab.with { lab in
                var options = AttachOptions()
                options.role = .client
                options.client.peers = [try #require(Peer("10.0.0.0/8:1234"))]
                let arguments = verb + (verb == ["detach"] ? [] : ["--role", "client", "--peer", "10.0.0.0/8:1234"])
                let isFirst = verb == ["attach"]
                if !isFirst { _ = try lab.host { [options] in try $0.attach(options) } }
                let calls = try TracedAgent(lab).changes(of: arguments)
                try? lab.host { try $0.detach() }
                let step = points < calls.count ? (calls.count + points - 1) / points : 1
                var chosen = stride(from: 0, to: calls.count, by: step).map { calls[$0] }
                // The wait for what is on its way.
                chosen += calls.filter { $0.name == "clock_nanosleep" }
                if verb == ["detach"] { #expect(chosen.contains { $0.name == "clock_nanosleep" }) }
                var killed = 0
                for call in chosen {
                    if !isFirst { _ = try lab.host { [options] in try $0.attach(options) } }
                    if try TracedAgent(lab).kill(at: call, of: arguments) { killed += 1 }
                    try expectBegins(lab, options, "killed at \(call)")
                }
                #expect(killed >= chosen.count / 2 && killed > 0)
            }
        }

        private func expectBegins(_ lab: HostLab, _ options: AttachOptions, _ comment: String) throws {
            if let found = try? lab.host({ try $0.status() }) {
                #expect(found.client?.sampling == "every", "found, \(comment)")
            }
            var replacing = options
            replacing.replaces = true
            let status = try lab.host { [replacing] in try $0.attach(replacing) }
            #expect(status.client?.sampling == "every", "attached again, \(comment)")
            #expect(try lab.pins()?.filter { $0.hasPrefix("generation") }.count == 1, "\(comment)")
            try lab.host { try $0.detach() }
            #expect(try lab.pins() == nil, "\(comment)")
        }

        /// Requests are answered at once, and status, attach and detach do what they say.
        private func expectRepaired(_ lab: HostLab, _ comment: String) throws {
            var wire = try Cable(lab)
            wire.send(RequestFrame().stripped)
            #expect(wire.nextReply() != nil, "plain request, \(comment)")
            var options = AttachOptions()
            options.replaces = true
            if (try? lab.host({ try $0.status() })) != nil {
                wire.send(RequestFrame().bytes)
                let reply = wire.nextReply()
                #expect(reply.map { Array($0[12..<14]) } == big(UInt16(0x1212)), "with telemetry, \(comment)")
            }
            let status = try lab.host { try $0.attach(options) }
            #expect(status.egressProgramID != nil, "\(comment)")
            wire.send(RequestFrame().bytes)
            let reply = wire.nextReply()
            #expect(reply.map { Array($0[12..<14]) } == big(UInt16(0x1212)), "attached again, \(comment)")
            #expect(try lab.pins()?.filter { $0.hasPrefix("generation") }.count == 1, "\(comment)")
            try lab.host { try $0.detach() }
            #expect(try lab.pins() == nil, "\(comment)")
        }
    }
}

/// The product, run under strace in a lab's server.
private struct TracedAgent {
    /// One system call of a run: its name, and its ordinal among those of that name.
    struct Call: CustomStringConvertible {
        let name: String
        let ordinal: Int
        var description: String { "\(name) #\(ordinal)" }
    }

    private static let changing = ["bpf", "mkdir", "symlink", "rename", "unlink", "rmdir", "clock_nanosleep"]
    private let lab: HostLab

    init(_ lab: HostLab) { self.lab = lab }

    /// The calls of a complete run, from the first that changes something in bpffs or on a hook.
    func changes(of verb: [String]) throws -> [Call] {
        let directory = try TemporaryDirectory()
        let outcome = try run(["-o", directory.path("trace")] + filter, verb)
        try #require(outcome?.isSuccess == true, "\(String(describing: outcome))")
        var counts: [String: Int] = [:]
        var calls: [Call] = []
        var hasBegun = false
        for line in directory.text("trace").split(separator: "\n") {
            let call = line.drop { $0.isNumber }.drop { $0 == " " }
            guard let name = Self.changing.first(where: { call.hasPrefix($0 + "(") }) else { continue }
            counts[name, default: 0] += 1
            hasBegun = hasBegun || name != "bpf" || call.contains("BPF_LINK_DETACH")
            if hasBegun, !Self.onlyAsks.contains(where: { call.contains($0) }) {
                calls.append(Call(name: name, ordinal: counts[name] ?? 1))
            }
        }
        return calls
    }

    private static let onlyAsks = ["BPF_OBJ_GET", "BPF_MAP_LOOKUP", "INFO_BY_FD", "BPF_MAP_UPDATE", "GET_FD_BY_ID"]

    /// - Returns: false if the run ended before it came to the call.
    func kill(at call: Call, of verb: [String]) throws -> Bool {
        let outcome = try run(filter + ["-e", "inject=\(call.name):signal=KILL:when=\(call.ordinal)"], verb)
        return outcome?.isSuccess == false
    }

    private var filter: [String] { ["-f", "-qq", "-e", "trace=\(Self.changing.joined(separator: ","))"] }

    private func run(_ options: [String], _ verb: [String]) throws -> ProcessOutcome? {
        let binary = try binaryBesideTests()
        var request = SpawnRequest(
            ["strace"] + options + [binary, "host"] + verb + ["--interface", "eth0"], in: lab.server)
        request.output = .discard
        request.errors = .discard
        return try ChildProcess.spawn(request).wait(milliseconds: 60_000)
    }
}

extension Trait where Self == ConditionTrait {
    /// For tests that stop a process at a system call of its own. Where the variable CI is set they run, and fail
    /// without.
    fileprivate static var needsTracer: ConditionTrait {
        .enabled(
            if: unsafe access("/usr/bin/strace", X_OK) == 0 || SpawnRequest.environmentOfCaller()["CI"] != nil,
            "needs strace")
    }
}
