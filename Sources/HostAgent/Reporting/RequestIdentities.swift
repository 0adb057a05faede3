// SPDX-License-Identifier: Apache-2.0

internal import Addresses
internal import Journeys
internal import RequestParsing

/// Reads each request by its port's rule, and counts connections. A pure value, bounded: what is oldest is forgotten.
struct RequestIdentities: Sendable {
    private struct Connection: Sendable {
        var ordinal: UInt64
        var requests: UInt32
    }

    private let rules: IdentityRules
    private var connections: Generations<Flow, Connection>
    private var lastConnection: UInt64 = 0

    /// - Parameter capacity: connections that are remembered; half as many to this many.
    init(_ rules: IdentityRules, capacity: Int = 32_768) {
        self.rules = rules
        connections = Generations(capacity: capacity)
    }

    /// Of the next request of a flow, by the first bytes of its payload.
    mutating func identity(of flow: Flow, _ head: [UInt8]) -> RequestIdentity {
        let rule = rules[flow.ports?.destination.rawValue ?? 0]
        var identity =
            rule.identity(of: head, isStream: flow.ipProtocol == .tcp) ?? RequestIdentity(kind: .connection)
        var connection = connections[flow] ?? Connection(ordinal: nextConnection(), requests: 0)
        connection.requests &+= 1
        connections[flow] = connection
        identity.connection = connection.ordinal
        identity.sequence = connection.requests
        return identity
    }

    private mutating func nextConnection() -> UInt64 {
        lastConnection += 1
        return lastConnection
    }
}

/// A dictionary of bounded size: between one and two generations of what was written or read last.
struct Generations<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private var newer: [Key: Value] = [:]
    private var older: [Key: Value] = [:]
    private let generation: Int

    init(capacity: Int) { generation = max(capacity / 2, 1) }

    var count: Int { newer.count + older.count }

    subscript(key: Key) -> Value? {
        get { newer[key] ?? older[key] }
        set {
            if newer.count >= generation, newer[key] == nil {
                older = newer
                newer = [:]
            }
            older[key] = nil
            newer[key] = newValue
        }
    }

    mutating func remove(_ key: Key) -> Value? { newer.removeValue(forKey: key) ?? older.removeValue(forKey: key) }
}
