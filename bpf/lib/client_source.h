// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
//
// TC egress, on the client's interface, the INT source: a sampled request towards a peer gets a shim without hop
// records and a source record. The packet inside is never altered.

#ifndef P4NI_CLIENT_SOURCE_H
#define P4NI_CLIENT_SOURCE_H

#include "checksum_offload.h"
#include "client_calls.h"
#include "client_flow.h"
#include "client_reports.h"
#include "ethernet.h"
#include "frame_room.h"
#include "neighbours.h"
#include "peers.h"

#define P4NI_INSERT_SIZE (P4NI_SHIM_SIZE + sizeof(struct p4ni_source_record))

// A random share needs no look at the packet, so it comes first: at 1 % all else is done for one packet in a hundred.
static __always_inline int p4ni_is_shared_out(const struct p4ni_client_settings *settings)
{
	return settings->sampling == P4NI_SAMPLE_SHARE && bpf_get_prandom_u32() >= settings->threshold;
}

// Whether telemetry may not be inserted now: no more often than every `interval`, on all processors together.
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
static __always_inline int p4ni_is_request(struct __sk_buff *skb, __u32 lead, struct p4ni_client_scratch *client)
{
	if (client->flow.protocol == IPPROTO_TCP) {
		client->id = client->tcp_end;
		return client->tcp_push && client->payload;
	}
	return client->payload >= sizeof(client->id) &&
	       bpf_skb_load_bytes(skb, lead + client->payload_at, &client->id, sizeof(client->id)) == 0;
}

// The state of the packet's flow, made if there is no state yet.
static __always_inline struct p4ni_flow_state *p4ni_flow_state(struct p4ni_client_scratch *client)
{
	struct p4ni_flow_state *state = bpf_map_lookup_elem(&p4ni_flows, &client->flow);

	if (state)
		return state;
	bpf_map_update_elem(&p4ni_flows, &client->flow, &client->fresh, BPF_NOEXIST);
	return bpf_map_lookup_elem(&p4ni_flows, &client->flow);
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
p4ni_compose(struct p4ni_client_scratch *client, const struct p4ni_client_settings *settings, __u32 sequence,
	     __u64 sent, __be16 type)
{
	void *to = client->frame;

	// Level, flag S, no forward record, no record.
	*(__be32 *)to = bpf_htonl(settings->level << 24 | P4NI_FLAG_SOURCE_RECORD << 16);
	*(__be32 *)(to + P4NI_SOURCE(host_id)) = bpf_htonl(settings->host_id);
	*(__be32 *)(to + P4NI_SOURCE(sequence)) = bpf_htonl(sequence);
	*(__be64 *)(to + P4NI_SOURCE(sent)) = bpf_cpu_to_be64(sent);
	*(__be32 *)(to + P4NI_SOURCE(received)) = 0;
	*(__be16 *)(to + P4NI_SOURCE(next_proto)) = type;
}

// Whether the frame has room for shim and source record.
static __always_inline enum p4ni_client_reason p4ni_has_room(struct __sk_buff *skb)
{
	if (skb->gso_size || skb->gso_segs > 1)
		return P4NI_INSERT_SEGMENTED;
	if (p4ni_checksum_is_left_to_the_card(skb))
		return P4NI_INSERT_CHECKSUM;
	if (!p4ni_fits(skb, P4NI_INSERT_SIZE))
		return P4NI_INSERT_MTU;
	return P4NI_INSERT_GO_ON;
}

// Whether the packet repeats a TCP segment that left with telemetry: the first did not arrive, perhaps because of that.
static __always_inline int
p4ni_is_repeated(const struct p4ni_client_scratch *client, const struct p4ni_flow_state *state)
{
	__u32 i;

	if (client->flow.protocol != IPPROTO_TCP)
		return 0;
	for (i = 0; i < P4NI_RECENT; i++)
		if (state->recent[i].sequence && state->recent[i].id == client->id)
			return 1;
	return 0;
}

static __always_inline enum p4ni_client_reason
p4ni_insert_shim(struct __sk_buff *skb, const struct p4ni_client_settings *settings, struct p4ni_client_percpu *here,
		 struct p4ni_scratch *scratch)
{
	struct p4ni_client_scratch *client = &here->scratch;
	struct p4ni_flow_state *state = p4ni_flow_state(client);
	__u64 sent, called;
	__u32 sequence;

	if (!state)
		return P4NI_INSERT_NO_FLOW;
	if (p4ni_is_repeated(client, state))
		return P4NI_INSERT_REPEATED;
	if (bpf_skb_change_head(skb, P4NI_INSERT_SIZE, 0))
		return P4NI_INSERT_NO_ROOM;
	// Before the number is drawn: of a number that others overtake here, a later time would look like a new run's.
	sent = bpf_ktime_get_tai_ns();
	sequence = __sync_fetch_and_add(&state->sequence, 1) + 1;
	if (!sequence) // the number has wrapped; 0 is not a number
		sequence = __sync_fetch_and_add(&state->sequence, 1) + 1;
	called = p4ni_send_called(skb, client->tcp_end);
	p4ni_remember(state, sequence, client->id, called, sent);
	p4ni_compose(client, settings, sequence, sent, scratch->type);
	if (!p4ni_store_after_l2(skb, client->l2 + P4NI_L2_ROOM, scratch, P4NI_INSERT_SIZE))
		return P4NI_INSERT_NOT_STORED;
	if (settings->reports_sent)
		p4ni_report_sent(here, settings->host_id, sequence, called, sent);
	return P4NI_INSERT_DONE;
}

// Reads the packet: its flow, and what has to be kept of its Ethernet header.
static __always_inline int
p4ni_read_request(struct __sk_buff *skb, struct p4ni_client_scratch *client, struct p4ni_scratch *scratch)
{
	void *data = (void *)(long)skb->data, *end = (void *)(long)skb->data_end, *inner;
	__be16 type = 0;
	__u32 length = p4ni_l2_length(data, end, &type);

	if (!length || (type != bpf_htons(ETH_P_IP) && type != bpf_htons(ETH_P_IPV6)))
		return 0;
	scratch->l2_length = length;
	scratch->type = type;
	inner = p4ni_after_l2(data, scratch->l2_length);
	return p4ni_flow_of(inner, end, type, P4NI_REQUEST, client) && p4ni_keep_l2(data, end, scratch) &&
	       p4ni_is_request(skb, scratch->l2_length, client);
}

// Whether what the request goes to takes telemetry: the neighbour, and then the service.
static __always_inline enum p4ni_client_reason
p4ni_is_taken(struct __sk_buff *skb, const struct p4ni_client_settings *settings, enum p4ni_peering peering,
	      struct p4ni_client_percpu *here, const struct p4ni_scratch *scratch, __u64 now)
{
	const struct p4ni_client_flow *flow = &here->scratch.flow;
	__u32 takes;

	if (!settings->probes)
		return peering == P4NI_PEER ? P4NI_INSERT_GO_ON : p4ni_try_service(flow, 0, now);
	takes = p4ni_neighbour_takes(skb, scratch, here, now);
	if (!(takes & (P4NI_STRIPS_REQUESTS | P4NI_CARRIES_REQUESTS)))
		return P4NI_INSERT_NO_ANSWER;
	// With the sink at a switch no reply brings telemetry here.
	if (settings->reports_sent && peering == P4NI_PEER)
		return P4NI_INSERT_GO_ON;
	return p4ni_try_service(flow, peering == P4NI_PEER || takes & P4NI_STRIPS_REQUESTS, now);
}

static __always_inline enum p4ni_client_reason
p4ni_insert(struct __sk_buff *skb, struct p4ni_client_percpu *here, struct p4ni_scratch *scratch)
{
	struct p4ni_client_settings *settings = p4ni_client_settings();
	struct p4ni_client_scratch *client = &here->scratch;
	enum p4ni_client_reason reason;
	enum p4ni_peering peering;
	__u64 now;

	if (!settings || p4ni_is_shared_out(settings))
		return P4NI_INSERT_NOT_SAMPLED;
	if (!p4ni_read_request(skb, client, scratch))
		return P4NI_INSERT_OTHER;
	peering = p4ni_peering(client);
	if (peering == P4NI_STRANGER)
		return P4NI_INSERT_NO_PEER;
	reason = p4ni_has_room(skb);
	if (reason != P4NI_INSERT_GO_ON)
		return reason;
	now = bpf_ktime_get_ns();
	if (p4ni_is_paced_out(settings, now))
		return P4NI_INSERT_NOT_SAMPLED;
	reason = p4ni_is_taken(skb, settings, peering, here, scratch, now);
	if (reason != P4NI_INSERT_GO_ON)
		return reason;
	return p4ni_insert_shim(skb, settings, here, scratch);
}

#endif
