// SPDX-License-Identifier: Apache-2.0

public import Wire

extension EtherType {
    /// Announces the shim; the only one of these that is ever an Ethernet frame's own type.
    public static let telemetryShim = EtherType(rawValue: 0x1212)
    /// In a `next_proto`: another hop record follows.
    public static let hopRecord = EtherType(rawValue: 0x1213)
    /// In a `next_proto`: a host record of 18 bytes follows.
    public static let hostRecord = EtherType(rawValue: 0x1214)
    /// In a `next_proto`: an extended host record follows.
    public static let extendedHostRecord = EtherType(rawValue: 0x1216)
    /// In a `next_proto`: a source record follows.
    public static let sourceRecord = EtherType(rawValue: 0x1217)
}
