// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
//
// A look at requests with telemetry, for the agent that reports what they asked for. It never changes a packet, and where
// nobody reads, or too slowly, events are dropped and counted.

#ifndef P4NI_IDENTITY_H
#define P4NI_IDENTITY_H

#include "../include/p4ni_identity.h"
#include "maps.h"
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ipv6.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct p4ni_look);
} p4ni_look SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 20);
} p4ni_requests SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct p4ni_look_counts);
} p4ni_looked SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct p4ni_event);
} p4ni_event_room SEC(".maps");

// Bytes to look at; 0: nobody reads.
static __always_inline __u32 p4ni_look_bytes(__u64 now)
{
	__u32 zero = 0;
	struct p4ni_look *look = bpf_map_lookup_elem(&p4ni_look, &zero);

	return look && look->until > now ? look->bytes : 0;
}

static __always_inline void p4ni_emit(struct p4ni_event *event, __u32 size)
{
	__u32 zero = 0;
	struct p4ni_look_counts *counts = bpf_map_lookup_elem(&p4ni_looked, &zero);
	// The agent comes by itself: to wake it for each request would cost more than all else here.
	long failed = bpf_ringbuf_output(&p4ni_requests, event, size, BPF_RB_NO_WAKEUP);

	if (!counts)
		return;
	if (failed)
		counts->lost++;
	else
		counts->emitted++;
}

// Where the payload of a plain packet begins in its frame, and its length; 0 if it has none. Headers were checked before
// the packet was kept.
static __always_inline __u32 p4ni_find_payload(struct xdp_md *ctx, const struct p4ni_scratch *scratch, __u32 *length)
{
	__u32 at = scratch->l2_length, header = sizeof(struct ipv6hdr);
	__u8 head[4] = {}, offset = 0;
	__be16 datagram = 0;

	if (scratch->type == bpf_htons(ETH_P_IP)) {
		if (bpf_xdp_load_bytes(ctx, at, head, 1))
			return 0;
		header = (head[0] & 0x0f) * 4;
	}
	at += header;
	if (scratch->key.protocol == IPPROTO_TCP) {
		if (bpf_xdp_load_bytes(ctx, at + 12, &offset, 1))
			return 0;
		*length = scratch->end - scratch->sequence;
		return at + (offset >> 4) * 4;
	}
	if (bpf_xdp_load_bytes(ctx, at + __builtin_offsetof(struct udphdr, len), &datagram, sizeof(datagram)))
		return 0;
	*length = bpf_ntohs(datagram) - sizeof(struct udphdr);
	return at + sizeof(struct udphdr);
}

// A request has been kept, and its frame is plain. Not static for the verifier's sake, as p4ni_move_to_overflow.
__noinline int p4ni_report_request(struct xdp_md *ctx, const struct p4ni_scratch *scratch, __u64 arrival, __u32 bytes)
{
	__u32 zero = 0, length = 0, at;
	struct p4ni_event *event = bpf_map_lookup_elem(&p4ni_event_room, &zero);

	if (!event || !scratch)
		return 0;
	at = p4ni_find_payload(ctx, scratch, &length);
	if (!at)
		return 0;
	event->kind = P4NI_EVENT_REQUEST;
	event->cpu = bpf_get_smp_processor_id();
	event->arrival = arrival;
	event->ordinal = 0;
	event->host_id = 0;
	event->key = scratch->key;
	if (length > bytes)
		length = bytes;
	asm volatile("" : "+r"(length));
	if (length > P4NI_LOOK_MAX)
		length = P4NI_LOOK_MAX;
	if (length && bpf_xdp_load_bytes(ctx, at, event->head, length))
		length = 0;
	event->length = length;
	asm volatile("" : "+r"(length));
	if (length <= P4NI_LOOK_MAX)
		p4ni_emit(event, P4NI_REQUEST_SIZE + length);
	return 0;
}

// Its reply has left under this ordinal.
static __always_inline void p4ni_report_answer(const struct p4ni_slot *slot, __u64 ordinal, __u64 now)
{
	__u32 zero = 0;
	struct p4ni_event *event;

	if (!p4ni_look_bytes(now))
		return;
	event = bpf_map_lookup_elem(&p4ni_event_room, &zero);
	if (!event)
		return;
	event->kind = P4NI_EVENT_ANSWER;
	event->cpu = slot->cpu;
	event->arrival = slot->arrival;
	event->ordinal = ordinal;
	event->length = 0;
	event->host_id = p4ni_config.host_id;
	p4ni_emit(event, P4NI_ANSWER_SIZE);
}

#endif
