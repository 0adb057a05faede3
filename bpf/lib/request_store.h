// SPDX-License-Identifier: Apache-2.0
//
// Where telemetry waits for its reply: a set-associative store in two arrays, safe with writers and readers on every
// processor, without locks and without waiting.
//
// A key's hash names three sets of eight slots: one of the few in front and two of the many behind, the second of
// which is for when the first is full, so that hardly anything is evicted before the whole store is full. All that a
// search needs of a set is one cache line of state words (see p4ni_store.h); the slots hold the full key and the bytes.
// New telemetry goes to the front, so that with some dozens of requests outstanding the same few slots serve again
// and again and stay in cache and TLB: spread over the whole store, saving takes twice the time. What waits in a full
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
	__u32 sets[3]; // in the order in which they are searched
};

// A sum of products, one for every 8 bytes, with multipliers from the random seed, so that sets cannot be aimed at
// from outside. The products do not wait for one another. All of a key reaches the upper bits, which choose the set in
// front and are left as they are, so that the way to it is short; the lower ones, which are the tag, get them added.
static __always_inline __u64 p4ni_hash(const struct p4ni_flow_key *key)
{
	const __u64 *word = (const __u64 *)key;
	__u64 seed = p4ni_config.hash_seed;
	__u64 hash = word[0] * ((seed ^ 0x9e3779b97f4a7c14ull) | 1) + word[1] * ((seed ^ 0xbf58476d1ce4e5b8ull) | 1) +
		     word[2] * ((seed ^ 0x94d049bb133111eaull) | 1) + word[3] * ((seed ^ 0xd6e8feb86659fd92ull) | 1) +
		     word[4] * ((seed ^ 0xa0761d6478bd642eull) | 1) + word[5] * ((seed ^ 0xe7037ed1a0b428daull) | 1);

	return hash ^ hash >> 32 ^ hash >> 48;
}

static __always_inline __u32 p4ni_front_set(__u64 hash)
{
	return (hash >> 32) * p4ni_config.front_sets >> 32;
}

static __always_inline struct p4ni_place p4ni_place(__u64 hash)
{
	__u64 front = p4ni_config.front_sets, behind = p4ni_config.sets - front;
	struct p4ni_place place = {
		.sets = {
			p4ni_front_set(hash),
			front + ((hash * 0xd6e8feb86659fd93ull >> 32) * behind >> 32),
			front + ((hash * 0xc2b2ae3d27d4eb4full >> 32) * behind >> 32),
		},
	};

	return place;
}

static __always_inline int p4ni_same(const struct p4ni_flow_key *a, const struct p4ni_flow_key *b)
{
	const __u64 *x = (const __u64 *)a, *y = (const __u64 *)b;

	return !((x[0] ^ y[0]) | (x[1] ^ y[1]) | (x[2] ^ y[2]) | (x[3] ^ y[3]) | (x[4] ^ y[4]) |
		 (x[5] ^ y[5]));
}

// What of a state word tells that the slot may hold a key: its tag, and that it is full.
static __always_inline __u32 p4ni_look(__u64 hash)
{
	return (hash << P4NI_PHASE_BITS | P4NI_PHASE_FULL) & P4NI_LOOK_MASK;
}

static __always_inline __u64 p4ni_word(__u64 arrival, __u64 hash)
{
	return arrival >> P4NI_STAMP_SHIFT << (P4NI_PHASE_BITS + P4NI_TAG_BITS) | p4ni_look(hash);
}

static __always_inline __u64 *p4ni_state_of(__u32 number)
{
	__u32 in = number / P4NI_WAYS;
	struct p4ni_set *set = bpf_map_lookup_elem(&p4ni_index, &in);

	if (!set)
		return 0;
	asm volatile("" : "+r"(set)); // the verifier wants to see the check before the sum
	return &set->state[number % P4NI_WAYS];
}

static __always_inline int p4ni_try_claim(const struct p4ni_claim *claim)
{
	__u64 *state = p4ni_state_of(claim->number);

	return state && __sync_val_compare_and_swap(state, claim->before, P4NI_BUSY) == claim->before;
}

static __always_inline void p4ni_release(__u32 number, __u64 word)
{
	__u64 *state = p4ni_state_of(number);

	if (state)
		__sync_lock_test_and_set(state, word);
}

static __always_inline struct p4ni_slot *p4ni_slot_of(__u32 number)
{
	return bpf_map_lookup_elem(&p4ni_slots, &number);
}

#define P4NI_NOWHERE 0xffffffffu

// Looks through one set for the best slot to write: a free one, else one older than what `best` has so far. Returns the
// set.
static __always_inline struct p4ni_set *p4ni_search_room(__u32 in, struct p4ni_claim *best)
{
	struct p4ni_set *set = bpf_map_lookup_elem(&p4ni_index, &in);
	__u32 way;

	if (!set)
		return 0;
	for (way = 0; way < P4NI_WAYS; way++) {
		__u64 seen = *(volatile __u64 *)&set->state[way];

		if (seen == P4NI_BUSY)
			continue;
		if (seen != P4NI_PHASE_FREE && best->number != P4NI_NOWHERE && (__s64)(seen - best->before) >= 0)
			continue;
		best->before = seen;
		best->number = in * P4NI_WAYS + way;
		if (seen == P4NI_PHASE_FREE)
			break;
	}
	return set;
}

static __always_inline int p4ni_is_free(const struct p4ni_claim *found)
{
	return found->number != P4NI_NOWHERE && found->before == P4NI_PHASE_FREE;
}

static __always_inline struct p4ni_totals *p4ni_totals(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&p4ni_total, &zero);
}

// Looks for room behind the front, which readers are told of before there is anything to find.
static __always_inline void p4ni_search_room_behind(const struct p4ni_place *place, struct p4ni_claim *best)
{
	struct p4ni_totals *totals = p4ni_totals();

	if (!totals)
		return;
	if (!totals->behind)
		totals->behind = 1;
	p4ni_search_room(place->sets[1], best);
	if (!p4ni_is_free(best))
		p4ni_search_room(place->sets[2], best);
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

// Moves the telemetry of a claimed front slot to a back set of its key, where it may evict something older. 0 when
// the claim has to be given back; otherwise, also when its own telemetry was the oldest and is lost, the front slot
// counts as free.
//
// Not static: the verifier then checks this rare way once, by itself.
__noinline int p4ni_move_back(struct p4ni_claim *front)
{
	struct p4ni_claim back = { .number = P4NI_NOWHERE };
	struct p4ni_processor *processor;
	struct p4ni_slot *from, *to;
	struct p4ni_place place;

	if (!front)
		return 0;
	from = p4ni_slot_of(front->number);
	if (!from)
		return 0;
	place = p4ni_place(p4ni_hash(&from->key));
	p4ni_search_room_behind(&place, &back);
	processor = p4ni_this_processor();
	if (processor && !p4ni_is_free(&back))
		p4ni_count(processor, P4NI_XDP_EVICTED);
	if (p4ni_is_free(&back) || p4ni_is_older(&back, front)) {
		to = p4ni_slot_of(back.number);
		if (!to || !p4ni_try_claim(&back))
			return 0;
		p4ni_copy_slot(to, from);
		p4ni_release(back.number, front->before);
	}
	front->before = P4NI_PHASE_FREE;
	return 1;
}

// The front set is full: takes a slot behind, or one in front whose telemetry is stale or oldest of all.
// Not static for the same reason.
__noinline int p4ni_claim_crowded(const struct p4ni_place *place, __u64 now, struct p4ni_claim *front)
{
	struct p4ni_claim back = { .number = P4NI_NOWHERE };
	int stale;

	if (!place || !front)
		return 0;
	stale = p4ni_is_stale(front, now);
	if (!stale)
		p4ni_search_room_behind(place, &back);
	if (p4ni_is_free(&back) || p4ni_is_older(&back, front))
		*front = back;
	if (front->number == P4NI_NOWHERE || !p4ni_try_claim(front))
		return 0;
	if (!stale || p4ni_move_back(front))
		return 1;
	p4ni_release(front->number, front->before);
	return 0;
}

// Claims a slot for a new request: `work->slot`, and `work->before` tells whether something is evicted. Returns its state
// word, 0 when others were quicker every time.
static __always_inline __u64 *p4ni_claim_room(struct p4ni_work *work, __u64 now)
{
	__u32 try;

	for (try = 0; try < P4NI_WRITE_TRIES; try++) {
		struct p4ni_claim claim = { .number = P4NI_NOWHERE };
		struct p4ni_set *set = p4ni_search_room(p4ni_front_set(work->hash), &claim);
		__u64 *state;

		if (__builtin_expect(set && p4ni_is_free(&claim), 1)) {
			state = &set->state[claim.number % P4NI_WAYS];
			if (__sync_val_compare_and_swap(state, P4NI_PHASE_FREE, P4NI_BUSY) != P4NI_PHASE_FREE)
				continue;
		} else {
			struct p4ni_place place = p4ni_place(work->hash);

			if (!p4ni_claim_crowded(&place, now, &claim))
				continue;
			state = p4ni_state_of(claim.number);
			if (!state)
				return 0;
		}
		work->slot = claim.number;
		work->before = claim.before;
		return state;
	}
	return 0;
}

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

// Whether telemetry has ever been put behind the front.
static __always_inline int p4ni_is_behind_used(void)
{
	struct p4ni_totals *totals = p4ni_totals();

	return totals && totals->behind;
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
