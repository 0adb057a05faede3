// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
//
// What the frame generator and its loader agree on.

#ifndef P4NI_SHARED_GENERATOR_H
#define P4NI_SHARED_GENERATOR_H

#include <linux/types.h>

// How one frame differs from the next. The number is followed by its complement, and that by the port's, so that the
// sum of all, and with it every checksum over them, is the same for each frame:
//
//     at number_offset | number:32 | ~number:32 | ~source port:16 |
struct p4ni_generation {
	__u32 interface;     // index of the interface that the frames go out by
	__u32 number_offset; // from the frame's start; 0: frames are all alike
	__u32 port_offset;
	__u32 first_port; // in host order
	__u32 flows;      // source ports that are used in turns, from first_port on
	__u32 interval;   // ns from one frame to the next, in 1/256; 0: as fast as they go
};

_Static_assert(sizeof(struct p4ni_generation) == 24, "generation has no padding");

#endif
