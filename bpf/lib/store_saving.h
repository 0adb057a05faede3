// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
//
// Room for the telemetry of a new request: a free slot in the front set, one in an overflow set, or the slot whose
// telemetry has waited longest.

#ifndef P4NI_STORE_SAVING_H
#define P4NI_STORE_SAVING_H

#include "counters.h"
#include "identity.h"
#include "request_store.h"

// Searches, when others are quicker to claim what was found.
#define P4NI_WRITE_TRIES 3

// Age in ns from which telemetry has to leave a full front.
#define P4NI_STALE_AFTER 100000000ull

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

// Looks for room in the overflow sets. Readers learn that these are used before there is anything to find.
static __always_inline void p4ni_search_overflow_room(const struct p4ni_place *place, struct p4ni_claim *best)
{
	struct p4ni_totals *totals = p4ni_totals();

	if (!totals)
		return;
	if (!totals->overflow)
		totals->overflow = 1;
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
__noinline int p4ni_move_to_overflow(struct p4ni_claim *front)
{
	struct p4ni_claim back = { .number = P4NI_NOWHERE };
	struct p4ni_percpu *percpu;
	struct p4ni_slot *from, *to;
	struct p4ni_place place;

	if (!front)
		return 0;
	from = p4ni_slot_of(front->number);
	if (!from)
		return 0;
	place = p4ni_place(p4ni_hash(&from->key));
	p4ni_search_overflow_room(&place, &back);
	percpu = p4ni_this_cpu();
	if (percpu && !p4ni_is_free(&back))
		p4ni_count(percpu, P4NI_XDP_EVICTED);
	if (p4ni_is_free(&back) || p4ni_is_older(&back, front)) {
		to = p4ni_slot_of(back.number);
		if (!to || !p4ni_try_claim(&back))
			return 0;
		if (!p4ni_is_free(&back))
			p4ni_report_dropped(to, P4NI_XDP_EVICTED);
		p4ni_copy_slot(to, from);
		p4ni_release(back.number, front->before);
	} else {
		p4ni_report_dropped(from, P4NI_XDP_EVICTED);
	}
	front->before = P4NI_PHASE_FREE;
	return 1;
}

// The front set is full: claims a slot in an overflow set, or the one in the front set whose telemetry is stale or
// oldest of all. Not static for the same reason.
__noinline int p4ni_claim_full(const struct p4ni_place *place, __u64 now, struct p4ni_claim *front)
{
	struct p4ni_claim back = { .number = P4NI_NOWHERE };
	int stale;

	if (!place || !front)
		return 0;
	stale = p4ni_is_stale(front, now);
	if (!stale)
		p4ni_search_overflow_room(place, &back);
	if (p4ni_is_free(&back) || p4ni_is_older(&back, front))
		*front = back;
	if (front->number == P4NI_NOWHERE || !p4ni_try_claim(front))
		return 0;
	if (!stale || p4ni_move_to_overflow(front))
		return 1;
	p4ni_release(front->number, front->before);
	return 0;
}

// Claims a slot for a new request: `scratch->slot`, and `scratch->before` says whether something is evicted. Returns
// its state word, 0 when others were quicker every time.
static __always_inline __u64 *p4ni_claim_room(struct p4ni_scratch *scratch, __u64 now)
{
	__u32 try;

	for (try = 0; try < P4NI_WRITE_TRIES; try++) {
		struct p4ni_claim claim = { .number = P4NI_NOWHERE };
		struct p4ni_set *set = p4ni_search_room(p4ni_front_set(scratch->hash), &claim);
		__u64 *state;

		if (__builtin_expect(set && p4ni_is_free(&claim), 1)) {
			state = &set->state[claim.number % P4NI_WAYS];
			if (__sync_val_compare_and_swap(state, P4NI_PHASE_FREE, P4NI_BUSY) != P4NI_PHASE_FREE)
				continue;
		} else {
			struct p4ni_place place = p4ni_place(scratch->hash);

			if (!p4ni_claim_full(&place, now, &claim))
				continue;
			state = p4ni_state_of(claim.number);
			if (!state)
				return 0;
		}
		scratch->slot = claim.number;
		scratch->before = claim.before;
		return state;
	}
	return 0;
}

#endif
