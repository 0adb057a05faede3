// SPDX-License-Identifier: Apache-2.0

/// Why a journey is not complete; several reasons may hold at once.
public struct MissingData: OptionSet, Sendable, Hashable {
    public var rawValue: UInt16
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// No host answered, or none that takes part.
    public static let noHostRecord = MissingData(rawValue: 1 << 0)
    public static let noForwardHops = MissingData(rawValue: 1 << 1)
    public static let noReturnHops = MissingData(rawValue: 1 << 2)
    /// The frame was full: some hop added nothing.
    public static let hopLimitReached = MissingData(rawValue: 1 << 3)
    /// The frame would have grown too long: some hop added nothing.
    public static let noRoomAtSomeHop = MissingData(rawValue: 1 << 4)
    /// A reference frame whose records do not read the same both ways: which lie on the way out is unknown.
    public static let directionUnknown = MissingData(rawValue: 1 << 5)

    /// Each with its name, in a fixed order.
    public static let named: [(gap: MissingData, name: String)] = [
        (.noHostRecord, "no_host_record"), (.noForwardHops, "no_forward_hops"), (.noReturnHops, "no_return_hops"),
        (.hopLimitReached, "hop_limit_reached"), (.noRoomAtSomeHop, "no_room_at_some_hop"),
        (.directionUnknown, "direction_unknown"),
    ]

    public var names: [String] { Self.named.filter { contains($0.gap) }.map(\.name) }
}
