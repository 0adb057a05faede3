// SPDX-License-Identifier: Apache-2.0

/// What became of a frame at one of the two hooks. The numbers are those of `enum p4ni_reason`.
public enum FrameReason: Int, CountedReason {
    case xdpPlain = 0
    case xdpSaved = 1
    case xdpEvicted = 2
    case xdpNotKept = 3
    case xdpReturned = 4
    case xdpShortShim = 5
    case xdpCount = 6
    case xdpLevel = 7
    case xdpForward = 8
    case xdpShort = 9
    case xdpChain = 10
    case xdpNested = 11
    case xdpInnerType = 12
    case xdpInnerShort = 13
    case xdpFragment = 14
    case xdpProtocol = 15
    case xdpNoID = 16
    case xdpNotMoved = 17
    case tcOther = 18
    case tcUnmatched = 19
    case tcRestored = 20
    case tcSegmented = 21
    case tcMTU = 22
    case tcNoRoom = 23
    case tcNotStored = 24
    case xdpExtended = 25
    case xdpNoRequest = 26
    case xdpRuledOut = 27
    case xdpRepeated = 28
    case xdpUnclear = 29
    case xdpSuperseded = 30
    case tcNotDue = 31
    case tcExpired = 32
    case tcClosed = 33
    case xdpUntrusted = 34

    /// As reports and metrics name it; it never changes.
    public var name: String {
        switch self {
        case .xdpPlain: "xdp_plain"
        case .xdpSaved: "xdp_saved"
        case .xdpEvicted: "xdp_evicted"
        case .xdpNotKept: "xdp_not_kept"
        case .xdpReturned: "xdp_returned"
        case .xdpShortShim: "xdp_short_shim"
        case .xdpCount: "xdp_count"
        case .xdpLevel: "xdp_level"
        case .xdpForward: "xdp_forward"
        case .xdpShort: "xdp_short"
        case .xdpChain: "xdp_chain"
        case .xdpNested: "xdp_nested"
        case .xdpInnerType: "xdp_inner_type"
        case .xdpInnerShort: "xdp_inner_short"
        case .xdpFragment: "xdp_fragment"
        case .xdpProtocol: "xdp_protocol"
        case .xdpNoID: "xdp_no_id"
        case .xdpNotMoved: "xdp_not_moved"
        case .xdpExtended: "xdp_extended"
        case .xdpNoRequest: "xdp_no_request"
        case .xdpRuledOut: "xdp_ruled_out"
        case .xdpRepeated: "xdp_repeated"
        case .xdpUnclear: "xdp_unclear"
        case .xdpSuperseded: "xdp_superseded"
        case .tcOther: "tc_other"
        case .tcUnmatched: "tc_unmatched"
        case .tcRestored: "tc_restored"
        case .tcSegmented: "tc_segmented"
        case .tcMTU: "tc_mtu"
        case .tcNoRoom: "tc_no_room"
        case .tcNotStored: "tc_not_stored"
        case .tcNotDue: "tc_not_due"
        case .tcExpired: "tc_expired"
        case .tcClosed: "tc_closed"
        case .xdpUntrusted: "xdp_untrusted"
        }
    }

    /// Whether it is counted on top of the frame's own reason: telemetry that was saved before is lost.
    public var isOnTop: Bool {
        switch self {
        case .xdpEvicted, .xdpSuperseded, .tcExpired, .tcClosed: true
        default: false
        }
    }

    /// Whether a client's part alone meets it too.
    var isMetByClients: Bool {
        switch self {
        case .xdpPlain, .xdpReturned, .xdpShortShim, .xdpCount, .xdpLevel, .xdpForward, .xdpShort, .xdpChain,
            .xdpNested,
            .xdpInnerType, .xdpNotMoved:
            true
        default: false
        }
    }

    public var explanation: String {
        switch self {
        case .xdpPlain: "received without telemetry"
        case .xdpSaved: "telemetry saved and stripped"
        case .xdpEvicted: "oldest saved telemetry gave way to a new request's"
        case .xdpNotKept: "stripped, but every slot was in use by another processor"
        case .xdpReturned: "stripped only: a host had answered it already"
        case .xdpShortShim: "untouched: frame ends within the shim"
        case .xdpCount: "untouched: more than 20 hop records, or none"
        case .xdpLevel: "untouched: unknown level"
        case .xdpForward: "untouched: more forward records than records"
        case .xdpShort: "untouched: frame ends within the records"
        case .xdpChain: "untouched: next_proto disagrees with count or flags"
        case .xdpNested: "untouched: a second shim behind the records"
        case .xdpInnerType: "untouched: neither IPv4 nor IPv6 behind the records"
        case .xdpInnerShort: "untouched: inner packet cut off or damaged"
        case .xdpFragment: "untouched: IP fragment"
        case .xdpProtocol: "stripped only: neither UDP nor TCP"
        case .xdpNoID: "stripped only: payload too short for its port's rule"
        case .xdpNotMoved: "untouched: the kernel refused to move the frame's start"
        case .xdpExtended: "no longer met: extended host records are read"
        case .xdpNoRequest: "stripped only: TCP segment without payload"
        case .xdpRuledOut: "stripped only: its port's rule says so"
        case .xdpRepeated: "stripped only: TCP segment that was sent again"
        case .xdpUnclear: "stripped only: not clear which TCP segment answers it"
        case .xdpSuperseded: "telemetry dropped: a later TCP segment stands for the same request"
        case .tcOther: "sent, nothing that can be a reply"
        case .tcUnmatched: "sent plain: nothing is saved for it"
        case .tcRestored: "sent with telemetry and host record"
        case .tcSegmented: "sent plain: to be segmented later"
        case .tcMTU: "sent plain: with telemetry it would pass the MTU"
        case .tcNoRoom: "sent plain: the kernel had no memory for head-room"
        case .tcNotStored: "sent unreadable: head-room was made, but not written"
        case .tcNotDue: "sent plain: TCP, what waits is not for this segment"
        case .tcExpired: "telemetry dropped: no reply had room for it in time"
        case .tcClosed: "telemetry dropped: its TCP connection ended"
        case .xdpUntrusted: "stripped only: its sender's telemetry is not believed"
        }
    }
}

/// Frames by what became of them.
public typealias FrameCounts = ReasonCounts<FrameReason>
