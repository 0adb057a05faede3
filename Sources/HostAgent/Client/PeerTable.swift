// SPDX-License-Identifier: Apache-2.0

internal import Addresses
internal import BPF
internal import CHostPrograms
internal import LinuxSystem
internal import Wire

/// Peers as the programs look them up: one entry a prefix, with its own rules and those of the prefixes around it,
/// because only the longest that matches is looked at.
struct PeerTable {
    struct Entry {
        var key: p4ni_peer_key
        var value: p4ni_peer
    }

    let entries: [Entry]

    /// Throws E2BIG where more than `P4NI_PEER_RULES` rules meet in one prefix.
    init(_ peers: [Peer]) throws(BPFError) {
        var entries: [Entry] = []
        var done: Set<IPPrefix> = []
        for peer in peers where done.insert(peer.prefix).inserted {
            // Configured rules first, and each once.
            let rules = peers.filter { $0.contains(peer) }.sorted { !$0.isLearned && $1.isLearned }
                .reduce(into: [p4ni_peer_rule]()) { all, one in
                    let rule = Self.rule(one)
                    if !all.contains(where: { Self.same($0, rule) }) { all.append(rule) }
                }
            guard rules.count <= Int(P4NI_PEER_RULES) else {
                throw BPFError(
                    "write more than \(P4NI_PEER_RULES) services for peer", "\(peer)",
                    errno: Errno.argumentListTooLong.rawValue)
            }
            entries.append(Entry(key: Self.key(peer), value: Self.value(rules)))
        }
        self.entries = entries
    }

    /// Makes the map hold these and no others. Peers that are in both stay in force all the time.
    func write(to map: borrowing BPFMap) throws(BPFError) {
        let stale = try map.keys(startingFrom: p4ni_peer_key())
        for entry in entries { try map.write(entry.value, for: entry.key) }
        for key in stale where !entries.contains(where: { Self.same($0.key, key) }) { try map.remove(key) }
    }

    private static func key(_ peer: Peer) -> p4ni_peer_key {
        p4ni_peer_key(bits: UInt32(peer.prefix.mapped.length), address: peer.prefix.address.networkWords)
    }

    private static func rule(_ peer: Peer) -> p4ni_peer_rule {
        p4ni_peer_rule(
            port: (peer.port?.rawValue ?? 0).bigEndian, protocol: peer.ipProtocol?.rawValue ?? 0,
            learned: peer.isLearned ? 1 : 0)
    }

    private static func value(_ rules: [p4ni_peer_rule]) -> p4ni_peer {
        func rule(_ index: Int) -> p4ni_peer_rule { index < rules.count ? rules[index] : p4ni_peer_rule() }
        return p4ni_peer(
            count: UInt32(rules.count),
            rules: (rule(0), rule(1), rule(2), rule(3), rule(4), rule(5), rule(6), rule(7)))
    }

    private static func same(_ a: p4ni_peer_rule, _ b: p4ni_peer_rule) -> Bool {
        a.port == b.port && a.protocol == b.protocol
    }

    private static func same(_ a: p4ni_peer_key, _ b: p4ni_peer_key) -> Bool {
        a.bits == b.bits && a.address == b.address
    }
}
