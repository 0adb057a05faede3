// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
//
// TCP at TC egress: whose reply a segment is. It answers the oldest request that waits (on connections that are
// `latest`, the newest; see stream_request.h) of those whose last byte it acknowledges, if its own bytes leave for the
// first time, were not written before the request came, and do not go on with what the application began to send
// before. A request is answered once: if the segment has no room, the time is kept, and any later segment may carry it.

#ifndef P4NI_STREAM_REPLY_H
#define P4NI_STREAM_REPLY_H

#include "stream_departure.h"
#include "unclaimed.h"

// Telemetry that has waited this many ns for a frame with room is dropped.
#define P4NI_CARRY_WITHIN 1000000000ull

// The request that the segment would answer, and the oldest answered one that still waits for a frame with room.
struct p4ni_candidates {
	struct p4ni_claim unanswered;
	struct p4ni_claim answered;
	__u32 unanswered_end;
	__u32 answered_end;
	__u32 acked; // of the unanswered one, as in its slot
	__u32 written;
	__u32 latest; // 1: the newest that is acknowledged, not the oldest
};

static __always_inline int
p4ni_is_preferred(const struct p4ni_candidates *found, const struct p4ni_slot *slot, const struct p4ni_scratch *scratch)
{
	if (found->latest && p4ni_before(scratch->acknowledged, slot->end))
		return 0;
	if (found->unanswered.number == P4NI_NOWHERE)
		return 1;
	return found->latest ? p4ni_before(found->unanswered_end, slot->end) :
			       p4ni_before(slot->end, found->unanswered_end);
}

static __always_inline void p4ni_consider(struct p4ni_candidates *found, const struct p4ni_slot *slot,
					  const struct p4ni_scratch *scratch, const struct p4ni_claim *seen)
{
	if (!slot->departed && p4ni_is_preferred(found, slot, scratch)) {
		found->unanswered = *seen;
		found->unanswered_end = slot->end;
		found->acked = slot->acked;
		found->written = slot->written;
	} else if (slot->departed &&
		   (found->answered.number == P4NI_NOWHERE || p4ni_before(slot->end, found->answered_end))) {
		found->answered = *seen;
		found->answered_end = slot->end;
	}
}

// Looks through one set. Not static for the verifier's sake, as p4ni_move_to_overflow.
__noinline int p4ni_search_stream(__u32 in, const struct p4ni_scratch *scratch, struct p4ni_candidates *found)
{
	struct p4ni_claim seen = {};
	struct p4ni_slot *slot;
	struct p4ni_set *set;
	__u32 way;

	if (!scratch || !found)
		return 0;
	set = bpf_map_lookup_elem(&p4ni_index, &in);
	for (way = 0; set && way < P4NI_WAYS; way++) {
		slot = p4ni_probe_way(set, in, way, p4ni_probe(scratch->hash), &scratch->key, &seen);
		if (slot)
			p4ni_consider(found, slot, scratch, &seen);
	}
	return 0;
}

// Whether the socket has sent these bytes before. Without a socket, a forwarded packet, nobody knows.
static __always_inline int p4ni_was_sent(struct __sk_buff *skb, __u32 sequence)
{
	struct bpf_sock *socket = skb->sk;
	struct bpf_tcp_sock *tcp;

	if (!socket)
		return 0;
	tcp = bpf_tcp_sock(socket);
	return tcp && p4ni_before(sequence, tcp->snd_nxt);
}

static __always_inline int p4ni_is_due(struct __sk_buff *skb, const struct p4ni_scratch *scratch,
				       const struct p4ni_candidates *found, const struct p4ni_connection *connection)
{
	if (found->unanswered.number == P4NI_NOWHERE || p4ni_before(scratch->acknowledged, found->unanswered_end) ||
	    p4ni_before(scratch->sequence, found->acked) || p4ni_before(scratch->sequence, found->written) ||
	    p4ni_was_sent(skb, scratch->sequence))
		return 0;
	if (!connection || !(connection->known & P4NI_KNOWN_REPLY))
		return 1;
	if (p4ni_before(scratch->sequence, connection->next))
		return 0;
	// Bytes that go on with an unfinished send, unless the client had all of that before it asked.
	return !connection->open || scratch->sequence != connection->next || found->acked == scratch->sequence;
}

static __always_inline void p4ni_note_answer(struct p4ni_connection *connection, __u32 end, __u64 time)
{
	__u32 took = time < 0xffffffffull ? time : 0xffffffff;

	if (connection->known & P4NI_KNOWN_ANSWER && p4ni_before(end, connection->answered))
		return;
	connection->answered = end;
	if (!(connection->known & P4NI_KNOWN_ANSWER) || took < connection->usual)
		connection->usual = took;
	else
		connection->usual += (took - connection->usual) / 8;
	connection->known |= P4NI_KNOWN_ANSWER;
}

static __always_inline void
p4ni_note_reply(struct p4ni_connection *connection, const struct p4ni_scratch *scratch, __u64 now)
{
	if (connection->known & P4NI_KNOWN_REPLY && !p4ni_before(connection->next, scratch->end))
		return;
	connection->next = scratch->end;
	connection->passed = scratch->acknowledged;
	connection->open = !(scratch->tcp_flags & P4NI_TCP_PSH);
	connection->left = now;
	connection->known |= P4NI_KNOWN_REPLY;
}

static __always_inline void p4ni_hold_claim(struct p4ni_scratch *scratch, const struct p4ni_claim *claim)
{
	scratch->slot = claim->number;
	scratch->before = claim->before;
}

static __always_inline int p4ni_answer(const struct p4ni_candidates *found, struct p4ni_scratch *scratch,
				       struct p4ni_connection *connection, __u64 now)
{
	struct p4ni_forgetting older = {
		.reason = P4NI_XDP_SUPERSEDED,
		.end = found->unanswered_end,
		.only_before = 1,
	};
	struct p4ni_slot *slot = p4ni_claim_seen(&found->unanswered, scratch, found->unanswered_end);

	if (!slot)
		return 0;
	slot->departed = now;
	scratch->answers = 1;
	p4ni_hold_claim(scratch, &found->unanswered);
	if (connection)
		p4ni_note_answer(connection, slot->end, now - slot->arrival);
	if (found->latest)
		p4ni_forget(scratch, &older);
	return 1;
}

static __always_inline int p4ni_carry(const struct p4ni_candidates *found, struct p4ni_scratch *scratch)
{
	if (found->answered.number == P4NI_NOWHERE || !p4ni_claim_seen(&found->answered, scratch, found->answered_end))
		return 0;
	p4ni_hold_claim(scratch, &found->answered);
	return 1;
}

// Claims what the segment is to carry: P4NI_FINE, and `scratch->slot`. Not static for the verifier's sake, as
// p4ni_move_to_overflow.
__noinline int p4ni_match_segment(struct __sk_buff *skb, struct p4ni_scratch *scratch)
{
	struct p4ni_candidates found = { .unanswered.number = P4NI_NOWHERE, .answered.number = P4NI_NOWHERE };
	struct p4ni_forgetting all = { .reason = P4NI_TC_CLOSED };
	enum p4ni_reason reason = P4NI_TC_NOT_DUE;
	struct p4ni_connection *connection;
	struct p4ni_place place;
	__u64 now;

	if (!scratch)
		return P4NI_TC_OTHER;
	if (scratch->tcp_flags & (P4NI_TCP_SYN | P4NI_TCP_RST) || scratch->sequence == scratch->end) {
		p4ni_forget(scratch, &all);
		bpf_map_delete_elem(&p4ni_connections, &scratch->key);
		return P4NI_TC_OTHER;
	}
	connection = p4ni_connection_of(scratch);
	found.latest = connection && connection->latest;
	place = p4ni_place(scratch->hash);
	p4ni_search_stream(place.sets[0], scratch, &found);
	p4ni_search_stream(place.sets[1], scratch, &found);
	p4ni_search_stream(place.sets[2], scratch, &found);
	if (found.unanswered.number == P4NI_NOWHERE && found.answered.number == P4NI_NOWHERE)
		return P4NI_TC_UNMATCHED;
	now = bpf_ktime_get_ns();
	if (p4ni_is_due(skb, scratch, &found, connection) && p4ni_answer(&found, scratch, connection, now)) {
		p4ni_note_departure(skb, scratch);
		reason = P4NI_FINE;
	} else if (p4ni_carry(&found, scratch)) {
		reason = P4NI_FINE;
	}
	if (connection)
		p4ni_note_reply(connection, scratch, now);
	return reason;
}

#endif
