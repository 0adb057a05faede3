// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
//
// Looking at what waits without claiming it. The key is compared while others may write it: that only chooses, and who
// then claims the slot compares again.

#ifndef P4NI_UNCLAIMED_H
#define P4NI_UNCLAIMED_H

#include "request_store.h"

// The slot that a way of set `in` stands for, if it holds something under this key; `seen` is what would claim it.
static __always_inline struct p4ni_slot *p4ni_probe_way(const struct p4ni_set *set, __u32 in, __u32 way, __u32 probe,
							const struct p4ni_flow_key *key, struct p4ni_claim *seen)
{
	struct p4ni_slot *slot;

	seen->before = *(const volatile __u64 *)&set->state[way];
	seen->number = in * P4NI_WAYS + way;
	if (__builtin_expect((seen->before & P4NI_PROBE_MASK) != probe, 1))
		return 0;
	slot = p4ni_slot_of(seen->number);
	return slot && p4ni_same(&slot->key, key) ? slot : 0;
}

#endif
