// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
//
// What both ways of a TCP connection share: finding what waits for it, and dropping that.

#ifndef P4NI_STREAM_H
#define P4NI_STREAM_H

#include "counters.h"
#include "datagram.h"
#include "identity.h"
#include "store_matching.h"

// Sequence numbers compare as signed differences.
static __always_inline int p4ni_before(__u32 a, __u32 b)
{
	return (__s32)(a - b) < 0;
}

static __always_inline struct p4ni_connection *p4ni_connection_of(const struct p4ni_scratch *scratch)
{
	return bpf_map_lookup_elem(&p4ni_connections, &scratch->key);
}

// Whether something may wait under the key of `scratch`: all that is asked of most segments.
static __always_inline int p4ni_may_wait(const struct p4ni_scratch *scratch)
{
	__u32 probe = p4ni_probe(scratch->hash);
	struct p4ni_place place;

	if (p4ni_may_hold(p4ni_front_set(scratch->hash), probe))
		return 1;
	if (!p4ni_is_overflow_used())
		return 0;
	place = p4ni_place(scratch->hash);
	return p4ni_may_hold(place.sets[1], probe) || p4ni_may_hold(place.sets[2], probe);
}

// Claims a slot that was looked at without being claimed, if it is still the same request's.
static __always_inline struct p4ni_slot *
p4ni_claim_seen(const struct p4ni_claim *claim, const struct p4ni_scratch *scratch, __u32 end)
{
	struct p4ni_slot *slot;

	if (!p4ni_try_claim(claim))
		return 0;
	slot = p4ni_slot_of(claim->number);
	if (slot && p4ni_same(&slot->key, &scratch->key) && slot->end == end)
		return slot;
	p4ni_release(claim->number, claim->before);
	return 0;
}

// What p4ni_forget drops.
struct p4ni_forgetting {
	__u32 reason; // counted for each
	__u32 start;  // with `only_within`: those that have bytes from this one on,
	__u32 end;    // with that or `only_before`: before this byte, and have not been answered
	__u32 only_before;
	__u32 only_within;
};

static __always_inline int p4ni_is_forgotten(const struct p4ni_slot *slot, const struct p4ni_forgetting *what)
{
	if (what->only_within)
		return !slot->departed && p4ni_before(slot->start, what->end) && p4ni_before(what->start, slot->end);
	return !what->only_before || (!slot->departed && p4ni_before(slot->end, what->end));
}

// Drops what one set holds under the key of `scratch`, and returns how much. Not static for the verifier's sake, as p4ni_move_to_overflow.
__noinline int p4ni_forget_in(__u32 in, const struct p4ni_scratch *scratch, const struct p4ni_forgetting *what)
{
	struct p4ni_percpu *percpu = p4ni_this_cpu();
	__u32 way, dropped = 0;
	struct p4ni_set *set;

	if (!scratch || !what || !percpu)
		return 0;
	set = bpf_map_lookup_elem(&p4ni_index, &in);
	if (!set)
		return 0;
	for (way = 0; way < P4NI_WAYS; way++) {
		struct p4ni_claim claim = { .before = *(volatile __u64 *)&set->state[way],
					    .number = in * P4NI_WAYS + way };
		struct p4ni_slot *slot;
		__u64 after = claim.before;

		if ((claim.before & P4NI_PROBE_MASK) != p4ni_probe(scratch->hash) || !p4ni_try_claim(&claim))
			continue;
		slot = p4ni_slot_of(claim.number);
		if (slot && p4ni_same(&slot->key, &scratch->key) && p4ni_is_forgotten(slot, what)) {
			after = P4NI_PHASE_FREE;
			p4ni_count(percpu, what->reason);
			dropped++;
			p4ni_report_dropped(slot, what->reason);
		}
		p4ni_release(claim.number, after);
	}
	return dropped;
}

static __always_inline __u32 p4ni_forget(const struct p4ni_scratch *scratch, const struct p4ni_forgetting *what)
{
	struct p4ni_place place = p4ni_place(scratch->hash);

	return p4ni_forget_in(place.sets[0], scratch, what) + p4ni_forget_in(place.sets[1], scratch, what) +
	       p4ni_forget_in(place.sets[2], scratch, what);
}

#endif
