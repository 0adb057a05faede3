// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
//
// Where telemetry waits for its reply: a set-associative store in two arrays, safe with writers and readers on every
// processor, without locks and without waiting.
//
// A key's hash names three sets of eight slots: one of the few front sets and two of the many overflow sets. The second
// overflow set is for when the first is full, so that hardly anything is evicted before the store is full. All that a
// search needs of a set is one cache line of state words (see p4ni_store.h); the slots hold the full key and the bytes.
// New telemetry goes to the front, so that with some dozens of requests outstanding the same few slots serve again and
// again and stay in cache and TLB: spread over all sets, saving takes twice the time. What waits in a full front for
// long, a reply that never comes, is moved to an overflow set, once.
//
// A slot is written or read only by the program that turned its word to BUSY by compare-and-exchange, and the word is
// given its next value by an exchange: both are full barriers, so the bytes between them are seen completely or not at
// all. A reply whose slot was taken away a moment ago finds nothing and goes out plain: telemetry can be lost, but
// never mixed.
//
// store_key.h says where a key's telemetry may be, store_saving.h finds room for it, store_matching.h finds it again.

#ifndef P4NI_REQUEST_STORE_H
#define P4NI_REQUEST_STORE_H

#include "store_key.h"

#define P4NI_BUSY ((__u64)P4NI_PHASE_BUSY)

// The number of no slot.
#define P4NI_NOWHERE 0xffffffffu

// A slot that is ours until `p4ni_release`.
struct p4ni_claim {
	__u64 before; // the word that BUSY replaced
	__u32 number; // of the slot; its state word is number % 8 of set number / 8
	__u32 reserved;
};

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

static __always_inline struct p4ni_totals *p4ni_totals(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&p4ni_total, &zero);
}

// Whether telemetry has ever been put in an overflow set.
static __always_inline int p4ni_is_overflow_used(void)
{
	struct p4ni_totals *totals = p4ni_totals();

	return totals && totals->overflow;
}

#endif
