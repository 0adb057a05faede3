// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
//
// What is learnt of a request between the two hooks, in an array beside the slots.
//
// Many write it without a claim: a socket's receiver may be late with a time when the slot already holds another
// request. So each reading carries, in the one word that it is, the stamp of the state word of its request; a reading
// with another stamp does not count. Nothing has to be cleared, and nothing is ever taken for another request's.
// Whoever sees that a reading could belong to two requests spoils it.

#ifndef P4NI_STAGES_H
#define P4NI_STAGES_H

#include "maps.h"

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct p4ni_stages);
} p4ni_stage SEC(".maps");

// The value for "must not be reported": written where a reading could be another request's.
#define P4NI_SPOILT 0xffffffffu
// Returned where nothing was written.
#define P4NI_UNREAD 0x100000000ull

// Never 0, so that memory nobody has written holds no reading. Repeats for a slot after nine minutes, to the 256 ns.
static __always_inline __u32 p4ni_stamp_of(__u64 word)
{
	return (__u32)(word >> (P4NI_PHASE_BITS + P4NI_TAG_BITS)) << 1 | 1;
}

static __always_inline __u64 p4ni_stamped(__u64 reading, __u32 stamp)
{
	return (reading < P4NI_SPOILT ? reading : P4NI_SPOILT) << 32 | stamp;
}

static __always_inline __u64 p4ni_reading(const struct p4ni_stages *stages, enum p4ni_stage stage, __u32 stamp)
{
	__u64 value = *(volatile const __u64 *)&stages->value[stage];

	return (__u32)value == stamp ? value >> 32 : P4NI_UNREAD;
}

static __always_inline void p4ni_note(struct p4ni_stages *stages, enum p4ni_stage stage, __u64 reading, __u32 stamp)
{
	*(volatile __u64 *)&stages->value[stage] = p4ni_stamped(reading, stamp);
}

// Notes what may be noted once only: a second time shows that two have taken the same request for theirs. Returns
// whether this was the first.
static __always_inline int p4ni_note_once(struct p4ni_stages *stages, enum p4ni_stage stage, __u64 reading, __u32 stamp)
{
	__u64 before = *(volatile __u64 *)&stages->value[stage];

	if ((__u32)before != stamp &&
	    __sync_val_compare_and_swap(&stages->value[stage], before, p4ni_stamped(reading, stamp)) == before)
		return 1;
	p4ni_note(stages, stage, P4NI_SPOILT, stamp);
	return 0;
}

static __always_inline struct p4ni_stages *p4ni_stages_of(__u32 slot)
{
	return bpf_map_lookup_elem(&p4ni_stage, &slot);
}

// No part of this request is to be reported.
static __always_inline void p4ni_spoil(__u32 slot, __u32 stamp)
{
	struct p4ni_stages *stages = p4ni_stages_of(slot);

	if (stages)
		p4ni_note(stages, P4NI_STAGE_DOUBT, 1, stamp);
}

#endif
