// SPDX-License-Identifier: Apache-2.0
//
// The telemetry that waits under a key, for whoever sends the reply.

#ifndef P4NI_STORE_MATCHING_H
#define P4NI_STORE_MATCHING_H

#include "request_store.h"

// Searches, when what was found was taken away meanwhile.
#define P4NI_READ_TRIES 2

// Looks through one set for the oldest telemetry of this key: requests with one key are answered in order.
// The keys are compared while others may write them; that only chooses, the claim is followed by a true comparison.
static __always_inline void
p4ni_search_key(__u32 in, __u32 look, const struct p4ni_flow_key *key, struct p4ni_claim *best)
{
	struct p4ni_set *set = bpf_map_lookup_elem(&p4ni_index, &in);
	__u32 way;

	if (!set)
		return;
	for (way = 0; way < P4NI_WAYS; way++) {
		__u64 seen = *(volatile __u64 *)&set->state[way];
		struct p4ni_claim other = { .before = seen, .number = in * P4NI_WAYS + way };
		struct p4ni_slot *slot;

		if (__builtin_expect((seen & P4NI_LOOK_MASK) != look, 1))
			continue;
		if (best->number != P4NI_NOWHERE && (__s64)(seen - best->before) >= 0)
			continue;
		slot = p4ni_slot_of(other.number);
		if (slot && p4ni_same(&slot->key, key))
			*best = other;
	}
}

// All ones if the word may be the key's, else zero: what remains of it is then 0 less 1.
static __always_inline __u64 p4ni_alike(const struct p4ni_set *set, __u32 way, __u32 look)
{
	__u64 rest = (*(const volatile __u64 *)&set->state[way] ^ look) & P4NI_LOOK_MASK;

	return (__s64)(rest - 1) >> 63;
}

// The ways of a set that may be the key's, as bits. Without a branch for each, as for most replies there is none, and
// put together in pairs, which do not wait for one another.
static __always_inline __u32 p4ni_ways_alike(const struct p4ni_set *set, __u32 look)
{
	__u64 a = (p4ni_alike(set, 0, look) & 1) | (p4ni_alike(set, 1, look) & 2);
	__u64 b = (p4ni_alike(set, 2, look) & 4) | (p4ni_alike(set, 3, look) & 8);
	__u64 c = (p4ni_alike(set, 4, look) & 16) | (p4ni_alike(set, 5, look) & 32);
	__u64 d = (p4ni_alike(set, 6, look) & 64) | (p4ni_alike(set, 7, look) & 128);

	return (a | b) | (c | d);
}

static __always_inline int p4ni_may_hold(__u32 in, __u32 look)
{
	struct p4ni_set *set = bpf_map_lookup_elem(&p4ni_index, &in);

	return set && p4ni_ways_alike(set, look);
}

// Looks behind the front. Not static for the verifier's sake, as p4ni_move_back.
__noinline int p4ni_search_key_behind(const struct p4ni_work *work, struct p4ni_claim *best)
{
	struct p4ni_place place;

	if (!work || !best)
		return 0;
	place = p4ni_place(work->hash);
	p4ni_search_key(place.sets[1], p4ni_look(work->hash), &work->key, best);
	if (best->number == P4NI_NOWHERE)
		p4ni_search_key(place.sets[2], p4ni_look(work->hash), &work->key, best);
	return 0;
}

// Looks through the front set as p4ni_search_key does, having found out which ways can be meant.
static __always_inline void
p4ni_search_front(__u32 in, __u32 look, const struct p4ni_flow_key *key, struct p4ni_claim *best)
{
	struct p4ni_set *set = bpf_map_lookup_elem(&p4ni_index, &in);
	struct p4ni_slot *slot;
	__u32 ways, number;

	if (!set)
		return;
	ways = p4ni_ways_alike(set, look);
	if (__builtin_expect(!ways, 1))
		return;
	if (ways & (ways - 1)) {
		p4ni_search_key(in, look, key, best);
		return;
	}
	// Of a power of two, the exponent.
	ways = !!(ways & 0xaa) | !!(ways & 0xcc) << 1 | !!(ways & 0xf0) << 2;
	best->before = *(volatile __u64 *)&set->state[ways & (P4NI_WAYS - 1)];
	number = in * P4NI_WAYS + ways;
	slot = p4ni_slot_of(number);
	if ((best->before & P4NI_LOOK_MASK) == look && slot && p4ni_same(&slot->key, key))
		best->number = number;
}

// Claims the telemetry saved under `work->key`: `work->slot` and `work->before`. 0 when there is none.
static __always_inline int p4ni_claim_saved(struct p4ni_work *work)
{
	__u32 look = p4ni_look(work->hash), front = p4ni_front_set(work->hash);
	struct p4ni_slot *slot;
	__u32 try;

	for (try = 0; try < P4NI_READ_TRIES; try++) {
		struct p4ni_claim best = { .number = P4NI_NOWHERE };

		p4ni_search_front(front, look, &work->key, &best);
		if (best.number == P4NI_NOWHERE && __builtin_expect(p4ni_is_behind_used(), 0))
			p4ni_search_key_behind(work, &best);
		if (best.number == P4NI_NOWHERE)
			return 0;
		if (!p4ni_try_claim(&best))
			continue;
		work->slot = best.number;
		work->before = best.before;
		slot = p4ni_slot_of(best.number);
		if (slot && p4ni_same(&slot->key, &work->key))
			return 1;
		p4ni_release(best.number, best.before);
	}
	return 0;
}

#endif
