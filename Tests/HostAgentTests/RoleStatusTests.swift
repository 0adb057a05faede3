// SPDX-License-Identifier: Apache-2.0

import Foundation
import Journeys
import LinuxSystem
import TelemetryFormats
import Testing

@testable import HostAgent

extension LiveTests {
    /// `host status` reports what the role has, and nothing of another one.
    @Suite(.serialized) struct RoleStatusTests {
        private static let ofServers = [
            "reference_level", "max_requests", "trust", "rules", "waiting", "answered", "arrivals", "breakdown",
        ]
        private static let ofClients = ["client", "client_settings"]

        @Test(arguments: HostRole.allCases) func statusHasWhatTheRoleHas(_ role: HostRole) throws {
            try HostLab.with { lab in
                var options = AttachOptions()
                options.role = role
                options.hostID = 77
                options.client.peers = [try #require(Peer("10.0.0.0/8:1234"))]
                options.client.sampling = .share(100)
                options.client.level = 3
                options.client.sink = .switch
                _ = try lab.host { [options] in try $0.attach(options) }
                defer { try? lab.host { try $0.detach() } }
                let status = try lab.host { try $0.status() }
                let document = try JSONSerialization.jsonObject(with: JSONEncoder().encode(status)) as? [String: Any]
                let keys = Set(try #require(document).keys)
                #expect(Self.ofServers.filter(keys.contains) == (role == .client ? [] : Self.ofServers))
                #expect(Self.ofClients.filter(keys.contains) == (role == .server ? [] : Self.ofClients))
                for words in ["reference level", "trusts", "rules", "breakdown", "now waiting", "saved"] {
                    #expect(status.description.contains("\n\(words)") == (role != .client), "\(words)")
                }
                #expect(
                    status.description.contains("\ninserts         level 3 into 1/100, towards 1") == (role != .server))
                #expect(status.client?.hostID == (role == .server ? nil : 77))
                #expect(status.client?.sink == (role == .server ? nil : .switch))
            }
        }

        @Test(arguments: ["every", "1/2", "1/3", "1/100", "1/65536", "1/4294967295", "1/s", "7/s", "100/s", "12345/s"])
        func samplingIsToldAsItWasGiven(_ text: String) throws {
            let rig = try ClientRig { $0.sampling = Sampling(text) ?? .every }
            #expect(try ClientStatus(rig.programs.maps, hooks: [])?.sampling == text)
            _ = try rig.programs.maps.pauseInsertion()
            #expect(try ClientStatus(rig.programs.maps, hooks: [])?.sampling == "none")
        }
    }
}
