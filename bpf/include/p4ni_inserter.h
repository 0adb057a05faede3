// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
//
// What the benchmark's telemetry inserter and its loader agree on.

#ifndef P4NI_SHARED_INSERTER_H
#define P4NI_SHARED_INSERTER_H

#include <linux/types.h>

// An Ethernet header, a shim and 20 records of the largest level.
#define P4NI_INSERT_ROOM 1458

// Written by the loader, at any time.
struct p4ni_insertion {
	__u32 every;  // telemetry is inserted into one request in this many; 0: into none
	__u32 port;   // destination port of requests, in host order
	__u32 length; // bytes of `frame` that are put in front of the packet in place of its Ethernet header
	__u32 reserved;
	__u8 frame[P4NI_INSERT_ROOM];
	__u8 fill[6];
};

_Static_assert(sizeof(struct p4ni_insertion) == 1480, "insertion has no padding");

#endif
