// SPDX-License-Identifier: Apache-2.0

internal import Documents
internal import TelemetryFormats

extension ClientOptions {
    /// The section `client` of a host's configuration.
    init(_ settings: Settings) throws(SettingsError) {
        self.init()
        let keys = try settings.mapping(of: ["peers", "learn", "level", "sample", "sink", "time_calls"])
        if let list = keys["peers"] { peers = try Self.peers(list) }
        if let list = keys["learn"] { peers += try Self.peers(list).map(\.learned) }
        if let level = keys["level"] { self.level = UInt8(try level.integer(in: Level.range)) }
        if let sample = keys["sample"] {
            let text = try sample.text()
            do {
                sampling = try Sampling(parsing: text)
            } catch {
                throw sample.error("\(error)")
            }
        }
        if let sink = keys["sink"] { self.sink = try sink.choice() }
        if let calls = keys["time_calls"] { timesCalls = try calls.boolean() }
    }

    private static func peers(_ settings: Settings) throws(SettingsError) -> [Peer] {
        var peers: [Peer] = []
        for entry in try settings.oneOrMore() {
            let text = try entry.text()
            do {
                peers.append(try Peer(parsing: text))
            } catch {
                throw entry.error(
                    "'\(text)' is no peer: \(error); write 10.0.2.0/24, 10.0.2.2:1234, 10.0.2.2:443/tcp or [2001:db8::2]:53/udp"
                )
            }
        }
        return peers
    }
}
