// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
//
// What the server's programs report to the agent of requests and replies with telemetry, in the ring p4ni_requests.

#ifndef P4NI_SHARED_IDENTITY_H
#define P4NI_SHARED_IDENTITY_H

#include "p4ni_flow.h"
#include <linux/types.h>

// Written by the agent, and renewed while it reads: once it is gone, nobody looks at requests any longer.
struct p4ni_look {
	__u64 until; // CLOCK_MONOTONIC ns
	__u32 bytes; // of a request's payload that are looked at, to P4NI_LOOK_MAX
	__u32 reserved;
};

#define P4NI_LOOK_MAX 1024

// Per processor.
struct p4ni_look_counts {
	__u64 emitted; // events
	__u64 lost;    // events that the ring had no room for
};

#define P4NI_EVENT_REQUEST 1 // a request with telemetry has come: key and head
#define P4NI_EVENT_ANSWER 2  // its reply has left with telemetry: ordinal

// Request and reply are one if arrival and processor are the same.
struct p4ni_event {
	__u32 kind;
	__u32 cpu;                // processor that saved the request
	__u64 arrival;            // CLOCK_MONOTONIC ns of the request at the XDP hook
	__u64 ordinal;            // ANSWER: of the host record
	__u32 length;             // REQUEST: of `head`
	__u32 host_id;            // ANSWER: of the host record
	struct p4ni_flow_key key; // REQUEST
	__u8 head[P4NI_LOOK_MAX]; // REQUEST: the first bytes of payload
};

#define P4NI_ANSWER_SIZE 32
#define P4NI_REQUEST_SIZE 80

_Static_assert(__builtin_offsetof(struct p4ni_event, key) == P4NI_ANSWER_SIZE, "an answer ends before the key");
_Static_assert(__builtin_offsetof(struct p4ni_event, head) == P4NI_REQUEST_SIZE, "a head follows the key");

#endif
