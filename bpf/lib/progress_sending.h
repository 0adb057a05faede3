// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
//
// TC egress: what leaves of a reply that is followed.

#ifndef P4NI_PROGRESS_SENDING_H
#define P4NI_PROGRESS_SENDING_H

#include "progress.h"
#include "stream_breakdown.h"

// Before and after TC egress writes. An exchange is a full barrier.
static __always_inline void p4ni_turn_version(struct p4ni_progress *progress)
{
	__sync_lock_test_and_set(&progress->version, progress->version + 1);
}

static __always_inline struct bpf_tcp_sock *p4ni_sending_socket(struct __sk_buff *skb)
{
	struct bpf_sock *socket = skb->sk;

	return socket ? bpf_tcp_sock(socket) : 0;
}

// When the application wrote this byte; 0 if that is not known.
static __always_inline __u64 p4ni_when_written(struct __sk_buff *skb, __u32 sequence)
{
	struct p4ni_stream *stream;
	struct bpf_sock *socket = skb->sk;

	socket = socket ? bpf_sk_fullsock(socket) : 0;
	stream = socket ? bpf_sk_storage_get(&p4ni_streams, socket, 0, 0) : 0;
	return stream ? p4ni_written_at(stream, sequence) : 0;
}

// Bytes that XDP saw waiting for an acknowledgement leave now. They have waited since they were written, and at the
// earliest since the segment before them left.
static __always_inline void
p4ni_add_wait(struct __sk_buff *skb, struct p4ni_progress *progress, const struct p4ni_scratch *scratch)
{
	struct p4ni_reply_sent *sent = &progress->sent;
	__u64 until = *(volatile __u64 *)&progress->released, since = sent->last, written;

	if (until == sent->released)
		return;
	sent->released = until;
	written = p4ni_when_written(skb, scratch->sequence);
	if (!written)
		sent->flags |= P4NI_PROGRESS_AT_MOST;
	else if (written > since)
		since = written;
	if (until > since)
		sent->waited += until - since;
}

static __always_inline void p4ni_note_new_bytes(struct __sk_buff *skb, struct p4ni_progress *progress,
						const struct p4ni_scratch *scratch, __u64 now)
{
	struct bpf_tcp_sock *socket = p4ni_sending_socket(skb);
	struct p4ni_reply_sent *sent = &progress->sent;
	__u32 length = scratch->end - scratch->sequence;

	p4ni_add_wait(skb, progress, scratch);
	sent->bytes += scratch->end - sent->highest;
	sent->highest = scratch->end;
	sent->last = now;
	sent->segments += skb->gso_segs > 1 ? skb->gso_segs : 1;
	if (!socket)
		sent->flags &= ~P4NI_PROGRESS_WAITED;
	else if (socket->mss_cache && length % socket->mss_cache)
		sent->small = scratch->end;
}

// Adds a segment to its reply.
static __always_inline void
p4ni_note_sent(struct __sk_buff *skb, struct p4ni_progress *progress, const struct p4ni_scratch *scratch, __u64 now)
{
	struct p4ni_reply_sent *sent = &progress->sent;

	if (p4ni_before(scratch->sequence, sent->highest) && p4ni_before(sent->begin, scratch->end)) {
		sent->resent = now;
		sent->resent_segments += skb->gso_segs > 1 ? skb->gso_segs : 1;
	}
	if (p4ni_before(sent->highest, scratch->end))
		p4ni_note_new_bytes(skb, progress, scratch, now);
	if (p4ni_before(sent->received, scratch->acknowledged))
		sent->received = scratch->acknowledged;
	if (scratch->tcp_flags & (P4NI_TCP_RST | P4NI_TCP_SYN))
		sent->flags |= P4NI_PROGRESS_RESET;
	else if (scratch->tcp_flags & P4NI_TCP_FIN)
		sent->flags |= P4NI_PROGRESS_CLOSED;
}

// The first segment of a reply: what was followed before is over.
static __always_inline void p4ni_begin_reply(struct p4ni_progress *progress, const struct p4ni_scratch *scratch)
{
	struct p4ni_slot *slot = p4ni_slot_of(scratch->slot);
	struct p4ni_reply_sent sent = {
		.flags = P4NI_PROGRESS_WAITED,
		.begin = scratch->sequence,
		.highest = scratch->sequence,
		.small = scratch->sequence,
		.received = scratch->acknowledged,
	};

	if (!slot)
		return;
	sent.arrival = slot->arrival;
	sent.first = slot->departed;
	sent.cpu = slot->cpu;
	sent.released = progress->released;
	progress->sent = sent;
	progress->acknowledged = 0;
	progress->acked = scratch->sequence;
	progress->flags = 0;
}

static __always_inline void p4ni_finish_reply(struct p4ni_progress *progress)
{
	progress->flags |= P4NI_PROGRESS_ENDED;
	p4ni_report_progress(progress, P4NI_PROGRESS_ENDED);
}

static __always_inline int p4ni_is_ended(const struct p4ni_progress *progress)
{
	return !progress->sent.arrival || progress->flags & P4NI_PROGRESS_ENDED;
}

// Whether the segment's bytes answer what the client sent after the request whose reply is followed.
static __always_inline int
p4ni_is_of_next_reply(const struct p4ni_progress *progress, const struct p4ni_scratch *scratch)
{
	return progress->flags & P4NI_PROGRESS_OVERLAPPED && scratch->sequence != scratch->end &&
	       !p4ni_before(scratch->sequence, progress->sent.highest) &&
	       !p4ni_before(scratch->acknowledged, progress->next);
}

static __always_inline struct p4ni_progress *p4ni_new_progress(const struct p4ni_scratch *scratch)
{
	struct p4ni_progress fresh = {};

	bpf_map_update_elem(&p4ni_progress, &scratch->key, &fresh, BPF_NOEXIST);
	return p4ni_progress_of(scratch);
}

// A segment of a connection leaves. `scratch->answers`: it begins the reply to the request in `scratch->slot`. Not
// static for the verifier's sake, as p4ni_move_to_overflow.
__noinline int p4ni_follow_segment(struct __sk_buff *skb, const struct p4ni_scratch *scratch)
{
	struct p4ni_progress *progress;
	__u64 now = bpf_ktime_get_ns();

	if (!scratch || !p4ni_follows(now))
		return 0;
	progress = p4ni_progress_of(scratch);
	if (!progress && scratch->answers)
		progress = p4ni_new_progress(scratch);
	if (!progress)
		return 0;
	if (!p4ni_is_ended(progress) && (scratch->answers || p4ni_is_of_next_reply(progress, scratch)))
		p4ni_finish_reply(progress);
	if (!scratch->answers && p4ni_is_ended(progress))
		return 0;
	p4ni_turn_version(progress);
	if (scratch->answers)
		p4ni_begin_reply(progress, scratch);
	p4ni_note_sent(skb, progress, scratch, scratch->answers ? progress->sent.first : now);
	p4ni_turn_version(progress);
	if (progress->sent.flags & P4NI_PROGRESS_RESET ||
	    (progress->sent.flags & P4NI_PROGRESS_CLOSED && !p4ni_before(progress->acked, progress->sent.highest)))
		p4ni_finish_reply(progress);
	return 0;
}

// The telemetry of a reply leaves under this ordinal, `late` ns after the reply's first byte. That may be with a later
// reply.
static __always_inline void p4ni_note_ordinal(const struct p4ni_slot *slot, __u64 ordinal, __u64 late)
{
	struct p4ni_progress *progress = bpf_map_lookup_elem(&p4ni_progress, &slot->key);

	if (!progress || progress->sent.arrival != slot->arrival || progress->sent.cpu != slot->cpu)
		return;
	p4ni_turn_version(progress);
	progress->sent.ordinal = ordinal;
	progress->sent.carried = late;
	p4ni_turn_version(progress);
	if (progress->flags & P4NI_PROGRESS_ENDED)
		p4ni_report_progress(progress, P4NI_PROGRESS_ENDED);
}

#endif
