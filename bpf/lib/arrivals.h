// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
//
// On the server: which of a flow's requests with telemetry have arrived. The client's host numbers them, so a gap is a
// loss; how many have come is written into the source record, so that the client can distinguish a lost request from a
// lost reply.

#ifndef P4NI_ARRIVALS_H
#define P4NI_ARRIVALS_H

#include "telemetry.h"

// A number that is not above the highest and left its host this much later (ns) is of a new run: a client that was
// attached again begins at 1 again. What came late or twice left before the highest, or on another processor at the
// same moment.
#define P4NI_LEFT_LATER 10000000
// A new run is also known by one of its first numbers where the flow was this far already: the client's clock was set
// back.
#define P4NI_FAR_BEHIND 1024
// For so long (ns) after a new run has begun, requests of the one before may still come.
#define P4NI_OVERTAKEN 1000000000ull
// Numbers below the highest that are known to have come or not: bits of `seen`.
#define P4NI_SEEN 64

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

// Numbers that were passed over are missing until they come.
static __always_inline void p4ni_pass_over(struct p4ni_arrivals *flow, struct p4ni_arrival_totals *totals, __u32 gap)
{
	flow->missing += gap;
	__sync_fetch_and_add(&totals->missing, gap);
}

// One of those that were missing until now has come.
static __always_inline void p4ni_came_late(__u32 *missing, struct p4ni_arrival_totals *totals)
{
	if (!*missing)
		return;
	(*missing)--;
	__sync_fetch_and_add(&totals->missing, -1ull);
}

// Whether it left before the run began, and was overtaken by it.
static __always_inline int p4ni_is_of_run_before(const struct p4ni_arrivals *flow, __u64 sent)
{
	return flow->before_sent && sent <= flow->before_sent && bpf_ktime_get_ns() - flow->run_since < P4NI_OVERTAKEN;
}

static __always_inline int p4ni_starts_new_run(const struct p4ni_arrivals *flow, __u32 sequence, __u64 sent)
{
	__s32 ahead = sequence - flow->highest;

	if (ahead > 0)
		return 0;
	return (__s64)(sent - flow->sent) > P4NI_LEFT_LATER || (ahead < -P4NI_FAR_BEHIND && sequence < P4NI_FAR_BEHIND);
}

// A run begins with 1: what is below the first number that comes of it is missing.
static __always_inline void
p4ni_begin_run(struct p4ni_arrivals *flow, struct p4ni_arrival_totals *totals, __u32 sequence, __u64 sent)
{
	// After a clock that was set back, the time does not show what belongs to the run before.
	flow->before_sent = (__s64)(sent - flow->sent) > 0 ? flow->sent : 0;
	flow->before_missing = flow->missing;
	flow->run_since = bpf_ktime_get_ns();
	flow->highest = sequence;
	flow->first = 0;
	flow->sent = sent;
	flow->seen = 1;
	flow->missing = 0;
	p4ni_pass_over(flow, totals, sequence - 1);
	__sync_fetch_and_add(&totals->runs, 1);
}

// Whether the request was not there before. Frames of one flow mostly come through one receive queue, one after the
// other. Where they do not, as over a veth of several queues from a client that sends on several processors, one that
// is missing may be counted wrongly; of those that have arrived none is lost.
static __always_inline int
p4ni_add_arrival(struct p4ni_arrivals *flow, struct p4ni_arrival_totals *totals, __u32 sequence, __u64 sent)
{
	__s32 ahead = sequence - flow->highest;
	__u64 bit;

	if (p4ni_is_of_run_before(flow, sent)) {
		p4ni_came_late(&flow->before_missing, totals);
		return 1;
	}
	if (p4ni_starts_new_run(flow, sequence, sent)) {
		p4ni_begin_run(flow, totals, sequence, sent);
		return 1;
	}
	if (ahead > 0) {
		flow->seen = ahead < P4NI_SEEN ? flow->seen << ahead | 1 : 1;
		flow->highest = sequence;
		flow->sent = sent;
		p4ni_pass_over(flow, totals, ahead - 1);
		return 1;
	}
	if (-ahead < P4NI_SEEN) {
		bit = 1ull << -ahead;
		if (flow->seen & bit)
			return 0;
		flow->seen |= bit;
	}
	if ((__s32)(sequence - flow->first) > 0)
		p4ni_came_late(&flow->missing, totals);
	return 1;
}

// Counts a request. Returns its ordinal among those of its flow that have arrived, 0 where that is not known. Not
// static: the verifier then checks it once, by itself.
__noinline int p4ni_count_arrival(struct p4ni_scratch *scratch, __u32 host_id, __u32 sequence, __u64 sent)
{
	struct p4ni_arrivals fresh = { .highest = sequence - 1, .first = sequence, .sent = sent }, *flow;
	struct p4ni_arrival_totals *totals;
	struct p4ni_flow_key key;
	__u32 zero = 0;

	totals = bpf_map_lookup_elem(&p4ni_arrived, &zero);
	if (!scratch || !totals)
		return 0;
	key = scratch->key;
	key.request_id = host_id;
	flow = bpf_map_lookup_elem(&p4ni_arrivals, &key);
	if (!flow) {
		bpf_map_update_elem(&p4ni_arrivals, &key, &fresh, BPF_NOEXIST);
		flow = bpf_map_lookup_elem(&p4ni_arrivals, &key);
	}
	if (!flow)
		return 0;
	if (!p4ni_add_arrival(flow, totals, sequence, sent))
		return flow->received;
	__sync_fetch_and_add(&totals->received, 1);
	return __sync_fetch_and_add(&flow->received, 1) + 1;
}

// Counts the request whose kept telemetry ends in a source record, saved or not.
static __always_inline void p4ni_note_arrival(void *shim, void *end, struct p4ni_scratch *scratch)
{
	__u32 before = scratch->kept - P4NI_SOURCE_RECORD_SIZE;
	struct p4ni_source_record *source;

	scratch->arrived = 0;
	asm volatile("" : "+r"(before));
	if (before > P4NI_TELEMETRY_MAX)
		return;
	source = shim + before;
	asm volatile("" : "+r"(source));
	if ((void *)(source + 1) > end)
		return;
	scratch->arrived = p4ni_count_arrival(scratch, source->host_id, bpf_ntohl(source->sequence),
					      bpf_be64_to_cpu(source->sent));
}

// Writes the count into the source record that was saved.
static __always_inline void p4ni_write_arrival(struct p4ni_slot *slot, const struct p4ni_scratch *scratch)
{
	__u32 before = scratch->kept - P4NI_SOURCE_RECORD_SIZE;
	struct p4ni_source_record *source;

	asm volatile("" : "+r"(before));
	if (before > P4NI_TELEMETRY_MAX)
		return;
	source = (void *)slot->frame + before;
	source->received = bpf_htonl(scratch->arrived);
}

#endif
