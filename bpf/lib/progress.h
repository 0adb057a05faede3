// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
//
// Replies over TCP that are followed to their end: what TC egress and XDP share. Nothing is followed unless the agent
// reads, and only connections that brought a request with telemetry.
//
// Each side writes fields of its own, so that neither waits for the other: TC egress under the socket's lock, XDP on the
// processor that the connection's frames come to. XDP reads what TC egress wrote between two looks at `version`; what
// changed between them was not complete yet.

#ifndef P4NI_PROGRESS_H
#define P4NI_PROGRESS_H

#include "../include/p4ni_progress.h"
#include "identity.h"
#include "stream.h"

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct p4ni_following);
} p4ni_following SEC(".maps");

// By connection; the key's request id is 0.
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, P4NI_FOLLOWED);
	__type(key, struct p4ni_flow_key);
	__type(value, struct p4ni_progress);
} p4ni_progress SEC(".maps");

static __always_inline struct p4ni_following *p4ni_following_now(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&p4ni_following, &zero);
}

// All that it costs a packet while nobody reads.
static __always_inline int p4ni_may_follow(void)
{
	struct p4ni_following *following = p4ni_following_now();

	return following && *(volatile __u64 *)&following->until;
}

// Whether somebody still reads. Where an agent was killed, the next packet notices it for all that follow.
static __always_inline int p4ni_follows(__u64 now)
{
	struct p4ni_following *following = p4ni_following_now();

	if (!following)
		return 0;
	if (*(volatile __u64 *)&following->until > now)
		return 1;
	*(volatile __u64 *)&following->until = 0;
	return 0;
}

static __always_inline struct p4ni_progress *p4ni_progress_of(const struct p4ni_scratch *scratch)
{
	return bpf_map_lookup_elem(&p4ni_progress, &scratch->key);
}

_Static_assert(sizeof(struct p4ni_progress_event) <= sizeof(struct p4ni_event), "it has room where events are made");

// Reports what is known now. Not for a reply whose version is odd. Not static for the verifier's sake, as
// p4ni_move_to_overflow.
__noinline int p4ni_report_progress(const struct p4ni_progress *progress, __u32 flags)
{
	__u32 zero = 0;
	// Not on the stack: those who call this leave little of it.
	struct p4ni_progress_event *event = bpf_map_lookup_elem(&p4ni_event_room, &zero);

	if (!progress || !event)
		return 0;
	event->kind = P4NI_EVENT_PROGRESS;
	event->cpu = progress->sent.cpu;
	event->arrival = progress->sent.arrival;
	event->ordinal = progress->sent.ordinal;
	event->host_id = p4ni_config.host_id;
	event->first = progress->sent.first;
	event->last = progress->sent.last;
	event->resent = progress->sent.resent;
	event->acknowledged = progress->acknowledged;
	event->waited = progress->sent.waited;
	event->carried = progress->sent.carried;
	event->bytes = progress->sent.bytes;
	event->segments = progress->sent.segments;
	event->resent_segments = progress->sent.resent_segments;
	event->flags = progress->sent.flags | (progress->flags & P4NI_PROGRESS_OVERLAPPED) | flags;
	if (progress->flags & P4NI_PROGRESS_AT_MOST)
		event->flags &= ~P4NI_PROGRESS_WAITED;
	if (!p4ni_before(progress->acked, progress->sent.highest))
		event->flags |= P4NI_PROGRESS_ACKED;
	p4ni_emit((struct p4ni_event *)event, sizeof(*event));
	return 0;
}

#endif
