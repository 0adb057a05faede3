// SPDX-License-Identifier: Apache-2.0
//
// Where telemetry waits for its reply: a set-associative store in two arrays, safe with writers and readers on every
// processor, without locks and without waiting.
//
// A key's hash names two sets of eight slots: one of the few in front and one of the many behind. All that a search
// needs of a set is one cache line of state words (see p4ni_host.h); the slots hold the full key and the bytes. New
// telemetry goes to the front, so that with some dozens of requests outstanding the same few slots serve again and
// again and stay in cache and TLB: spread over the whole store, saving takes twice the time. What waits in a full
// front for long, a reply that never comes, is moved behind, once.
//
// A slot is written or read only by the program that turned its word to BUSY by compare-and-exchange, and the word is
// given its next value by an exchange: both are full barriers, so the bytes between them are seen whole or not at
// all. A reply whose slot was taken away a moment ago finds nothing and goes out plain: telemetry can be lost, but
// never mixed.

#ifndef P4NI_REQUEST_STORE_H
#define P4NI_REQUEST_STORE_H

#include "counters.h"
#include "maps.h"

#define P4NI_BUSY ((__u64)P4NI_PHASE_BUSY)
#define P4NI_PHASE_MASK ((1ull << P4NI_PHASE_BITS) - 1)
#define P4NI_LOOK_MASK ((1ull << (P4NI_PHASE_BITS + P4NI_TAG_BITS)) - 1)
#define P4NI_WRITE_TRIES 3
#define P4NI_READ_TRIES 2

// Age in ns from which telemetry has to leave a full front.
#define P4NI_STALE_AFTER 100000000ull

// A slot that is ours until `p4ni_release`.
struct p4ni_claim {
	__u64 before; // the word that BUSY replaced
	__u32 number; // of the slot; its state word is number % 8 of set number / 8
	__u32 reserved;
};

// Where a key may be.
struct p4ni_place {
	__u32 sets[2];
	__u32 look; // tag and phase of a state word that may hold the key
	__u32 reserved;
};

// One multiplication for every 8 bytes. The seed is random, so that sets cannot be aimed at from outside.
static __always_inline __u64 p4ni_hash(const struct p4ni_flow_key *key)
{
	const __u64 *word = (const __u64 *)key;
	__u64 hash = p4ni_config.hash_seed;
	__u32 i;

#pragma unroll
	for (i = 0; i < sizeof(*key) / sizeof(*word); i++) {
		hash = (hash ^ word[i]) * 0x9e3779b97f4a7c15ull;
		hash ^= hash >> 32;
	}
	return hash;
}

static __always_inline struct p4ni_place p4ni_place(const struct p4ni_flow_key *key)
{
	__u64 hash = p4ni_hash(key), front = p4ni_config.front_sets, behind = p4ni_config.sets - front;
	struct p4ni_place place = {
		.sets = { (hash >> 32) * front >> 32, front + ((hash * 0xd6e8feb86659fd93ull >> 32) * behind >> 32) },
		.look = (hash << P4NI_PHASE_BITS | P4NI_PHASE_FULL) & P4NI_LOOK_MASK,
	};

	return place;
}

static __always_inline int p4ni_same(const struct p4ni_flow_key *a, const struct p4ni_flow_key *b)
{
	const __u64 *x = (const __u64 *)a, *y = (const __u64 *)b;

	return !((x[0] ^ y[0]) | (x[1] ^ y[1]) | (x[2] ^ y[2]) | (x[3] ^ y[3]) | (x[4] ^ y[4]));
}

static __always_inline __u64 p4ni_word(__u64 arrival, const struct p4ni_place *place)
{
	return arrival >> P4NI_STAMP_SHIFT << (P4NI_PHASE_BITS + P4NI_TAG_BITS) | place->look;
}

static __always_inline __u64 *p4ni_state_of(__u32 number)
{
	__u32 in = number / P4NI_WAYS;
	struct p4ni_set *set = bpf_map_lookup_elem(&p4ni_index, &in);

	return set ? &set->state[number % P4NI_WAYS] : 0;
}

static __always_inline int p4ni_try_claim(const struct p4ni_claim *claim)
{
	__u64 *state = p4ni_state_of(claim->number);

	return state && __sync_val_compare_and_swap(state, claim->before, P4NI_BUSY) == claim->before;
}

static __always_inline void p4ni_release(const struct p4ni_claim *claim, __u64 word)
{
	__u64 *state = p4ni_state_of(claim->number);

	if (state)
		__sync_lock_test_and_set(state, word);
}

static __always_inline struct p4ni_slot *p4ni_slot_of(const struct p4ni_claim *claim)
{
	__u32 number = claim->number;

	return bpf_map_lookup_elem(&p4ni_slots, &number);
}

#define P4NI_NOWHERE 0xffffffffu

// Looks through one set for the best slot to write: a free one, else one older than what `best` has so far.
static __always_inline void p4ni_search_room(__u32 in, struct p4ni_claim *best)
{
	struct p4ni_set *set = bpf_map_lookup_elem(&p4ni_index, &in);
	__u32 way;

	if (!set)
		return;
	for (way = 0; way < P4NI_WAYS; way++) {
		__u64 seen = *(volatile __u64 *)&set->state[way];

		if (seen == P4NI_BUSY)
			continue;
		if (seen != P4NI_PHASE_FREE && best->number != P4NI_NOWHERE && (__s64)(seen - best->before) >= 0)
			continue;
		best->before = seen;
		best->number = in * P4NI_WAYS + way;
		if (seen == P4NI_PHASE_FREE)
			return;
	}
}

static __always_inline int p4ni_is_free(const struct p4ni_claim *found)
{
	return found->number != P4NI_NOWHERE && found->before == P4NI_PHASE_FREE;
}

// Whether `a` is a slot, and one to be given up rather than `b`.
static __always_inline int p4ni_is_older(const struct p4ni_claim *a, const struct p4ni_claim *b)
{
	if (a->number == P4NI_NOWHERE)
		return 0;
	return b->number == P4NI_NOWHERE || (__s64)(a->before - b->before) < 0;
}

static __always_inline int p4ni_is_stale(const struct p4ni_claim *found, __u64 now)
{
	__u64 stamp = found->before >> (P4NI_PHASE_BITS + P4NI_TAG_BITS) << P4NI_STAMP_SHIFT;

	return found->number != P4NI_NOWHERE && now - stamp > P4NI_STALE_AFTER;
}

static __always_inline void p4ni_copy_slot(struct p4ni_slot *to, const struct p4ni_slot *from)
{
	__u64 *x = (__u64 *)to;
	const __u64 *y = (const __u64 *)from;
	__u32 i;

	for (i = 0; i < sizeof(*to) / sizeof(*x); i++)
		x[i] = y[i];
}

// Moves the telemetry of a claimed front slot to the back set of its key, where it may evict something older.
// Afterwards, also when its own telemetry was the oldest and is lost, the front slot counts as free.
__noinline int p4ni_move_back(struct p4ni_claim *front)
{
	struct p4ni_claim back = { .number = P4NI_NOWHERE };
	struct p4ni_slot *from, *to;
	struct p4ni_place place;

	if (!front)
		return 0;
	from = p4ni_slot_of(front);
	if (!from)
		return 0;
	place = p4ni_place(&from->key);
	p4ni_search_room(place.sets[1], &back);
	if (!p4ni_is_free(&back))
		p4ni_count(P4NI_XDP_EVICTED);
	if (p4ni_is_free(&back) || p4ni_is_older(&back, front)) {
		to = p4ni_slot_of(&back);
		if (!to || !p4ni_try_claim(&back))
			return 0;
		p4ni_copy_slot(to, from);
		p4ni_release(&back, front->before);
	}
	front->before = P4NI_PHASE_FREE;
	return 1;
}

// Claims a slot for a new request; `claim->before` tells what is evicted. 0 when others were quicker every time.
//
// Not static: the verifier then checks the function once, by itself, instead of all its ways times all of its caller's.
__noinline int p4ni_claim_room(const struct p4ni_place *place, __u64 now, struct p4ni_claim *claim)
{
	__u32 try;

	if (!place || !claim)
		return 0;
	for (try = 0; try < P4NI_WRITE_TRIES; try++) {
		struct p4ni_claim front = { .number = P4NI_NOWHERE }, back = { .number = P4NI_NOWHERE };
		int stale;

		p4ni_search_room(place->sets[0], &front);
		stale = !p4ni_is_free(&front) && p4ni_is_stale(&front, now);
		if (!p4ni_is_free(&front) && !stale)
			p4ni_search_room(place->sets[1], &back);
		*claim = p4ni_is_free(&back) || p4ni_is_older(&back, &front) ? back : front;
		if (claim->number == P4NI_NOWHERE || !p4ni_try_claim(claim))
			continue;
		if (!stale || p4ni_move_back(claim))
			return 1;
		p4ni_release(claim, claim->before);
	}
	return 0;
}

// Looks through one set for the oldest telemetry of this key: requests with one key are answered in order.
// The keys are compared while others may write them; that only chooses, the claim is followed by a true comparison.
static __always_inline void
p4ni_search_key(__u32 in, const struct p4ni_place *place, const struct p4ni_flow_key *key, struct p4ni_claim *best)
{
	struct p4ni_set *set = bpf_map_lookup_elem(&p4ni_index, &in);
	__u32 way;

	if (!set)
		return;
	for (way = 0; way < P4NI_WAYS; way++) {
		__u64 seen = *(volatile __u64 *)&set->state[way];
		struct p4ni_claim other = { .before = seen, .number = in * P4NI_WAYS + way };
		struct p4ni_slot *slot;

		if (__builtin_expect((seen & P4NI_LOOK_MASK) != place->look, 1))
			continue;
		if (best->number != P4NI_NOWHERE && (__s64)(seen - best->before) >= 0)
			continue;
		slot = p4ni_slot_of(&other);
		if (slot && p4ni_same(&slot->key, key))
			*best = other;
	}
}

// Claims the telemetry saved under `key`. 0 when there is none. Not static for the same reason.
__noinline int
p4ni_claim_saved(const struct p4ni_place *place, const struct p4ni_flow_key *key, struct p4ni_claim *claim)
{
	struct p4ni_slot *slot;
	__u32 try;

	if (!place || !key || !claim)
		return 0;
	for (try = 0; try < P4NI_READ_TRIES; try++) {
		struct p4ni_claim best = { .number = P4NI_NOWHERE };

		p4ni_search_key(place->sets[0], place, key, &best);
		if (best.number == P4NI_NOWHERE)
			p4ni_search_key(place->sets[1], place, key, &best);
		*claim = best;
		if (best.number == P4NI_NOWHERE)
			return 0;
		if (!p4ni_try_claim(&best))
			continue;
		slot = p4ni_slot_of(&best);
		if (slot && p4ni_same(&slot->key, key))
			return 1;
		p4ni_release(&best, best.before);
	}
	return 0;
}

#endif
