// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
//
// How a switch finds out whether the host at a port strips telemetry, and a client whether its neighbour takes it: one
// probes, the other answers. See docs/reference/wire-format.md.

#ifndef P4NI_SHARED_DISCOVERY_H
#define P4NI_SHARED_DISCOVERY_H

#include <linux/types.h>

// A host that does not know this type ignores the frame.
#define P4NI_ETHERTYPE_PROBE 0x1218

#define P4NI_PROBE_REQUEST 1
#define P4NI_PROBE_ANSWER 2

// What a host does with telemetry. 0: it is about to stop, or never began.
#define P4NI_STRIPS_REQUESTS 0x01 // of requests, and returns it with their replies
#define P4NI_STRIPS_REPLIES 0x02  // of replies, and reports it
// Of a switch: it accepts the telemetry of this host's requests, and the last switch strips it where the server does not.
#define P4NI_CARRIES_REQUESTS 0x04

// After the Ethernet header.
struct p4ni_probe {
	__u8 kind;
	__u8 capabilities; // of an answer
	__be32 node;       // of an answer: the host's id
	__be16 port;       // for the switch alone
} __attribute__((packed));

// ns from one probe of a client to the next.
#define P4NI_ASK_EVERY 1000000000ull

// ns for which an answer is believed.
#define P4NI_ANSWER_LIFETIME 3000000000ull

// What is answered, written by the agent, and when that was last done.
struct p4ni_discovery {
	__u32 capabilities;
	__u32 node;
	__u64 answered;      // probes answered
	__u64 last;          // CLOCK_MONOTONIC ns of the last answer; 0: none
	__u64 last_positive; // the same of the last with a capability
	__u8 address[6];     // what the interface receives by
	__u8 reserved[2];
};

_Static_assert(sizeof(struct p4ni_probe) == 8, "a probe is 8 bytes on the wire");
_Static_assert(sizeof(struct p4ni_discovery) == 40, "discovery has no padding");

#endif
