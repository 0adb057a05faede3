// SPDX-License-Identifier: Apache-2.0
//
// On the server: which of a flow's stamped requests have arrived. The client's host numbers them, so a gap is a loss; how many
// have come is written into the source record, for the client to tell a request that was lost from a reply that was.

#ifndef P4NI_ARRIVALS_H
#define P4NI_ARRIVALS_H

#include "telemetry.h"

// Numbers are of the same run as long as they lie this close: a client that was attached anew begins at 1 again.
#define P4NI_SAME_RUN 1024

// By the request's flow, with the sending host's id in the place of the request id.
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, struct p4ni_flow_key);
	__type(value, struct p4ni_arrivals);
} p4ni_arrivals SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct p4ni_arrival_totals);
} p4ni_arrived SEC(".maps");

// Whether the number goes on where the flow was. One that is behind came late, or out of a run before.
static __always_inline int p4ni_goes_on(const struct p4ni_arrivals *flow, __u32 sequence)
{
	__s32 ahead = sequence - flow->highest;

	return ahead > -P4NI_SAME_RUN && ahead < P4NI_SAME_RUN;
}

// Numbers that were passed over are missing until they come.
static __always_inline void p4ni_pass_over(struct p4ni_arrivals *flow, struct p4ni_arrival_totals *totals, __u32 gap)
{
	__sync_fetch_and_add(&flow->missing, gap);
	__sync_fetch_and_add(&totals->missing, gap);
}

// One that is behind the highest was missing until now. Where none of the flow is, it came before the first that was seen, or
// twice.
static __always_inline void p4ni_came_late(struct p4ni_arrivals *flow, struct p4ni_arrival_totals *totals)
{
	__u32 missing, i;

	for (i = 0; i < 4; i++) {
		missing = *(volatile __u32 *)&flow->missing;
		if (!missing)
			return;
		if (__sync_val_compare_and_swap(&flow->missing, missing, missing - 1) == missing) {
			__sync_fetch_and_add(&totals->missing, -1ull);
			return;
		}
	}
}

static __always_inline void p4ni_add_arrival(struct p4ni_arrivals *flow, __u32 sequence)
{
	struct p4ni_arrival_totals *totals;
	__u32 zero = 0;
	__s32 ahead;

	totals = bpf_map_lookup_elem(&p4ni_arrived, &zero);
	if (!totals)
		return;
	__sync_fetch_and_add(&totals->received, 1);
	if (!p4ni_goes_on(flow, sequence)) {
		flow->highest = sequence;
		flow->missing = 0;
		__sync_fetch_and_add(&totals->runs, 1);
		return;
	}
	ahead = sequence - flow->highest;
	if (ahead > 0)
		flow->highest = sequence;
	if (ahead > 1)
		p4ni_pass_over(flow, totals, ahead - 1);
	else if (ahead < 0)
		p4ni_came_late(flow, totals);
}

// Counts a request: returns the how manieth of its flow it is, 0 where that is not known. Not static: the verifier then checks it
// once, by itself.
__noinline int p4ni_count_arrival(struct p4ni_work *work, __u32 host_id, __u32 sequence)
{
	struct p4ni_arrivals fresh = { .highest = sequence - 1 }, *flow;
	struct p4ni_flow_key key;

	if (!work)
		return 0;
	key = work->key;
	key.request_id = host_id;
	flow = bpf_map_lookup_elem(&p4ni_arrivals, &key);
	if (!flow) {
		bpf_map_update_elem(&p4ni_arrivals, &key, &fresh, BPF_NOEXIST);
		flow = bpf_map_lookup_elem(&p4ni_arrivals, &key);
	}
	if (!flow)
		return 0;
	p4ni_add_arrival(flow, sequence);
	return __sync_fetch_and_add(&flow->received, 1) + 1;
}

// Counts the request whose kept telemetry ends in a source record, saved or not.
static __always_inline void p4ni_note_arrival(void *shim, void *end, struct p4ni_work *work)
{
	__u32 before = work->kept - P4NI_SOURCE_RECORD_SIZE;
	struct p4ni_source_record *source;

	work->arrived = 0;
	asm volatile("" : "+r"(before));
	if (before > P4NI_TELEMETRY_MAX)
		return;
	source = shim + before;
	asm volatile("" : "+r"(source));
	if ((void *)(source + 1) > end)
		return;
	work->arrived = p4ni_count_arrival(work, source->host_id, bpf_ntohl(source->sequence));
}

// Writes the count into the source record that was saved.
static __always_inline void p4ni_tell_arrival(struct p4ni_slot *slot, const struct p4ni_work *work)
{
	__u32 before = work->kept - P4NI_SOURCE_RECORD_SIZE;
	struct p4ni_source_record *source;

	asm volatile("" : "+r"(before));
	if (before > P4NI_TELEMETRY_MAX)
		return;
	source = (void *)slot->frame + before;
	source->received = bpf_htonl(work->arrived);
}

#endif
