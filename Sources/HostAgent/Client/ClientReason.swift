// SPDX-License-Identifier: Apache-2.0

/// What the client's role made of a frame. The raw value is the number in `enum p4ni_client_reason`
/// (bpf/include/p4ni_client.h) and the index of the counter.
public enum ClientReason: Int, CountedReason {
    case insertOther = 0, insertNoPeer, insertNotSampled, inserted, insertSegmented, insertMTU, insertNoRoom,
        insertNoFlow, insertChecksum, insertNotStored, replyReported, replyRingFull, replyOwn, requestStripped,
        reportLost, replyRepeated, insertNoAnswer, insertStopped, insertRepeated

    /// One row per reason, in the order of their numbers: everything that is said about a reason is said here. The
    /// names of reasons at TC egress begin with `stamp_`.
    public static let table: [ReasonEntry<ClientReason>] = [
        row(
            .insertOther, "P4NI_INSERT_OTHER", "stamp_other", .sentPlain,
            "sent plain: neither a UDP request nor the segment that ends a TCP request"),
        row(
            .insertNoPeer, "P4NI_INSERT_NO_PEER", "stamp_no_peer", .sentPlain,
            "sent plain: its destination is not a peer"),
        row(
            .insertNotSampled, "P4NI_INSERT_NOT_SAMPLED", "stamp_not_sampled", .sentPlain,
            "sent plain: not chosen by sampling"),
        row(.inserted, "P4NI_INSERT_DONE", "stamp_stamped", .carried, "sent with telemetry inserted"),
        row(
            .insertSegmented, "P4NI_INSERT_SEGMENTED", "stamp_segmented", .sentPlain,
            "sent plain: to be segmented later"),
        row(.insertMTU, "P4NI_INSERT_MTU", "stamp_mtu", .sentPlain, "sent plain: with telemetry it would pass the MTU"),
        row(
            .insertNoRoom, "P4NI_INSERT_NO_ROOM", "stamp_no_room", .sentPlain,
            "sent plain: the kernel had no memory for head-room"),
        row(
            .insertNoFlow, "P4NI_INSERT_NO_FLOW", "stamp_no_flow", .sentPlain, "sent plain: no room to number its flow"),
        row(
            .insertChecksum, "P4NI_INSERT_CHECKSUM", "stamp_checksum", .sentPlain,
            "sent plain: the card is to fill in its checksum; see --fix-offloads"),
        row(
            .insertNotStored, "P4NI_INSERT_NOT_STORED", "stamp_not_stored", .unreadable,
            "sent unreadable: head-room was made, but not written"),
        row(.replyReported, "P4NI_REPLY_REPORTED", "reply_reported", .carried, "received with telemetry, and reported"),
        row(
            .replyRingFull, "P4NI_REPLY_RING_FULL", "reply_ring_full", .notReported,
            "received with telemetry, not reported: nobody reads, or too slowly"),
        row(.replyOwn, "P4NI_REPLY_OWN", "reply_own", .carried, "received with telemetry that this host had inserted"),
        row(
            .requestStripped, "P4NI_REQUEST_STRIPPED", "request_stripped", .strippedOnly,
            "received with a request's telemetry, which was dropped: no server here"),
        row(
            .reportLost, "P4NI_REPORT_LOST", "report_lost", .notReported,
            "sent or received with telemetry, not reported: nobody reads, or too slowly"),
        row(
            .replyRepeated, "P4NI_REPLY_REPEATED", "reply_repeated", .notReported,
            "received again with telemetry, and not reported again"),
        row(
            .insertNoAnswer, "P4NI_INSERT_NO_ANSWER", "stamp_no_answer", .sentPlain,
            "sent plain: the next device has not answered that it takes telemetry"),
        row(
            .insertStopped, "P4NI_INSERT_STOPPED", "stamp_stopped", .sentPlain,
            "sent plain: the replies of its service do not bring telemetry; tried again after a pause"),
        row(
            .insertRepeated, "P4NI_INSERT_REPEATED", "stamp_repeated", .sentPlain,
            "sent plain: a TCP segment that was sent with telemetry before"),
    ]

    private static func row(
        _ reason: ClientReason, _ symbol: String, _ name: String, _ kind: ReasonKind, _ explanation: String
    ) -> ReasonEntry<ClientReason> {
        ReasonEntry(
            reason: reason, symbol: symbol, name: name, kind: kind, explanation: explanation, isMetByClients: true)
    }
}

/// Frames by what the client's role made of them.
public typealias ClientCounts = ReasonCounts<ClientReason>
