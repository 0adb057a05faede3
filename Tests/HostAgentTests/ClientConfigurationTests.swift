// SPDX-License-Identifier: Apache-2.0

import Documents
import HostAgent
import Journeys
import TelemetryFormats
import Testing

@Suite("The client's part of the configuration")
struct ClientConfigurationTests {
    private static func options(_ text: String) throws -> AttachOptions {
        AttachOptions(try HostConfiguration(DocumentNode(yaml: text, file: "host.yaml")))
    }

    @Test("peers, learned ones, level, sampling and sink are read")
    func everything() throws {
        let options = try Self.options(
            """
            role: both
            host_id: 17
            split: off
            legacy: true
            client:
              peers: [10.0.2.0/24, "10.0.3.1:443/tcp"]
              learn: 2001:db8::/64
              level: 5
              sample: 1/100
              sink: switch
              time_calls: false
            """)
        #expect(options.role == .both)
        #expect(options.hostID == 17)
        #expect(options.breakdown == .off)
        #expect(options.isLegacy)
        #expect(options.client.peers.map(\.description) == ["10.0.2.0/24", "10.0.3.1:443/tcp", "2001:db8::/64"])
        #expect(options.client.peers.map(\.isLearned) == [false, false, true])
        #expect(options.client.level == 5)
        #expect(options.client.sampling == .share(100))
        #expect(options.client.sink == .switch)
        #expect(!options.client.timesCalls)
    }

    @Test("without a word of it nothing is begun")
    func nothing() throws {
        #expect(try Self.options("").client.peers.isEmpty)
        #expect(try Self.options("").role == .server)
    }

    @Test(
        "mistakes are reported with their location",
        arguments: [
            (
                "client: {peers: [10.0.2.1/24]}",
                "host.yaml:1:18: client.peers[0]: the bits after the first 24 of a prefix must be 0, got 10.0.2.1/24"
            ),
            ("client: {sample: 2/3}", "host.yaml:1:18: client.sample: sampling must be every, a share"),
            ("client: {level: 7}", "host.yaml:1:17: client.level must be an integer from 1 to 6, got '7'"),
            ("client: {sinks: host}", "host.yaml:1:10: client: unknown key 'sinks'"),
            ("role: guest", "host.yaml:1:7: role must be server, client or both, got 'guest'"),
        ])
    func mistakes(text: String, message: String) {
        let error = #expect(throws: InputError.self) { try Self.options(text) }
        #expect(error?.description.hasPrefix(message) == true, "\(error?.description ?? "none")")
    }
}
