// SPDX-License-Identifier: Apache-2.0

internal import Documents
internal import TelemetryFormats

extension ClientOptions {
    /// The section `client` of a host's configuration.
    init(_ settings: DocumentNode) throws(InputError) {
        self.init()
        let keys = try settings.mapping(of: ["peers", "learn", "level", "sample", "sink", "time_calls", "probe"])
        if let list = keys["peers"] { peers = try Self.peers(list) }
        if let list = keys["learn"] { peers += try Self.peers(list).map(\.learned) }
        if let level = keys["level"] { self.level = UInt8(try level.integer(in: Level.range)) }
        if let sample = keys["sample"] {
            sampling = try sample.parsed { (text) throws(InputError) in try Sampling(parsing: text) }
        }
        if let sink = keys["sink"] { self.sink = try sink.choice() }
        if let calls = keys["time_calls"] { timesCalls = try calls.boolean() }
        if let probe = keys["probe"] { probes = try probe.boolean() }
    }

    private static func peers(_ settings: DocumentNode) throws(InputError) -> [Peer] {
        var peers: [Peer] = []
        for entry in try settings.oneOrMore() {
            peers.append(try entry.parsed { (text) throws(InputError) in try Peer(parsing: text) })
        }
        return peers
    }
}
