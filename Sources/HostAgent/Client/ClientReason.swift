// SPDX-License-Identifier: Apache-2.0

/// What the client's role made of a frame. The numbers are those of `enum p4ni_client_reason`.
public enum ClientReason: Int, CountedReason {
    case stampOther = 0
    case stampNoPeer = 1
    case stampNotSampled = 2
    case stampStamped = 3
    case stampSegmented = 4
    case stampMTU = 5
    case stampNoRoom = 6
    case stampNoFlow = 7
    case stampChecksum = 8
    case stampNotStored = 9
    case replyReported = 10
    case replyRingFull = 11
    case replyOwn = 12
    case requestStripped = 13
    case reportLost = 14
    case replyRepeated = 15

    /// As reports and metrics name it; it never changes.
    public var name: String {
        switch self {
        case .stampOther: "stamp_other"
        case .stampNoPeer: "stamp_no_peer"
        case .stampNotSampled: "stamp_not_sampled"
        case .stampStamped: "stamp_stamped"
        case .stampSegmented: "stamp_segmented"
        case .stampMTU: "stamp_mtu"
        case .stampNoRoom: "stamp_no_room"
        case .stampNoFlow: "stamp_no_flow"
        case .stampChecksum: "stamp_checksum"
        case .stampNotStored: "stamp_not_stored"
        case .replyReported: "reply_reported"
        case .replyRingFull: "reply_ring_full"
        case .replyOwn: "reply_own"
        case .requestStripped: "request_stripped"
        case .reportLost: "report_lost"
        case .replyRepeated: "reply_repeated"
        }
    }

    public var explanation: String {
        switch self {
        case .stampOther: "sent plain: not a UDP request, nor the segment that ends a TCP request"
        case .stampNoPeer: "sent plain: its destination is no peer"
        case .stampNotSampled: "sent plain: not chosen by sampling"
        case .stampStamped: "sent with telemetry begun"
        case .stampSegmented: "sent plain: to be segmented later"
        case .stampMTU: "sent plain: with telemetry it would pass the MTU"
        case .stampNoRoom: "sent plain: the kernel had no memory for head-room"
        case .stampNoFlow: "sent plain: no room to number its flow"
        case .stampChecksum: "sent plain: the card is to fill in its checksum; see --fix-offloads"
        case .stampNotStored: "sent unreadable: head-room was made, but not written"
        case .replyReported: "received with telemetry, and reported"
        case .replyRingFull: "received with telemetry, not reported: nobody reads, or too slowly"
        case .replyOwn: "received with telemetry that this host had begun"
        case .requestStripped: "received a request's telemetry, and dropped it: no server here"
        case .reportLost: "stamped or received, not reported: nobody reads, or too slowly"
        case .replyRepeated: "received again with telemetry, and not reported again"
        }
    }
}

/// Frames by what the client's role made of them.
public typealias ClientCounts = ReasonCounts<ClientReason>
