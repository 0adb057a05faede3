// SPDX-License-Identifier: Apache-2.0

/// What became of a frame at the server's XDP or TC egress hook. The raw value is the number in `enum p4ni_reason`
/// (bpf/include/p4ni_reasons.h) and the index of the counter.
public enum FrameReason: Int, CountedReason {
    case xdpPlain = 0, xdpSaved, xdpEvicted, xdpNotKept, xdpReturned, xdpShortShim, xdpCount, xdpLevel, xdpForward,
        xdpShort, xdpChain, xdpNested, xdpInnerType, xdpInnerShort, xdpFragment, xdpProtocol, xdpNoID, xdpNotMoved,
        tcOther, tcUnmatched, tcRestored, tcSegmented, tcMTU, tcNoRoom, tcNotStored
    // 25 is reserved: earlier versions counted extended host records there.
    case xdpNoRequest = 26, xdpRuledOut, xdpRepeated, xdpUnclear, xdpSuperseded, tcNotDue, tcExpired, tcClosed,
        xdpUntrusted, xdpDamaged, xdpOutOfWindow, xdpContested, xdpDiscarded

    /// One row per reason, in the order of their numbers: everything that is said about a reason is said here.
    public static let table: [ReasonEntry<FrameReason>] = [
        row(.xdpPlain, "P4NI_XDP_PLAIN", "xdp_plain", .noTelemetry, clients: true, "received without telemetry"),
        row(.xdpSaved, "P4NI_XDP_SAVED", "xdp_saved", .carried, clients: false, "telemetry saved and stripped"),
        row(
            .xdpEvicted, "P4NI_XDP_EVICTED", "xdp_evicted", .dropped, clients: false,
            "telemetry dropped: the oldest, to make room for a new request's"),
        row(
            .xdpNotKept, "P4NI_XDP_NOT_KEPT", "xdp_not_kept", .strippedOnly, clients: false,
            "stripped only: every slot was in use by another processor"),
        row(
            .xdpReturned, "P4NI_XDP_RETURNED", "xdp_returned", .strippedOnly, clients: true,
            "stripped only: a host had answered it already"),
        row(
            .xdpShortShim, "P4NI_XDP_SHORT_SHIM", "xdp_short_shim", .unchanged, clients: true,
            "unchanged: frame ends within the shim"),
        row(
            .xdpCount, "P4NI_XDP_COUNT", "xdp_count", .unchanged, clients: true,
            "unchanged: more than 20 hop records, or none"),
        row(.xdpLevel, "P4NI_XDP_LEVEL", "xdp_level", .unchanged, clients: true, "unchanged: unknown level"),
        row(
            .xdpForward, "P4NI_XDP_FORWARD", "xdp_forward", .unchanged, clients: true,
            "unchanged: more forward records than records"),
        row(
            .xdpShort, "P4NI_XDP_SHORT", "xdp_short", .unchanged, clients: true,
            "unchanged: frame ends within the records"),
        row(
            .xdpChain, "P4NI_XDP_CHAIN", "xdp_chain", .unchanged, clients: true,
            "unchanged: next_proto disagrees with count or flags"),
        row(
            .xdpNested, "P4NI_XDP_NESTED", "xdp_nested", .unchanged, clients: true,
            "unchanged: a second shim after the records"),
        row(
            .xdpInnerType, "P4NI_XDP_INNER_TYPE", "xdp_inner_type", .unchanged, clients: true,
            "unchanged: neither IPv4 nor IPv6 after the records"),
        row(
            .xdpInnerShort, "P4NI_XDP_INNER_SHORT", "xdp_inner_short", .unchanged, clients: false,
            "unchanged: inner packet cut off or damaged"),
        row(.xdpFragment, "P4NI_XDP_FRAGMENT", "xdp_fragment", .unchanged, clients: false, "unchanged: IP fragment"),
        row(
            .xdpProtocol, "P4NI_XDP_PROTOCOL", "xdp_protocol", .strippedOnly, clients: false,
            "stripped only: neither UDP nor TCP"),
        row(
            .xdpNoID, "P4NI_XDP_NO_ID", "xdp_no_id", .strippedOnly, clients: false,
            "stripped only: payload too short for its port's rule"),
        row(
            .xdpNotMoved, "P4NI_XDP_NOT_MOVED", "xdp_not_moved", .unchanged, clients: true,
            "unchanged: the kernel refused to move the frame's start"),
        row(.tcOther, "P4NI_TC_OTHER", "tc_other", .noTelemetry, clients: false, "sent: nothing that can be a reply"),
        row(
            .tcUnmatched, "P4NI_TC_UNMATCHED", "tc_unmatched", .sentPlain, clients: false,
            "sent plain: nothing is saved for it"),
        row(
            .tcRestored, "P4NI_TC_RESTORED", "tc_restored", .carried, clients: false,
            "sent with telemetry and host record"),
        row(
            .tcSegmented, "P4NI_TC_SEGMENTED", "tc_segmented", .sentPlain, clients: false,
            "sent plain: to be segmented later"),
        row(
            .tcMTU, "P4NI_TC_MTU", "tc_mtu", .sentPlain, clients: false,
            "sent plain: with telemetry it would pass the MTU"),
        row(
            .tcNoRoom, "P4NI_TC_NO_ROOM", "tc_no_room", .sentPlain, clients: false,
            "sent plain: the kernel had no memory for head-room"),
        row(
            .tcNotStored, "P4NI_TC_NOT_STORED", "tc_not_stored", .unreadable, clients: false,
            "sent unreadable: head-room was made, but not written"),
        row(
            .xdpNoRequest, "P4NI_XDP_NO_REQUEST", "xdp_no_request", .strippedOnly, clients: false,
            "stripped only: TCP segment without payload"),
        row(
            .xdpRuledOut, "P4NI_XDP_RULED_OUT", "xdp_ruled_out", .strippedOnly, clients: false,
            "stripped only: its port's rule says so"),
        row(
            .xdpRepeated, "P4NI_XDP_REPEATED", "xdp_repeated", .strippedOnly, clients: false,
            "stripped only: TCP segment that was sent again"),
        row(
            .xdpUnclear, "P4NI_XDP_UNCLEAR", "xdp_unclear", .strippedOnly, clients: false,
            "stripped only: it is not clear which TCP segment answers it"),
        row(
            .xdpSuperseded, "P4NI_XDP_SUPERSEDED", "xdp_superseded", .dropped, clients: false,
            "telemetry dropped: a later TCP segment belongs to the same request"),
        row(
            .tcNotDue, "P4NI_TC_NOT_DUE", "tc_not_due", .sentPlain, clients: false,
            "sent plain: TCP, and the saved telemetry is not for this segment"),
        row(
            .tcExpired, "P4NI_TC_EXPIRED", "tc_expired", .dropped, clients: false,
            "telemetry dropped: no reply had room for it in time"),
        row(
            .tcClosed, "P4NI_TC_CLOSED", "tc_closed", .dropped, clients: false,
            "telemetry dropped: its TCP connection ended"),
        row(
            .xdpUntrusted, "P4NI_XDP_UNTRUSTED", "xdp_untrusted", .strippedOnly, clients: false,
            "stripped only: its sender is not trusted"),
        row(
            .xdpDamaged, "P4NI_XDP_DAMAGED", "xdp_damaged", .strippedOnly, clients: false,
            "stripped only: a checksum of the packet is wrong, or the packet is cut off"),
        row(
            .xdpOutOfWindow, "P4NI_XDP_OUT_OF_WINDOW", "xdp_out_of_window", .strippedOnly, clients: false,
            "stripped only: TCP segment that its connection's socket does not accept"),
        row(
            .xdpContested, "P4NI_XDP_CONTESTED", "xdp_contested", .strippedOnly, clients: false,
            "stripped only: a request without telemetry under the same key is not answered yet"),
        row(
            .xdpDiscarded, "P4NI_XDP_DISCARDED", "xdp_discarded", .dropped, clients: false,
            "telemetry dropped: a request without telemetry came under the same key"),
    ]

    private static func row(
        _ reason: FrameReason, _ symbol: String, _ name: String, _ kind: ReasonKind, clients: Bool,
        _ explanation: String
    ) -> ReasonEntry<FrameReason> {
        ReasonEntry(
            reason: reason, symbol: symbol, name: name, kind: kind, explanation: explanation, isMetByClients: clients)
    }

    /// Whether it is counted in addition to the frame's own reason: telemetry that was saved before is lost.
    public var isOnTop: Bool { entry.kind == .dropped }

    /// Whether a host that is only a client meets it too.
    var isMetByClients: Bool { entry.isMetByClients }
}

/// Frames of the server's hooks by what became of them.
public typealias FrameCounts = ReasonCounts<FrameReason>
