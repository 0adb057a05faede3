// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
//
// What the server's programs report to the agent of requests and replies with telemetry, in the ring p4ni_requests.

#ifndef P4NI_SHARED_IDENTITY_H
#define P4NI_SHARED_IDENTITY_H

#include "p4ni_flow.h"
#include "p4ni_store.h"
#include "p4ni_wire.h"
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

#define P4NI_EVENT_REQUEST 1 // struct p4ni_event: a request with telemetry has come
#define P4NI_EVENT_ANSWER 2  // struct p4ni_outcome: its reply has left with telemetry
#define P4NI_EVENT_PLAIN 3   // the same: its reply has left without; a later frame may still take the telemetry
#define P4NI_EVENT_DROPPED 4 // the same: its telemetry was dropped

// Events of one request have the same arrival and processor.
struct p4ni_event {
	__u32 kind;
	__u32 cpu;                // processor that saved the request
	__u64 arrival;            // CLOCK_MONOTONIC ns of the request at the XDP hook
	__u32 telemetry;          // bytes of shim and records
	__u32 length;             // bytes of payload after them
	__u32 host_id;            // as in the host record
	__u32 reserved;           // 0
	struct p4ni_flow_key key; // without the request id where the port's rule is not the default
	__u8 data[P4NI_TELEMETRY_MAX + P4NI_LOOK_MAX + 6]; // telemetry, then the first bytes of payload
};

struct p4ni_outcome {
	__u32 kind;
	__u32 cpu;
	__u64 arrival;
	__u64 ordinal; // ANSWER: of the host record
	__u64 took;    // PLAIN: ns from the request's arrival to its reply
	__u32 reason;  // PLAIN, DROPPED: enum p4ni_reason
	__u32 host_id;
	__u32 length; // ANSWER: bytes of the host record
	__u32 reserved;
	__u8 record[P4NI_HOST_RECORD_ROOM]; // ANSWER
};

#define P4NI_REQUEST_SIZE 80
#define P4NI_OUTCOME_SIZE 48 // without a record

_Static_assert(__builtin_offsetof(struct p4ni_event, data) == P4NI_REQUEST_SIZE, "telemetry follows the key");
_Static_assert(sizeof(struct p4ni_event) % 8 == 0, "an event has no padding");
_Static_assert(__builtin_offsetof(struct p4ni_outcome, record) == P4NI_OUTCOME_SIZE, "a record ends an answer");

#endif
