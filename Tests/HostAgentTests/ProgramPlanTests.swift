// SPDX-License-Identifier: Apache-2.0

import BPF
import Testing
import ThrowawayPlaces

@testable import HostAgent

@Suite struct ProgramPlanTests {
    @Test(arguments: [HostHook.xdp, .egress, .ingress, .tracing("sched_switch"), .cgroup("sendmsg4")])
    func hookIsKnownAgainByItsName(_ hook: HostHook) {
        #expect(HostHook(name: hook.name) == hook)
    }

    @Test(arguments: ["", "tracing", "socket_x"]) func otherNamesAreNoHooks(_ name: String) {
        #expect(HostHook(name: name) == nil)
    }

    @Test func cgroupTreeIsFoundAmongTheMounts() {
        let old = "cgroup /sys/fs/cgroup/cpu cgroup rw,cpu 0 0\ncgroup2 /sys/fs/cgroup/unified cgroup2 rw 0 0\n"
        #expect(CgroupTree.root(in: old) == "/sys/fs/cgroup/unified")
        #expect(CgroupTree.root(in: "none /tmp tmpfs rw 0 0\n") == nil)
    }

    @Test(.needsRoot) func optionalProgramThatCannotBeLoadedIsLeftOutWithItsReason() throws {
        let loaded = try LoadedPrograms(plan(with: .optional("p4ni_nowhere", at: .tracing("nowhere"))))
        #expect(loaded.programs.keys.sorted { $0.name < $1.name } == [.egress, .ingress, .xdp])
        #expect(loaded.absent.map(\.name) == ["tracing_nowhere"])
        #expect(loaded.absent[0].reason.contains("p4ni_nowhere"))
        #expect(try loaded.maps.waiting().count == 0)
    }

    @Test(.needsRoot) func requiredProgramThatCannotBeLoadedIsAnError() {
        #expect(throws: BPFError.self) {
            try LoadedPrograms(plan(with: .required("p4ni_nowhere", at: .tracing("nowhere"))))
        }
    }

    @Test(.needsRoot) func mapsThatAreKeptAreSharedAndOthersMade() throws {
        let server = plan(with: nil)
        let first = try LoadedPrograms(server)
        let second = try LoadedPrograms(server, keeping: first.maps)
        let request = RequestFrame()
        _ = try first.program(at: .xdp).value.testRun(request.bytes)
        #expect(try second.maps.waiting().count == 1)
        let reply = try second.program(at: .egress).value.testRun(request.reply)
        #expect(reply.frame.count == request.reply.count + request.telemetry.count + 60)
        #expect(try first.maps.waiting().count == 0)
    }

    private func plan(with program: ProgramPlan.Program?) -> ProgramPlan {
        let server = ProgramPlan.server(AttachOptions(), seed: 7)
        guard let program else { return server }
        let object = server.objects[0]
        return ProgramPlan(
            role: .server,
            objects: [.init(name: object.name, image: object.image, programs: object.programs + [program])],
            configure: server.configure, fill: server.fill)
    }
}
