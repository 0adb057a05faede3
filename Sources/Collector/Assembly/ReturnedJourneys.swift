// SPDX-License-Identifier: Apache-2.0

internal import Addresses
internal import Journeys

/// What is remembered of journeys whose frame has come, so that a report of their host is not taken for one of a lost
/// reply. Bounded: what is oldest is forgotten.
struct ReturnedJourneys: Sendable {
    private struct Client: Hashable, Sendable {
        var address: IPAddress
        var host: HostID
    }

    /// Journeys that are remembered: half as many to this many.
    static let capacity = 131_072
    /// Clients that are remembered. Of others no reply is taken for lost.
    static let clientCapacity = 65_536
    /// Nanoseconds that a journey is remembered: a host that starts again uses its ordinals again.
    static let memory: UInt64 = 5_000_000_000

    private var times = RecentKeys<UInt64>(capacity: capacity)
    private var declared = RecentKeys<Bool>(capacity: capacity)
    private var clients: Set<Client> = []

    /// - Parameter now: nanoseconds of the monotonic clock.
    mutating func note(_ key: HostReport.Key, of report: JourneyReport, at now: UInt64) {
        times[key] = now
        if clients.count < Self.clientCapacity {
            clients.insert(Client(address: report.flow.source, host: key.host))
        }
    }

    func hasReturned(_ key: HostReport.Key, at now: UInt64) -> Bool {
        times[key].map { now &- $0 < Self.memory } ?? false
    }

    func isKnown(client: IPAddress, of host: HostID) -> Bool { clients.contains(Client(address: client, host: host)) }

    mutating func declareLost(_ key: HostReport.Key) { declared[key] = true }

    /// True once per key.
    mutating func wasDeclaredLost(_ key: HostReport.Key) -> Bool { declared.remove(key) != nil }
}

/// A dictionary of bounded size: between one and two generations of what was written last.
struct RecentKeys<Value: Sendable>: Sendable {
    private var newer: [HostReport.Key: Value] = [:]
    private var older: [HostReport.Key: Value] = [:]
    private let generation: Int

    init(capacity: Int) { generation = max(capacity / 2, 1) }

    subscript(key: HostReport.Key) -> Value? {
        get { newer[key] ?? older[key] }
        set {
            if newer.count >= generation, newer[key] == nil {
                older = newer
                newer = [:]
            }
            newer[key] = newValue
        }
    }

    mutating func remove(_ key: HostReport.Key) -> Value? {
        let value = newer.removeValue(forKey: key)
        return older.removeValue(forKey: key) ?? value
    }
}

/// First in, first out.
struct TurnQueue<Element: Sendable>: Sendable {
    private var elements: [Element] = []
    private var start = 0

    var first: Element? { start < elements.count ? elements[start] : nil }

    mutating func append(_ element: Element) { elements.append(element) }

    mutating func removeFirst() {
        start += 1
        guard start >= 1024, start * 2 >= elements.count else { return }
        elements.removeFirst(start)
        start = 0
    }
}
