// SPDX-License-Identifier: Apache-2.0
//
// Counting by reason. Plain additions suffice: both hooks run with bottom halves off, so a program is never
// interrupted by the other on its processor.

#ifndef P4NI_COUNTERS_H
#define P4NI_COUNTERS_H

#include "maps.h"

static __always_inline void p4ni_count(enum p4ni_reason reason)
{
	__u32 zero = 0, at = reason;
	struct p4ni_counters *counters = bpf_map_lookup_elem(&p4ni_counts, &zero);

	asm volatile("" : "+r"(at)); // else the compiler drops the check that the verifier wants to see
	if (counters && at < P4NI_REASONS)
		counters->by_reason[at]++;
}

// Counts and gives the verdict that every frame of either hook gets, as its program's last act.
static __always_inline int p4ni_finish(enum p4ni_reason reason, int verdict)
{
	p4ni_count(reason);
	return verdict;
}

#endif
