// SPDX-License-Identifier: Apache-2.0
//
// What the server counts of the stamped requests that reach it.

#ifndef P4NI_SHARED_ARRIVALS_H
#define P4NI_SHARED_ARRIVALS_H

#include <linux/types.h>

// On the server, of one flow's stamped requests.
struct p4ni_arrivals {
	__u32 highest;  // number
	__u32 received; // how many
	__u32 missing;  // numbers of this run that were passed over and have not come late
	__u32 reserved;
};

// Of all flows since the programs were loaded, also of those that have been forgotten.
struct p4ni_arrival_totals {
	__u64 received;
	__u64 missing; // numbers that were passed over and have not come late
	__u64 runs;    // times that a flow's numbers began anew
};

#endif
