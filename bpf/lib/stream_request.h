// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
//
// TCP at XDP: which segments are requests whose telemetry is worth keeping. TCP has no requests, only bytes: a segment
// with payload counts as one. Left out are
// - bytes that came before: the socket has them, or their telemetry waits, or their reply has left;
// - segments in front of the last one of what the client sent at once (no PSH): the last counts for all of it. Some
// protocols send what is never answered, such as HTTP/2's pings and window updates. Such segments are found out by what
// is left over when the client has had all that the server sent: the connection is `latest` then, and a reply belongs
// to the newest request that it acknowledges, not to the oldest.

#ifndef P4NI_STREAM_REQUEST_H
#define P4NI_STREAM_REQUEST_H

#include "stream.h"
#include "unclaimed.h"

// A request that is older than this many usual times, and than this in ns, would have been answered.
#define P4NI_USUAL_TIMES 8
#define P4NI_LEAST_PATIENCE 1000000ull

// What waits for the connection of a segment that has come.
struct p4ni_waiting {
	struct p4ni_claim continued; // a segment that the new one continues
	__u64 newest;                // arrival of the newest that is not answered
	__u32 passed;                // byte up to which a reply has acknowledged
	__u32 unanswered;
	__u32 left_over; // unanswered ones that a reply has passed
	__u32 repeated;  // 1: the new segment's bytes wait already
};

static __always_inline void p4ni_weigh(struct p4ni_waiting *waiting, const struct p4ni_slot *slot,
				       const struct p4ni_scratch *scratch, const struct p4ni_claim *seen)
{
	if (slot->end == scratch->end ||
	    (!p4ni_before(scratch->sequence, slot->start) && !p4ni_before(slot->end, scratch->end)))
		waiting->repeated = 1;
	if (slot->departed)
		return;
	if (slot->end == scratch->sequence && !slot->pushed) {
		waiting->continued = *seen;
		return;
	}
	waiting->unanswered++;
	if (waiting->passed && !p4ni_before(waiting->passed, slot->end))
		waiting->left_over++;
	if (slot->arrival > waiting->newest)
		waiting->newest = slot->arrival;
}

// Looks through one set. Not static for the verifier's sake, as p4ni_move_to_overflow.
__noinline int p4ni_weigh_set(__u32 in, const struct p4ni_scratch *scratch, struct p4ni_waiting *waiting)
{
	struct p4ni_claim seen = {};
	struct p4ni_slot *slot;
	struct p4ni_set *set;
	__u32 way;

	if (!scratch || !waiting)
		return 0;
	set = bpf_map_lookup_elem(&p4ni_index, &in);
	for (way = 0; set && way < P4NI_WAYS; way++) {
		slot = p4ni_probe_way(set, in, way, p4ni_probe(scratch->hash), &scratch->key, &seen);
		if (slot)
			p4ni_weigh(waiting, slot, scratch, &seen);
	}
	return 0;
}

// Of the kernel's struct of this name; the loader finds where the fields are.
struct tcp_sock {
	__u32 rcv_nxt;
	__u32 rcv_wup;
	__u32 rcv_wnd;
	__u32 snd_nxt;
	__u32 snd_una;
	__u32 max_window;
	__u32 write_seq;
} __attribute__((preserve_access_index));

static __always_inline struct bpf_sock *p4ni_find_socket(struct xdp_md *ctx, const struct p4ni_scratch *scratch)
{
	const struct p4ni_flow_key *key = &scratch->key;
	struct bpf_sock_tuple tuple = {};

	if (scratch->type == bpf_htons(ETH_P_IP)) {
		tuple.ipv4.saddr = key->source[3];
		tuple.ipv4.daddr = key->destination[3];
		tuple.ipv4.sport = key->source_port;
		tuple.ipv4.dport = key->destination_port;
		return bpf_skc_lookup_tcp(ctx, &tuple, sizeof(tuple.ipv4), BPF_F_CURRENT_NETNS, 0);
	}
	__builtin_memcpy(tuple.ipv6.saddr, key->source, sizeof(key->source));
	__builtin_memcpy(tuple.ipv6.daddr, key->destination, sizeof(key->destination));
	tuple.ipv6.sport = key->source_port;
	tuple.ipv6.dport = key->destination_port;
	return bpf_skc_lookup_tcp(ctx, &tuple, sizeof(tuple.ipv6), BPF_F_CURRENT_NETNS, 0);
}

// Whether the socket takes what a segment carries and acknowledges, as RFC 9293 and RFC 5961 have it.
static __always_inline int p4ni_is_in_window(const struct tcp_sock *tcp, const struct p4ni_scratch *scratch)
{
	__u32 edge = tcp->rcv_wup + tcp->rcv_wnd;

	if (p4ni_before(edge, tcp->rcv_nxt))
		edge = tcp->rcv_nxt;
	return !p4ni_before(edge, scratch->sequence) && !p4ni_before(tcp->snd_nxt, scratch->acknowledged) &&
	       !p4ni_before(scratch->acknowledged, tcp->snd_una - tcp->max_window);
}

// What the connection's socket makes of the segment: P4NI_FINE if its bytes are new. Notes what its application has
// written. Where the socket is in another network namespace, or the connection has none of its own yet, nobody knows.
static __always_inline enum p4ni_reason p4ni_ask_socket(struct xdp_md *ctx, struct p4ni_scratch *scratch)
{
	struct bpf_sock *socket = p4ni_find_socket(ctx, scratch);
	enum p4ni_reason reason = P4NI_FINE;
	struct tcp_sock *tcp;

	scratch->written = scratch->acknowledged;
	if (!socket)
		return P4NI_FINE;
	tcp = socket->state == BPF_TCP_LISTEN ? 0 : bpf_skc_to_tcp_sock(socket);
	if (tcp) {
		if (!p4ni_before(tcp->rcv_nxt, scratch->end))
			reason = P4NI_XDP_REPEATED;
		else if (!p4ni_is_in_window(tcp, scratch))
			reason = P4NI_XDP_OUT_OF_WINDOW;
		scratch->written = tcp->write_seq;
	}
	bpf_sk_release(socket);
	return reason;
}

static __always_inline __u64 p4ni_patience(const struct p4ni_connection *connection)
{
	__u64 usual = connection->known & P4NI_KNOWN_ANSWER ? (__u64)connection->usual * P4NI_USUAL_TIMES : 0;

	return usual > P4NI_LEAST_PATIENCE ? usual : P4NI_LEAST_PATIENCE;
}

// What is left over once the client has had all that the server sent will not be answered by what comes now. If the
// server may just be slow, the new request is not kept either.
static __always_inline enum p4ni_reason
p4ni_clear_left_over(struct p4ni_connection *connection, const struct p4ni_waiting *waiting,
		     const struct p4ni_scratch *scratch, __u64 now)
{
	struct p4ni_forgetting all = { .reason = P4NI_XDP_SUPERSEDED };
	__u64 last = waiting->newest > connection->left ? waiting->newest : connection->left;
	int is_idle = now - last > p4ni_patience(connection);

	if (!(connection->known & P4NI_KNOWN_REPLY) || p4ni_before(scratch->acknowledged, connection->next) ||
	    (!is_idle && !waiting->left_over))
		return P4NI_FINE;
	connection->latest = 1;
	p4ni_forget(scratch, &all);
	return is_idle ? P4NI_FINE : P4NI_XDP_UNCLEAR;
}

static __always_inline void p4ni_supersede(const struct p4ni_claim *claim, const struct p4ni_scratch *scratch)
{
	struct p4ni_percpu *percpu = p4ni_this_cpu();
	struct p4ni_slot *slot;

	if (claim->number == P4NI_NOWHERE || !percpu)
		return;
	slot = p4ni_claim_seen(claim, scratch, scratch->sequence);
	if (!slot)
		return;
	p4ni_report_dropped(slot, P4NI_XDP_SUPERSEDED);
	p4ni_release(claim->number, P4NI_PHASE_FREE);
	p4ni_count(percpu, P4NI_XDP_SUPERSEDED);
}

// P4NI_FINE if the segment's telemetry is to be kept. Not static for the verifier's sake, as p4ni_move_to_overflow.
__noinline int p4ni_admit_segment(struct xdp_md *ctx, struct p4ni_scratch *scratch)
{
	struct p4ni_waiting waiting = { .continued.number = P4NI_NOWHERE };
	struct p4ni_connection *connection, fresh = {};
	enum p4ni_reason reason;
	struct p4ni_place place;

	if (!scratch)
		return P4NI_XDP_NO_REQUEST;
	connection = p4ni_connection_of(scratch);
	reason = p4ni_ask_socket(ctx, scratch);
	if (reason != P4NI_FINE)
		return reason;
	if (connection && connection->known & P4NI_KNOWN_ANSWER && !p4ni_before(connection->answered, scratch->end))
		return P4NI_XDP_REPEATED;
	if (connection && connection->known & P4NI_KNOWN_REPLY)
		waiting.passed = connection->passed;
	if (!connection)
		bpf_map_update_elem(&p4ni_connections, &scratch->key, &fresh, BPF_NOEXIST);
	if (!p4ni_may_wait(scratch))
		return P4NI_FINE;
	place = p4ni_place(scratch->hash);
	p4ni_weigh_set(place.sets[0], scratch, &waiting);
	p4ni_weigh_set(place.sets[1], scratch, &waiting);
	p4ni_weigh_set(place.sets[2], scratch, &waiting);
	if (waiting.repeated)
		return P4NI_XDP_REPEATED;
	p4ni_supersede(&waiting.continued, scratch);
	if (!connection || connection->latest || !waiting.unanswered)
		return P4NI_FINE;
	return p4ni_clear_left_over(connection, &waiting, scratch, bpf_ktime_get_ns());
}

#endif
