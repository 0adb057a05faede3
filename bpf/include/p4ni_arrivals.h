// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
//
// What the server counts of the requests with telemetry that reach it.

#ifndef P4NI_SHARED_ARRIVALS_H
#define P4NI_SHARED_ARRIVALS_H

#include <linux/types.h>

// On the server, of one flow's requests with telemetry. A run is what one attachment of the client's programs has
// numbered, from 1.
struct p4ni_arrivals {
	__u64 sent;           // ns of CLOCK_TAI at which the highest number left its host
	__u64 seen;           // bit n: the highest less n has come
	__u64 before_sent;    // as `sent`, of the run before; 0: none is known
	__u64 run_since;      // CLOCK_MONOTONIC ns at which this run was first seen
	__u32 highest;        // number
	__u32 first;          // seen, where it is not known what should have come before; 0: it is
	__u32 received;       // how many, of all runs
	__u32 missing;        // numbers of this run that were passed over and have not come late
	__u32 before_missing; // the same of the run before
	__u32 reserved;
};

// Of all flows since the programs were loaded, also of those that have been forgotten.
struct p4ni_arrival_totals {
	__u64 received;
	__u64 missing; // numbers that were passed over and have not come late
	__u64 runs;    // times that a flow's numbers began again
};

_Static_assert(sizeof(struct p4ni_arrivals) == 56, "arrivals have no padding");

#endif
