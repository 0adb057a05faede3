// SPDX-License-Identifier: Apache-2.0

/// Why a journey is incomplete; several reasons may hold at once.
public struct MissingData: OptionSet, Sendable, Hashable {
    /// One bit per reason.
    public var rawValue: UInt16
    /// The reasons of these bits.
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// No host answered, or the host that did reports nothing.
    public static let noHostRecord = MissingData(rawValue: 1 << 0)
    /// No hop of the request path reported.
    public static let noForwardHops = MissingData(rawValue: 1 << 1)
    /// No hop of the return path reported.
    public static let noReturnHops = MissingData(rawValue: 1 << 2)
    /// The packet had the most records that it may carry: some hop added nothing.
    public static let hopLimitReached = MissingData(rawValue: 1 << 3)
    /// The packet would have grown too long: some hop added nothing.
    public static let noRoomAtSomeHop = MissingData(rawValue: 1 << 4)
    /// The report does not say which hops are on the request path.
    public static let directionUnknown = MissingData(rawValue: 1 << 5)
    /// The host's time is impossible, an hour or more, and left out: its clock contradicts itself.
    public static let impossibleHostTime = MissingData(rawValue: 1 << 6)

    /// Each reason with its name, in a fixed order.
    public static let named: [(reason: MissingData, name: String)] = [
        (.noHostRecord, "no_host_record"), (.noForwardHops, "no_forward_hops"), (.noReturnHops, "no_return_hops"),
        (.hopLimitReached, "hop_limit_reached"), (.noRoomAtSomeHop, "no_room_at_some_hop"),
        (.directionUnknown, "direction_unknown"), (.impossibleHostTime, "impossible_host_time"),
    ]

    /// The names of the reasons, in their fixed order.
    public var names: [String] { Self.named.filter { contains($0.reason) }.map(\.name) }

    /// What `report` lacks, with what it says itself is missing.
    init(in report: JourneyReport) {
        self = report.missing
        if let host = report.host {
            if host.duration == nil { insert(.impossibleHostTime) }
        } else {
            insert(.noHostRecord)
        }
        guard let requestHops = report.requestHopsMet else {
            insert(.directionUnknown)
            return
        }
        // Between two hosts that no switch connects there is no hop to miss.
        if report.hopsMet == 0, report.source != nil { return }
        if requestHops == 0 { insert(.noForwardHops) }
        if requestHops == report.hopsMet { insert(.noReturnHops) }
    }
}

extension JourneyReport {
    /// Whether a journey of it will be complete.
    public var isComplete: Bool { MissingData(in: self).isEmpty }
}
