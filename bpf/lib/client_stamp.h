// SPDX-License-Identifier: Apache-2.0
//
// TC egress, on the client's interface: a sampled request towards a peer begins its telemetry here, with a shim without
// records and a source record. The packet inside is never altered.

#ifndef P4NI_CLIENT_STAMP_H
#define P4NI_CLIENT_STAMP_H

#include "checksum_offload.h"
#include "client_calls.h"
#include "client_flow.h"
#include "client_reports.h"
#include "ethernet.h"
#include "frame_room.h"
#include "peers.h"

#define P4NI_STAMP_SIZE (P4NI_SHIM_SIZE + sizeof(struct p4ni_source_record))

// P4NI_CLIENT_REASONS stands for "none: go on".
#define P4NI_STAMP_ON P4NI_CLIENT_REASONS

// A random share needs no look at the packet, so it comes first: at 1 % all else is done for one packet in a hundred.
static __always_inline int p4ni_is_shared_out(const struct p4ni_client_settings *settings)
{
	return settings->sampling == P4NI_SAMPLE_SHARE && bpf_get_prandom_u32() >= settings->threshold;
}

// Whether a request may be stamped now: no more often than every `interval`, on all processors together.
static __always_inline int p4ni_is_paced_out(const struct p4ni_client_settings *settings, __u64 now)
{
	struct p4ni_client_pace *pace;
	__u32 zero = 0;
	__u64 next;

	if (settings->sampling != P4NI_SAMPLE_RATE)
		return 0;
	pace = bpf_map_lookup_elem(&p4ni_pace, &zero);
	if (!pace)
		return 1;
	next = *(volatile __u64 *)&pace->next;
	if (now < next)
		return 1;
	return __sync_val_compare_and_swap(&pace->next, next, now + settings->interval) != next;
}

// UDP needs a request id, which may lie outside the linear part; of TCP it is the segment that ends what the
// application wrote.
static __always_inline int p4ni_is_request(struct __sk_buff *skb, __u32 lead, struct p4ni_client_scratch *scratch)
{
	if (scratch->flow.protocol == IPPROTO_TCP) {
		scratch->id = scratch->tcp_end;
		return scratch->tcp_push && scratch->payload;
	}
	return scratch->payload >= sizeof(scratch->id) &&
	       bpf_skb_load_bytes(skb, lead + scratch->payload_at, &scratch->id, sizeof(scratch->id)) == 0;
}

// The state of the packet's flow, made where there is none.
static __always_inline struct p4ni_flow_state *p4ni_flow_state(struct p4ni_client_scratch *scratch)
{
	struct p4ni_flow_state *state = bpf_map_lookup_elem(&p4ni_flows, &scratch->flow);

	if (state)
		return state;
	bpf_map_update_elem(&p4ni_flows, &scratch->flow, &scratch->fresh, BPF_NOEXIST);
	return bpf_map_lookup_elem(&p4ni_flows, &scratch->flow);
}

static __always_inline void
p4ni_remember(struct p4ni_flow_state *state, __u32 sequence, __u32 id, __u64 called, __u64 sent)
{
	struct p4ni_sent *entry = &state->recent[sequence % P4NI_RECENT];

	__sync_lock_test_and_set(&entry->sequence, 0);
	entry->id = id;
	entry->called = called;
	entry->sent = sent;
	entry->answer = 0;
	entry->arrived = 0;
	__sync_lock_test_and_set(&entry->sequence, sequence);
}

#define P4NI_SOURCE(field) (P4NI_SHIM_SIZE + __builtin_offsetof(struct p4ni_source_record, field))

static __always_inline void
p4ni_compose(struct p4ni_client_scratch *scratch, const struct p4ni_client_settings *settings, __u32 sequence,
	     __u64 sent, __be16 type)
{
	void *to = scratch->frame;

	// Level, flag S, no forward record, no record.
	*(__be32 *)to = bpf_htonl(settings->level << 24 | P4NI_FLAG_SOURCE_RECORD << 16);
	*(__be32 *)(to + P4NI_SOURCE(host_id)) = bpf_htonl(settings->host_id);
	*(__be32 *)(to + P4NI_SOURCE(sequence)) = bpf_htonl(sequence);
	*(__be64 *)(to + P4NI_SOURCE(sent)) = bpf_cpu_to_be64(sent);
	*(__be32 *)(to + P4NI_SOURCE(received)) = 0;
	*(__be16 *)(to + P4NI_SOURCE(next_proto)) = type;
}

// Writes Ethernet header, shim and source record to the room that was made.
static __always_inline int
p4ni_store_stamp(struct __sk_buff *skb, struct p4ni_client_scratch *scratch, struct p4ni_work *work)
{
	__u32 lead = work->l2_length;
	void *end = scratch->l2 + P4NI_L2_ROOM;

	asm volatile("" : "+r"(lead));
	if (lead == ETH_HLEN) {
		p4ni_write_plain_l2(end - ETH_HLEN, work, bpf_htons(P4NI_ETHERTYPE_SHIM));
		return !bpf_skb_store_bytes(skb, 0, end - ETH_HLEN, ETH_HLEN + P4NI_STAMP_SIZE, 0);
	}
	if (lead == P4NI_L2_MAX) {
		p4ni_write_tagged_l2(end - P4NI_L2_MAX, work, bpf_htons(P4NI_ETHERTYPE_SHIM));
		return !bpf_skb_store_bytes(skb, 0, end - P4NI_L2_MAX, P4NI_L2_MAX + P4NI_STAMP_SIZE, 0);
	}
	lead = ETH_HLEN + P4NI_TAG_SIZE;
	p4ni_write_tagged_l2(end - lead, work, bpf_htons(P4NI_ETHERTYPE_SHIM));
	return !bpf_skb_store_bytes(skb, 0, end - lead, lead + P4NI_STAMP_SIZE, 0);
}

// Whether the frame can take the stamp.
static __always_inline enum p4ni_client_reason p4ni_has_room(struct __sk_buff *skb)
{
	if (skb->gso_size || skb->gso_segs > 1)
		return P4NI_STAMP_GSO;
	if (p4ni_checksum_is_left_to_the_card(skb))
		return P4NI_STAMP_CHECKSUM;
	if (!p4ni_fits(skb, P4NI_STAMP_SIZE))
		return P4NI_STAMP_MTU;
	return P4NI_STAMP_ON;
}

static __always_inline enum p4ni_client_reason
p4ni_put_stamp(struct __sk_buff *skb, const struct p4ni_client_settings *settings, struct p4ni_client_processor *here,
	       struct p4ni_work *work)
{
	struct p4ni_client_scratch *scratch = &here->scratch;
	struct p4ni_flow_state *state = p4ni_flow_state(scratch);
	__u64 sent, called;
	__u32 sequence;

	if (!state)
		return P4NI_STAMP_NO_FLOW;
	if (bpf_skb_change_head(skb, P4NI_STAMP_SIZE, 0))
		return P4NI_STAMP_NO_ROOM;
	// Before the number is drawn: of a number that others overtake here, a later time would look like a new run's.
	sent = bpf_ktime_get_tai_ns();
	sequence = __sync_fetch_and_add(&state->sequence, 1) + 1;
	if (!sequence) // the number has wrapped; 0 is none
		sequence = __sync_fetch_and_add(&state->sequence, 1) + 1;
	called = p4ni_send_called(skb, scratch->tcp_end);
	p4ni_remember(state, sequence, scratch->id, called, sent);
	p4ni_compose(scratch, settings, sequence, sent, work->type);
	if (!p4ni_store_stamp(skb, scratch, work))
		return P4NI_STAMP_NOT_STORED;
	if (settings->tells_sent)
		p4ni_report_sent(here, settings->host_id, sequence, called, sent);
	return P4NI_STAMP_STAMPED;
}

// Reads the packet: its flow, and what has to be kept of its Ethernet header.
static __always_inline int
p4ni_read_request(struct __sk_buff *skb, struct p4ni_client_scratch *scratch, struct p4ni_work *work)
{
	void *data = (void *)(long)skb->data, *end = (void *)(long)skb->data_end, *inner;
	__be16 type = 0;
	__u32 length = p4ni_l2_length(data, end, &type);

	if (!length || (type != bpf_htons(ETH_P_IP) && type != bpf_htons(ETH_P_IPV6)))
		return 0;
	work->l2_length = length;
	work->type = type;
	length = work->l2_length;
	asm volatile("" : "+r"(length));
	inner = data + (length & 31);
	asm volatile("" : "+r"(inner));
	return p4ni_flow_of(inner, end, type, P4NI_REQUEST, scratch) && p4ni_keep_l2(data, end, work) &&
	       p4ni_is_request(skb, work->l2_length, scratch);
}

static __always_inline enum p4ni_client_reason
p4ni_stamp(struct __sk_buff *skb, struct p4ni_client_processor *here, struct p4ni_work *work)
{
	struct p4ni_client_settings *settings = p4ni_client_settings();
	struct p4ni_client_scratch *scratch = &here->scratch;
	enum p4ni_client_reason reason;
	enum p4ni_peering peering;
	__u64 now;

	if (!settings || p4ni_is_shared_out(settings))
		return P4NI_STAMP_NOT_SAMPLED;
	if (!p4ni_read_request(skb, scratch, work))
		return P4NI_STAMP_OTHER;
	peering = p4ni_peering(scratch);
	if (peering == P4NI_STRANGER)
		return P4NI_STAMP_NO_PEER;
	reason = p4ni_has_room(skb);
	if (reason != P4NI_STAMP_ON)
		return reason;
	now = bpf_ktime_get_ns();
	if (p4ni_is_paced_out(settings, now))
		return P4NI_STAMP_NOT_SAMPLED;
	if (peering == P4NI_LEARNABLE && !p4ni_is_learned(&scratch->flow, now))
		return P4NI_STAMP_NO_PEER;
	return p4ni_put_stamp(skb, settings, here, work);
}

#endif
