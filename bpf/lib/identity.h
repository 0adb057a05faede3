// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
//
// A look at requests with telemetry, for the agent that reports what they asked for. It never changes a packet, and where
// nobody reads, or too slowly, events are dropped and counted.

#ifndef P4NI_IDENTITY_H
#define P4NI_IDENTITY_H

#include "../include/p4ni_identity.h"
#include "request_store.h"
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

static __always_inline void p4ni_emit(void *event, __u32 size)
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

// Copies shim and records from the slot, in words of 8 bytes.
static __always_inline void p4ni_copy_saved(struct p4ni_event *event, const struct p4ni_slot *slot, __u32 length)
{
	const __u64 *from = (const __u64 *)slot->frame;
	__u64 *to = (__u64 *)event->data;
	__u32 i;

#pragma clang loop unroll(disable)
	for (i = 0; i < (P4NI_TELEMETRY_MAX + 7) / 8 && i * 8 < length; i++)
		to[i] = from[i];
}

// Copies the first bytes of payload to the end of the telemetry. Returns how many.
static __always_inline __u32 p4ni_copy_payload(struct xdp_md *ctx, struct p4ni_event *event, __u32 telemetry, __u32 at,
					       __u32 length)
{
	asm volatile("" : "+r"(length));
	asm volatile("" : "+r"(telemetry));
	if (!length || length > P4NI_LOOK_MAX || telemetry > P4NI_TELEMETRY_MAX ||
	    bpf_xdp_load_bytes(ctx, at, event->data + telemetry, length))
		return 0;
	return length;
}

// A request has been written to its claimed slot, and its frame is plain. Not static for the verifier's sake, as
// p4ni_move_to_overflow.
__noinline int p4ni_report_request(struct xdp_md *ctx, const struct p4ni_scratch *scratch, __u64 arrival, __u32 bytes)
{
	__u32 zero = 0, length = 0, at, telemetry, size;
	struct p4ni_event *event = bpf_map_lookup_elem(&p4ni_event_room, &zero);
	struct p4ni_slot *slot;

	if (!event || !scratch)
		return 0;
	slot = p4ni_slot_of(scratch->slot);
	at = p4ni_find_payload(ctx, scratch, &length);
	if (!at || !slot)
		return 0;
	telemetry = scratch->kept;
	if (telemetry > P4NI_TELEMETRY_MAX)
		return 0;
	event->kind = P4NI_EVENT_REQUEST;
	event->cpu = bpf_get_smp_processor_id();
	event->arrival = arrival;
	event->host_id = p4ni_config.host_id;
	event->reserved = 0;
	event->key = scratch->key;
	event->telemetry = telemetry;
	p4ni_copy_saved(event, slot, telemetry);
	length = p4ni_copy_payload(ctx, event, telemetry, at, length < bytes ? length : bytes);
	event->length = length;
	size = P4NI_REQUEST_SIZE + telemetry + length;
	asm volatile("" : "+r"(size));
	if (size <= sizeof(*event))
		p4ni_emit(event, size);
	return 0;
}

// The event of what became of a slot's request, to be completed. In the map: the calls that lead here have used the stack.
static __always_inline struct p4ni_outcome *p4ni_begin_outcome(const struct p4ni_slot *slot, __u32 kind, __u32 reason)
{
	__u32 zero = 0;
	struct p4ni_outcome *outcome = bpf_map_lookup_elem(&p4ni_event_room, &zero);

	if (!outcome)
		return 0;
	outcome->kind = kind;
	outcome->cpu = slot->cpu;
	outcome->arrival = slot->arrival;
	outcome->ordinal = 0;
	outcome->took = 0;
	outcome->reason = reason;
	outcome->host_id = p4ni_config.host_id;
	outcome->length = 0;
	outcome->reserved = 0;
	return outcome;
}

// The slot's telemetry was dropped for this reason. The slot is claimed.
__noinline int p4ni_report_dropped(const struct p4ni_slot *slot, __u32 reason)
{
	struct p4ni_outcome *outcome;

	if (!slot || !p4ni_look_bytes(bpf_ktime_get_ns()))
		return 0;
	outcome = p4ni_begin_outcome(slot, P4NI_EVENT_DROPPED, reason);
	if (outcome)
		p4ni_emit(outcome, P4NI_OUTCOME_SIZE);
	return 0;
}

// The slot's reply left at `now` without telemetry. The slot is claimed.
__noinline int p4ni_report_plain(const struct p4ni_slot *slot, __u32 reason, __u64 now)
{
	struct p4ni_outcome *outcome;

	if (!slot || !p4ni_look_bytes(now))
		return 0;
	outcome = p4ni_begin_outcome(slot, P4NI_EVENT_PLAIN, reason);
	if (!outcome)
		return 0;
	outcome->took = now - slot->arrival;
	p4ni_emit(outcome, P4NI_OUTCOME_SIZE);
	return 0;
}

// The slot's reply has left under this ordinal, with a host record of `size` bytes after `length` bytes of telemetry.
__noinline int p4ni_report_answer(const struct p4ni_slot *slot, __u32 length, __u32 size, __u64 ordinal)
{
	struct p4ni_outcome *outcome;
	__u32 i;

	if (!slot || length > P4NI_TELEMETRY_MAX)
		return 0;
	outcome = p4ni_begin_outcome(slot, P4NI_EVENT_ANSWER, 0);
	if (!outcome)
		return 0;
	outcome->ordinal = ordinal;
	outcome->length = size;
	for (i = 0; i < P4NI_HOST_RECORD_ROOM / 8; i++)
		((__u64 *)outcome->record)[i] = *(const __u64 *)(slot->frame + length + i * 8);
	p4ni_emit(outcome, sizeof(*outcome));
	return 0;
}

#endif
