// SPDX-License-Identifier: Apache-2.0

/// Why a journey is not complete; several reasons may hold at once.
public struct Gaps: OptionSet, Sendable, Hashable {
    public var rawValue: UInt16
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// No host answered, or none that takes part.
    public static let noHostRecord = Gaps(rawValue: 1 << 0)
    public static let noForwardHops = Gaps(rawValue: 1 << 1)
    public static let noReturnHops = Gaps(rawValue: 1 << 2)
    /// The frame was full: some hop added nothing.
    public static let hopLimitReached = Gaps(rawValue: 1 << 3)
    /// The frame would have grown too long: some hop added nothing.
    public static let noRoomAtSomeHop = Gaps(rawValue: 1 << 4)
    /// A reference frame whose records do not read the same both ways: which lie on the way out is unknown.
    public static let directionUnknown = Gaps(rawValue: 1 << 5)

    /// Each with its name, in a fixed order.
    public static let named: [(gap: Gaps, name: String)] = [
        (.noHostRecord, "no_host_record"), (.noForwardHops, "no_forward_hops"), (.noReturnHops, "no_return_hops"),
        (.hopLimitReached, "hop_limit_reached"), (.noRoomAtSomeHop, "no_room_at_some_hop"),
        (.directionUnknown, "direction_unknown"),
    ]

    public var names: [String] { Self.named.filter { contains($0.gap) }.map(\.name) }

    init(of journey: Journey, flags: Shim.Flags) {
        self = []
        if journey.host == nil { insert(.noHostRecord) }
        if flags.contains(.hopLimit) { insert(.hopLimitReached) }
        if flags.contains(.noRoom) { insert(.noRoomAtSomeHop) }
        guard let out = journey.hopsOut else {
            insert(.directionUnknown)
            return
        }
        // Between two hosts that no switch connects there is no hop to miss.
        if journey.hopsMet == 0, journey.source != nil { return }
        if out == 0 { insert(.noForwardHops) }
        if out == journey.hopsMet { insert(.noReturnHops) }
    }
}
