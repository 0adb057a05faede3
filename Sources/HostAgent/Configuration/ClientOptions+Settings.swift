// SPDX-License-Identifier: Apache-2.0

internal import Documents
internal import Telemetry

extension ClientOptions {
    /// The section `client` of a host's configuration.
    init(_ settings: Settings) throws(SettingsError) {
        self.init()
        let keys = try settings.mapping(of: ["peers", "learn", "level", "sample", "sink", "time_calls"])
        if let list = keys["peers"] { peers = try Self.peers(list) }
        if let list = keys["learn"] { peers += try Self.peers(list).map(\.learned) }
        if let level = keys["level"] { self.level = try level.integer(in: 1...6) }
        if let sample = keys["sample"] {
            guard let sampling = Sampling(try sample.text()) else {
                throw sample.error("expected 'every', a share such as 1/100, or a rate such as 100/s")
            }
            self.sampling = sampling
        }
        if let sink = keys["sink"] { self.sink = try sink.choice() }
        if let calls = keys["time_calls"] { timesCalls = try calls.boolean() }
    }

    private static func peers(_ settings: Settings) throws(SettingsError) -> [Peer] {
        var peers: [Peer] = []
        for entry in try settings.oneOrMore() {
            let text = try entry.text()
            guard let peer = Peer(text) else {
                throw entry.error(
                    "'\(text)' is no peer: write 10.0.2.0/24, 10.0.2.2:1234, 10.0.2.2:443/tcp or [2001:db8::2]:53/udp, "
                        + "with no address bits behind the prefix")
            }
            peers.append(peer)
        }
        return peers
    }
}
