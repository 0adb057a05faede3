// SPDX-License-Identifier: Apache-2.0

internal import LinuxSystem
internal import TelemetryFormats

/// How much telemetry fits in front of a reply that fills its packet.
struct HeadRoomCheck {
    /// Records that are worth leaving room for: the hops of a small, a middling and a large network.
    static let hops = [3, 9, 18]
    static let mostRecords = Shim.maximumCount

    let facts: InterfaceFacts

    /// Shim, records, host record.
    static func bytes(records: Int, of level: Level) -> Int {
        Shim.size + records * level.recordSize + HostRecord.extendedSize
    }

    /// The MTU of routes that leaves room for the records of a middling network, of level 2.
    static func routeMTU(device: Int) -> Int { device - bytes(records: hops[1], of: .standard) }

    /// How many records of a level fit, at most as many as a frame may carry.
    static func records(of level: Level, in room: Int) -> Int {
        min(mostRecords, max(0, (room - Shim.size - HostRecord.extendedSize) / level.recordSize))
    }

    var finding: Finding {
        let widest = routes.map { (route: $0, mtu: min($0.mtu ?? facts.mtu, facts.mtu)) }.max { $0.mtu < $1.mtu }
        guard let widest else {
            return Finding(
                "mtu", .ok, "device \(facts.mtu), no route", because: Self.reason, advice: Self.wanted(facts, "ROUTE"))
        }
        let room = facts.mtu - widest.mtu
        let found =
            "device \(facts.mtu), route \(widest.route.destination) \(widest.mtu): \(room) bytes, "
            + (room == 0 ? "no telemetry fits a full packet" : "records that fit: \(Self.table(room))")
        guard Self.records(of: .standard, in: room) < Self.hops[0] else {
            return Finding("mtu", .ok, found, because: Self.reason)
        }
        return Finding(
            "mtu", .warning, found, because: Self.reason, advice: Self.wanted(facts, widest.route.destination))
    }

    /// The routes to clients: of a family with a default route, those of the interface's own link are left out.
    private var routes: [Route] {
        let defaults = facts.routes.map(\.destination).filter { $0.hasPrefix("default") }
        return facts.routes.filter {
            !($0.isConnected && defaults.contains($0.destination.contains(":") ? "default (IPv6)" : "default"))
        }
    }

    private static let reason =
        "a reply that would pass the device's MTU with its telemetry goes out plain (tc_mtu); shorter ones do not"

    /// `level 1: 20, level 2: 13, …`
    private static func table(_ room: Int) -> String {
        Level.allCases.map { "level \($0.rawValue): \(records(of: $0, in: room))" }.joined(separator: ", ")
    }

    private static func wanted(_ facts: InterfaceFacts, _ route: String) -> String {
        let sizes = hops.map { bytes(records: $0, of: .standard) }
        let list = sizes.map(String.init).joined(separator: ", ")
        let records = hops.map(String.init).joined(separator: ", ")
        let example = facts.mtu - sizes[0]
        return "leave \(list) bytes for \(records) records of level 2: raise the MTU of the device, not of the route, "
            + "or ip route change \(route) … mtu \(example)"
    }
}
