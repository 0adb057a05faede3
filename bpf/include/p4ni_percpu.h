// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
//
// Per-CPU scratch: what one processor has for itself, of the frame at hand, and its counts.

#ifndef P4NI_SHARED_PERCPU_H
#define P4NI_SHARED_PERCPU_H

#include "p4ni_flow.h"
#include "p4ni_reasons.h"
#include <linux/types.h>

// What the programs know of the frame at hand. It is in a map rather than on the stack for the verifier's sake: what is
// read back from a map it takes for unknown, so it checks what follows once, and not once for every level, count and
// header that may have come before. (A function that is not inlined does that too, but its return costs some 8 ns where
// the processor's speculation has to be kept in check.)
struct p4ni_scratch {
	struct p4ni_flow_key key;
	__u64 hash;
	__u64 before;    // state word of the slot that is claimed
	__u32 slot;      // its number
	__u32 kept;      // bytes of shim, hop records and source record
	__u32 stripped;  // the same and the host record, if any
	__u32 count;     // hops
	__u32 l2_length; // 14, 18 or 22
	__u32 l2_addresses[3];
	__u32 l2_tags[2];
	__u16 form;     // P4NI_FORM_…
	__be16 type;    // EtherType of the inner packet
	__u32 sequence; // TCP: of the first byte of payload,
	__u32 end;      // of the byte after the last,
	__u32 acknowledged;
	__u32 written; // as in a slot
	__u8 tcp_flags;
	__u8 in_order; // 1: UDP without request id
	__u8 reserved[2];
	__u32 arrived;  // P4NI_FORM_SOURCE: how many of its flow's have arrived, this one included
	__u32 answers;  // TCP: 1 if the segment is the first that answers its request
	__u32 summed;   // where the frame's checksum is summed from now,
	__u32 unsummed; // and the bytes that are left
};

// One for every processor. Both hooks run with bottom halves off, so that no program is interrupted by another of its
// processor: plain additions suffice to count, and the scratch is one frame's at a time.
struct p4ni_percpu {
	struct p4ni_counters counters; // the agent adds them up over all processors
	struct p4ni_scratch scratch;
	__u64 tai_offset; // CLOCK_TAI less CLOCK_MONOTONIC, ns
	__u64 tai_read;   // CLOCK_MONOTONIC ns when it was read
};

_Static_assert(sizeof(struct p4ni_scratch) == 144, "scratch has no padding");

#endif
