// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
//
// What the server's programs follow of a reply over TCP after its first byte, and what they report of it to the agent,
// in the ring p4ni_requests.

#ifndef P4NI_SHARED_PROGRESS_H
#define P4NI_SHARED_PROGRESS_H

#include <linux/types.h>

// Connections whose replies are followed at once; beyond that the least used is forgotten.
#define P4NI_FOLLOWED 4096

// Written by the agent, and renewed while it reads; 0: nobody reads, nothing is followed.
struct p4ni_following {
	__u64 until; // CLOCK_MONOTONIC ns
};

#define P4NI_PROGRESS_ENDED 0x01  // nothing more comes; else all that has left so far is acknowledged
#define P4NI_PROGRESS_ACKED 0x02  // all that has left is acknowledged, the last of it at `acknowledged`
#define P4NI_PROGRESS_WAITED 0x04 // `waited` was measured
#define P4NI_PROGRESS_AT_MOST \
	0x08 // some wait may have begun later than was assumed: when the bytes were written is unknown
#define P4NI_PROGRESS_OVERLAPPED \
	0x10 // the client sent more before it had everything: the end is where the next reply begins
#define P4NI_PROGRESS_RESET 0x20  // the connection was aborted
#define P4NI_PROGRESS_CLOSED 0x40 // the server has sent its last byte

// What TC egress knows of a reply. Times are CLOCK_MONOTONIC ns.
struct p4ni_reply_sent {
	__u64 arrival; // of the request at the XDP hook
	__u64 first;   // the first byte left
	__u64 last;    // the last byte left for the first time
	__u64 resent;  // a segment was last sent again; 0: never
	__u64 waited;  // ns in which bytes that could have left waited for an acknowledgement
	__u64 bytes;
	__u64 carried;  // ns after the first byte at which the telemetry left
	__u64 ordinal;  // of the host record that left; 0: none has
	__u64 released; // the last of `released` below that is in `waited`
	__u32 cpu;      // processor that saved the request
	__u32 segments; // that left for the first time
	__u32 resent_segments;
	__u32 flags;
	__u32 begin;    // the reply's first byte
	__u32 highest;  // byte after the last one that left
	__u32 small;    // end of the last segment that was shorter than the longest allowed; with P4NI_PROGRESS_WAITED
	__u32 received; // byte of the client's up to which a segment acknowledged
};

// A followed reply. TC egress writes `sent` and `version`; the rest belongs to XDP once TC egress has begun a new reply.
struct p4ni_progress {
	__u64 version; // odd while TC egress writes
	struct p4ni_reply_sent sent;
	__u64 acknowledged; // when `acked` was last raised
	__u64 released;     // when the last acknowledgement came that bytes waited for
	__u32 acked;        // byte of the server's up to which the client has acknowledged
	__u32 next;         // end of what the client sent too early, with P4NI_PROGRESS_OVERLAPPED
	__u32 flags; // P4NI_PROGRESS_OVERLAPPED, _ENDED; _AT_MOST here: whether bytes waited could not be found out
	__u32 reserved;
};

#define P4NI_EVENT_PROGRESS 5

// Begins as struct p4ni_event does; belongs to the request with the same arrival and processor.
struct p4ni_progress_event {
	__u32 kind; // P4NI_EVENT_PROGRESS
	__u32 cpu;
	__u64 arrival;
	__u64 ordinal; // of the host record; 0: the telemetry has not left
	__u64 first;
	__u64 last;
	__u64 resent;
	__u64 acknowledged;
	__u64 waited;
	__u64 carried;
	__u64 bytes;
	__u32 segments;
	__u32 resent_segments;
	__u32 flags;
	__u32 host_id; // of the host record
};

_Static_assert(sizeof(struct p4ni_reply_sent) == 104, "what is sent has no padding");
_Static_assert(sizeof(struct p4ni_progress_event) == 96, "an event has no padding");

#endif
