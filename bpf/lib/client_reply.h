// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
//
// XDP, on the client's interface: a reply that brings its journey's telemetry is reported, and its telemetry removed.

#ifndef P4NI_CLIENT_REPLY_H
#define P4NI_CLIENT_REPLY_H

#include "client_flow.h"
#include "client_reports.h"
#include "peers.h"
#include "telemetry.h"

// Bytes of the packet inside that a report holds: headers with their options, and a request id.
#define P4NI_REPORT_INNER 96

// This host's entry of the request that the source record names; 0 where it has given way to a newer one.
static __always_inline struct p4ni_sent *p4ni_find_sent(struct p4ni_flow_state *state, __u32 sequence)
{
	struct p4ni_sent *entry = &state->recent[sequence % P4NI_RECENT];

	return sequence && *(volatile __u32 *)&entry->sequence == sequence ? entry : 0;
}

// What this host knew when the request left. An entry that has been overwritten since then says nothing. Returns 0 if a
// reply to the same request has come before.
static __always_inline int
p4ni_recall(struct p4ni_client_scratch *client, struct p4ni_flow_state *state, __u32 sequence)
{
	struct p4ni_sent *entry = p4ni_find_sent(state, sequence);
	struct p4ni_report *report = &client->report;
	__u64 called;

	if (!entry)
		return 1;
	if (*(volatile __u32 *)&entry->arrived)
		return *(volatile __u32 *)&entry->sequence != sequence;
	called = *(volatile __u64 *)&entry->called;
	entry->answer = client->tcp_end;
	if (__sync_val_compare_and_swap(&entry->sequence, sequence, sequence) != sequence)
		return 1;
	report->called = called;
	return !__sync_val_compare_and_swap(&entry->arrived, 0, 1);
}

// Reads the source record, which ends where the kept telemetry does.
static __always_inline void
p4ni_read_source(void *shim, void *end, const struct p4ni_scratch *scratch, struct p4ni_report *report)
{
	__u32 before = scratch->kept - sizeof(struct p4ni_source_record);
	struct p4ni_source_record *source;
	int flags;

	report->host_id = 0;
	report->sequence = 0;
	report->sent = 0;
	if (shim + P4NI_SHIM_SIZE > end)
		return;
	flags = ((struct p4ni_shim *)shim)->flags;
	asm volatile("" : "+r"(before));
	if (p4ni_is_reference_shim(shim) || !(flags & P4NI_FLAG_SOURCE_RECORD) || before > P4NI_TELEMETRY_MAX)
		return;
	source = shim + before;
	asm volatile("" : "+r"(source));
	if ((void *)(source + 1) > end)
		return;
	report->host_id = bpf_ntohl(source->host_id);
	report->sequence = bpf_ntohl(source->sequence);
	report->sent = bpf_be64_to_cpu(source->sent);
}

// Hands the reply over, and counts for its flow what could not be: the agent then knows that it was not lost.
static __always_inline void p4ni_hand_over(struct xdp_md *ctx, struct p4ni_client_percpu *here,
					   const struct p4ni_scratch *scratch, struct p4ni_flow_state *state)
{
	__u32 size = (void *)(long)ctx->data_end - (void *)(long)ctx->data;
	__u32 length = scratch->l2_length + scratch->stripped + P4NI_REPORT_INNER;

	here->scratch.report.unreported = state ? state->unreported : 0;
	if (!p4ni_report_reply(ctx, here, length < size ? length : size) && state)
		__sync_fetch_and_add(&state->unreported, 1);
}

static __always_inline void p4ni_consume_reply(struct xdp_md *ctx, void *shim, void *end,
					       struct p4ni_client_percpu *here, const struct p4ni_scratch *scratch)
{
	struct p4ni_client_settings *settings = p4ni_client_settings();
	struct p4ni_client_scratch *client = &here->scratch;
	struct p4ni_report *report = &client->report;
	struct p4ni_flow_state *state = 0;

	if (!settings)
		return;
	report->arrived = bpf_ktime_get_tai_ns();
	report->called = 0;
	p4ni_read_source(shim, end, scratch, report);
	if (report->sequence && report->host_id == settings->host_id) {
		p4ni_client_count(here, P4NI_REPLY_OWN);
		if (settings->learns || settings->probes)
			p4ni_confirm(&client->flow, bpf_ktime_get_ns());
		state = bpf_map_lookup_elem(&p4ni_flows, &client->flow);
		if (state && !p4ni_recall(client, state, report->sequence)) {
			p4ni_client_count(here, P4NI_REPLY_REPEATED);
			return;
		}
	} else if (settings->learns) {
		p4ni_learn(client, bpf_ktime_get_ns());
	}
	p4ni_hand_over(ctx, here, scratch, state);
}

// A frame whose shim is at `l2_length`.
static __always_inline enum p4ni_reason
p4ni_client_handle(struct xdp_md *ctx, struct p4ni_client_percpu *here, struct p4ni_scratch *scratch, __u32 l2_length)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end, *shim, *inner;
	enum p4ni_reason reason;
	__u32 stripped;

	scratch->l2_length = l2_length;
	shim = p4ni_after_l2(data, scratch->l2_length);
	reason = p4ni_read_telemetry(shim, end, scratch);
	if (reason != P4NI_FINE)
		return reason;
	if (scratch->type != bpf_htons(ETH_P_IP) && scratch->type != bpf_htons(ETH_P_IPV6))
		return P4NI_XDP_INNER_TYPE;
	stripped = scratch->stripped;
	asm volatile("" : "+r"(stripped));
	if (stripped > P4NI_FRAME_ROOM)
		return P4NI_XDP_COUNT;
	inner = shim + stripped;
	asm volatile("" : "+r"(inner));
	if (scratch->stripped == scratch->kept)
		p4ni_client_count(here, P4NI_REQUEST_STRIPPED);
	else if (p4ni_flow_of(inner, end, scratch->type, P4NI_REPLY, &here->scratch))
		p4ni_consume_reply(ctx, shim, end, here, scratch);
	return p4ni_strip(ctx, scratch) ? P4NI_XDP_RETURNED : P4NI_XDP_NOT_MOVED;
}

#endif
