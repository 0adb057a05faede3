// SPDX-License-Identifier: Apache-2.0

internal import Addresses
public import Journeys
internal import LinuxSystem
public import TelemetryFormats

/// How the programs are attached. One object serves every level; only the level of frames in the reference format,
/// whose shim does not carry it, has to be given.
public struct AttachOptions: Sendable, Hashable {
    /// How the XDP program is attached.
    public enum XDP: Sendable, Hashable {
        /// Native where the driver has it, else generic.
        case automatic
        /// In the network stack, without trying the driver.
        case genericOnly
    }

    /// How the program of TC egress is attached.
    public enum TrafficControl: Sendable, Hashable {
        /// TCX where the kernel has it (6.6), else clsact.
        case automatic
        /// A filter of clsact, without trying TCX.
        case classicOnly
    }

    /// Whether the latency breakdown of the host is measured.
    public enum Breakdown: String, Sendable, Hashable, CaseIterable {
        /// Every stage whose programs the kernel accepts.
        case automatic = "auto"
        /// It is not measured.
        case off
    }

    /// The value of `maximumRequests` unless another one is set.
    public static let defaultMaximumRequests = 4096
    /// From one front set of slots and one overflow set, to about 10 GB.
    public static let maximumRequestsRange = 1...(1 << 22)

    /// The role of the host.
    public var role = HostRole.server
    /// For the roles that have a client in them.
    public var client = ClientOptions()
    /// Level of the records in reference frames.
    public var referenceLevel = Level.standard
    /// Requests whose telemetry can wait for a reply at once; beyond that the oldest gives way. Clamped to
    /// `maximumRequestsRange`.
    public var maximumRequests = defaultMaximumRequests
    /// The rules that match replies with requests, for ports that do not have the default.
    public var rules: [MatchingRule] = []
    /// Whose telemetry is kept for the reply.
    public var trust = TelemetryTrust.everyone
    /// How the XDP program is attached.
    public var xdp = XDP.automatic
    /// How the program of TC egress is attached.
    public var trafficControl = TrafficControl.automatic
    /// Whether programs that are attached already give way to these. The hooks stay as they were chosen for the first.
    public var replaces = false
    /// Whether the latency breakdown is measured.
    public var breakdown = Breakdown.automatic
    /// Host records of 18 bytes, as the reference knows them, wherever a `next_proto` can announce them.
    public var isLegacy = false
    /// What the host calls itself in its records; nil takes it from the interface's address.
    public var hostID: HostID?
    /// What the interface receives by, which answers to a switch's probes come from. `attach` sets it.
    var address: MACAddress?

    /// A server with the defaults.
    public init() {}
}

/// What an attachment does for its interface's host.
public enum HostRole: String, Sendable, Hashable, CaseIterable {
    /// Removes telemetry from requests and puts it on their replies.
    case server
    /// INT source and sink of its own requests: inserts telemetry into them, and removes it from their replies.
    case client
    /// Does both, with one program per hook.
    case both
}

extension HostID {
    /// The last four bytes of the interface's hardware address: of one vendor's cards no two in a domain are alike.
    /// nil if there is no such interface in the calling thread's network namespace.
    public init?(ofInterface name: String) {
        guard let address = InterfaceHardware.address(of: name) else { return nil }
        self.init(rawValue: UInt32(truncatingIfNeeded: address.rawValue))
    }
}
