// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
//
// The telemetry that waits under a key, for whoever sends the reply.

#ifndef P4NI_STORE_MATCHING_H
#define P4NI_STORE_MATCHING_H

#include "request_store.h"

// Searches, when another program took away what was found.
#define P4NI_READ_TRIES 2

// Looks through one set for the oldest telemetry of this key: requests with one key are answered in order.
// The keys are compared while others may write them; that only chooses, the claim is followed by a true comparison.
static __always_inline void
p4ni_search_key(__u32 in, __u32 probe, const struct p4ni_flow_key *key, struct p4ni_claim *best)
{
	struct p4ni_set *set = bpf_map_lookup_elem(&p4ni_index, &in);
	__u32 way;

	if (!set)
		return;
	for (way = 0; way < P4NI_WAYS; way++) {
		__u64 seen = *(volatile __u64 *)&set->state[way];
		struct p4ni_claim other = { .before = seen, .number = in * P4NI_WAYS + way };
		struct p4ni_slot *slot;

		if (__builtin_expect((seen & P4NI_PROBE_MASK) != probe, 1))
			continue;
		if (best->number != P4NI_NOWHERE && (__s64)(seen - best->before) >= 0)
			continue;
		slot = p4ni_slot_of(other.number);
		if (slot && p4ni_same(&slot->key, key))
			*best = other;
	}
}

// All ones if the word may be the key's, else zero: what remains of it is then 0 less 1.
static __always_inline __u64 p4ni_match_mask(const struct p4ni_set *set, __u32 way, __u32 probe)
{
	__u64 rest = (*(const volatile __u64 *)&set->state[way] ^ probe) & P4NI_PROBE_MASK;

	return (__s64)(rest - 1) >> 63;
}

// The ways of a set that may be the key's, as bits. Without a branch for each, as most replies have none, and put
// together in pairs, which do not wait for one another.
static __always_inline __u32 p4ni_matching_ways(const struct p4ni_set *set, __u32 probe)
{
	__u64 a = (p4ni_match_mask(set, 0, probe) & 1) | (p4ni_match_mask(set, 1, probe) & 2);
	__u64 b = (p4ni_match_mask(set, 2, probe) & 4) | (p4ni_match_mask(set, 3, probe) & 8);
	__u64 c = (p4ni_match_mask(set, 4, probe) & 16) | (p4ni_match_mask(set, 5, probe) & 32);
	__u64 d = (p4ni_match_mask(set, 6, probe) & 64) | (p4ni_match_mask(set, 7, probe) & 128);

	return (a | b) | (c | d);
}

// Whether a set may hold something of the key. Mostly it does not, so that no branch is taken: which way it would be does
// not matter, and to find that out takes more.
static __always_inline int p4ni_may_hold(__u32 in, __u32 probe)
{
	struct p4ni_set *set = bpf_map_lookup_elem(&p4ni_index, &in);
	__u32 way;

	if (!set)
		return 0;
#pragma clang loop unroll(full)
	for (way = 0; way < P4NI_WAYS; way++) {
		__u32 seen = *(const volatile __u32 *)&set->state[way];

		if (__builtin_expect(!((seen ^ probe) & P4NI_PROBE_MASK), 0))
			return 1;
	}
	return 0;
}

// Looks in the overflow sets. Not static for the verifier's sake, as p4ni_move_to_overflow.
__noinline int p4ni_search_overflow(const struct p4ni_scratch *scratch, struct p4ni_claim *best)
{
	struct p4ni_place place;

	if (!scratch || !best)
		return 0;
	place = p4ni_place(scratch->hash);
	p4ni_search_key(place.sets[1], p4ni_probe(scratch->hash), &scratch->key, best);
	if (best->number == P4NI_NOWHERE)
		p4ni_search_key(place.sets[2], p4ni_probe(scratch->hash), &scratch->key, best);
	return 0;
}

// Looks through the front set as p4ni_search_key does, having found out which ways can be meant.
static __always_inline void
p4ni_search_front(__u32 in, __u32 probe, const struct p4ni_flow_key *key, struct p4ni_claim *best)
{
	struct p4ni_set *set = bpf_map_lookup_elem(&p4ni_index, &in);
	struct p4ni_slot *slot;
	__u32 ways, number;

	if (!set)
		return;
	ways = p4ni_matching_ways(set, probe);
	if (__builtin_expect(!ways, 1))
		return;
	if (ways & (ways - 1)) {
		p4ni_search_key(in, probe, key, best);
		return;
	}
	// Of a power of two, the exponent.
	ways = !!(ways & 0xaa) | !!(ways & 0xcc) << 1 | !!(ways & 0xf0) << 2;
	best->before = *(volatile __u64 *)&set->state[ways & (P4NI_WAYS - 1)];
	number = in * P4NI_WAYS + ways;
	slot = p4ni_slot_of(number);
	if ((best->before & P4NI_PROBE_MASK) == probe && slot && p4ni_same(&slot->key, key))
		best->number = number;
}

// Claims the telemetry saved under `scratch->key`: `scratch->slot` and `scratch->before`. 0 if nothing is saved.
static __always_inline int p4ni_claim_saved(struct p4ni_scratch *scratch)
{
	__u32 probe = p4ni_probe(scratch->hash), front = p4ni_front_set(scratch->hash);
	struct p4ni_slot *slot;
	__u32 try;

	for (try = 0; try < P4NI_READ_TRIES; try++) {
		struct p4ni_claim best = { .number = P4NI_NOWHERE };

		p4ni_search_front(front, probe, &scratch->key, &best);
		if (best.number == P4NI_NOWHERE && __builtin_expect(p4ni_is_overflow_used(), 0))
			p4ni_search_overflow(scratch, &best);
		if (best.number == P4NI_NOWHERE)
			return 0;
		if (!p4ni_try_claim(&best))
			continue;
		scratch->slot = best.number;
		scratch->before = best.before;
		slot = p4ni_slot_of(best.number);
		if (slot && p4ni_same(&slot->key, &scratch->key))
			return 1;
		p4ni_release(best.number, best.before);
	}
	return 0;
}

#endif
