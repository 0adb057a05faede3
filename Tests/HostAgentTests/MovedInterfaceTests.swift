// SPDX-License-Identifier: Apache-2.0

import LinuxSystem
import Testing
import ThrowawayPlaces

@testable import HostAgent

extension LiveTests {
    /// An interface that is moved to another network namespace takes its programs with it.
    @Suite(.serialized) struct MovedInterfaceTests {
        private func move(_ lab: HostLab) throws {
            let command = ["ip", "link", "set", "eth0", "netns", lab.cable.name]
            #expect(try ChildProcess.spawn(SpawnRequest(command, in: lab.server)).wait() == .exited(0))
        }

        @Test func isFoundAndDetachedFromWhereItIsNow() throws {
            try HostLab.with { lab in
                let before = try lab.host { try $0.attach() }
                let directory = try #require(try lab.attachmentPins())
                try move(lab)
                try lab.cable.perform {
                    let host = TelemetryHost(interface: "eth0")
                    #expect(try host.status().xdpProgramID == before.xdpProgramID)
                    #expect(throws: HostAgentError.self) { try host.attach() }
                    try host.detach(waits: false)
                    #expect(throws: HostAgentError.self) { try host.status() }
                    _ = try host.attach()
                    try host.detach(waits: false)
                }
                #expect(!directory.exists)
            }
        }

        @Test func pinsOfNamespacesThatWereDeletedGo() throws {
            var path = ""
            try HostLab.with { lab in
                _ = try lab.host { try $0.attach() }
                let directory = try #require(try lab.attachmentPins())
                let namespace = try #require(directory.place?.namespace)
                path = directory.path
                for namespace in [lab.server, lab.cable] { try namespace.delete() }
                try TelemetryHost.removeLeftovers(of: [namespace], milliseconds: 20_000)
                #expect(!directory.exists)
            }
            #expect(!path.isEmpty)
        }
    }
}
