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
    /// The reply left the server's host with telemetry, but nothing of it came to the collector.
    public static let replyLost = MissingData(rawValue: 1 << 7)
    /// No reply left the server's host in the time that its agent waits.
    public static let unanswered = MissingData(rawValue: 1 << 8)
    /// The reply left the server's host without telemetry: it had no room.
    public static let noRoomInReply = MissingData(rawValue: 1 << 9)
    /// The server's host gave the telemetry up for that of newer requests.
    public static let givenUpAtHost = MissingData(rawValue: 1 << 10)

    /// The reasons of requests that did not return with telemetry: the server's agent reports them, not a frame.
    public static let notReturned: MissingData = [.replyLost, .unanswered, .noRoomInReply, .givenUpAtHost]

    /// Each reason with its name, in a fixed order.
    public static let named: [(reason: MissingData, name: String)] = [
        (.noHostRecord, "no_host_record"), (.noForwardHops, "no_forward_hops"), (.noReturnHops, "no_return_hops"),
        (.hopLimitReached, "hop_limit_reached"), (.noRoomAtSomeHop, "no_room_at_some_hop"),
        (.directionUnknown, "direction_unknown"), (.impossibleHostTime, "impossible_host_time"),
        (.replyLost, "reply_lost"), (.unanswered, "unanswered"), (.noRoomInReply, "no_room_in_reply"),
        (.givenUpAtHost, "given_up_at_host"),
    ]

    /// The names of the reasons, in their fixed order.
    public var names: [String] { Self.named.filter { contains($0.reason) }.map(\.name) }

    /// What `report` lacks, with what it says itself is missing.
    init(in report: JourneyReport) {
        self = report.missing
        if !isDisjoint(with: .notReturned) {
            if report.hopsMet == 0, report.source == nil { insert(.noForwardHops) }
            return
        }
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
