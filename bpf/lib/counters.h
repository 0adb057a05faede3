// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
//
// Counting by reason, on the processor at hand.

#ifndef P4NI_COUNTERS_H
#define P4NI_COUNTERS_H

#include "maps.h"

static __always_inline struct p4ni_percpu *p4ni_this_cpu(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&p4ni_counts, &zero);
}

static __always_inline void p4ni_count(struct p4ni_percpu *percpu, enum p4ni_reason reason)
{
	__u32 at = reason;

	asm volatile("" : "+r"(at)); // else the compiler drops the check that the verifier wants to see
	if (at < P4NI_REASONS)
		percpu->counters.by_reason[at]++;
}

#endif
