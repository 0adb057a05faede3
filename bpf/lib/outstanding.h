// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
//
// Finds the request that a packet or a receive call is about, without claiming its slot, and only if there is no other
// that it could be.

#ifndef P4NI_OUTSTANDING_H
#define P4NI_OUTSTANDING_H

#include "stages.h"
#include "unclaimed.h"

// A request that waits for its reply, as it was when it was found. It may be gone at any moment: `stamp` then keeps
// what is noted of it from counting.
struct p4ni_request {
	__u64 arrival;
	__u32 slot;
	__u32 stamp;
};

static __always_inline void
p4ni_look_for(__u32 in, __u32 probe, const struct p4ni_flow_key *key, struct p4ni_request *found, __u32 *count)
{
	struct p4ni_set *set = bpf_map_lookup_elem(&p4ni_index, &in);
	struct p4ni_claim seen = {};
	struct p4ni_slot *slot;
	__u32 way;

	for (way = 0; set && way < P4NI_WAYS; way++) {
		slot = p4ni_probe_way(set, in, way, probe, key, &seen);
		if (!slot)
			continue;
		if (*count)
			p4ni_spoil(found->slot, found->stamp);
		found->arrival = slot->arrival;
		found->slot = seen.number;
		found->stamp = p4ni_stamp_of(seen.before);
		if (*count)
			p4ni_spoil(found->slot, found->stamp);
		++*count;
	}
}

// Whether exactly one request with this key waits. Where there are several nobody can say which is meant: none of them
// will have parts.
static __always_inline int p4ni_find_request(const struct p4ni_flow_key *key, struct p4ni_request *found)
{
	struct p4ni_totals *totals = p4ni_totals();
	__u64 hash = p4ni_hash(key);
	struct p4ni_place place = p4ni_place(hash);
	__u32 probe = p4ni_probe(hash), count = 0, i;

	*found = (struct p4ni_request){};
	p4ni_look_for(place.sets[0], probe, key, found, &count);
	if (totals && totals->overflow)
		for (i = 1; i < 3; i++)
			if (i == 1 || place.sets[2] != place.sets[1])
				p4ni_look_for(place.sets[i], probe, key, found, &count);
	return count == 1;
}

// Requests that lie in sockets' receive queues, by socket and the payload's first bytes: what a receive call has at
// hand. An entry is slot << 32 | stamp; its stages hold the rest of the identity. How many there are is counted: with
// few requests sampled there is mostly none, and then nothing has to be looked for: the application's memory above all,
// each read of it costs 100 ns. One that is never received is counted until another takes its entry.
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, P4NI_WAYS);
	__type(key, __u32);
	__type(value, __u64);
} p4ni_queued SEC(".maps");

struct p4ni_identity {
	__u32 entry; // of p4ni_queued
	__u32 check; // distinguishes requests that share an entry
};

static __always_inline struct p4ni_identity p4ni_identity(__u64 socket, __u64 payload)
{
	__u64 hash = (socket ^ p4ni_config.hash_seed) * 0x9e3779b97f4a7c15ull + payload * 0xd6e8feb86659fd93ull;

	hash = (hash ^ hash >> 32) * 0xbf58476d1ce4e5b9ull;
	hash ^= hash >> 29;
	return (struct p4ni_identity){
		.entry = (hash >> 32) * p4ni_config.queued >> 32,
		.check = (__u32)hash,
	};
}

static __always_inline int p4ni_is_any_queued(void)
{
	struct p4ni_totals *totals = p4ni_totals();

	return totals && *(volatile __u64 *)&totals->queued;
}

// Puts the request into its entry; returns what was there.
static __always_inline __u64 p4ni_put_queued(__u64 *entry, __u64 request)
{
	__u64 before = __sync_lock_test_and_set(entry, request);
	struct p4ni_totals *totals = p4ni_totals();

	if (!before && totals)
		__sync_fetch_and_add(&totals->queued, 1);
	return before;
}

static __always_inline void p4ni_remove_queued(__u64 *entry, __u64 request)
{
	struct p4ni_totals *totals = p4ni_totals();

	if (__sync_val_compare_and_swap(entry, request, 0) == request && totals)
		__sync_fetch_and_add(&totals->queued, -1);
}

// Whether what an entry names still waits and is of this identity.
static __always_inline int p4ni_is_queued(__u64 entry, __u32 check)
{
	__u32 slot = entry >> 32, stamp = entry;
	__u64 *state = p4ni_state_of(slot);
	struct p4ni_stages *stages = p4ni_stages_of(slot);

	return entry && state && stages && p4ni_stamp_of(*(volatile __u64 *)state) == stamp &&
	       p4ni_reading(stages, P4NI_STAGE_IDENTITY, stamp) == check;
}

#endif
