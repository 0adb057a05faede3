// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
//
// What the eBPF programs of the client's role and the agent agree on beside p4ni_host.h: peers, sampling, flows,
// reports and counters. Asserted at the end and by HostAgentTests.

#ifndef P4NI_SHARED_CLIENT_H
#define P4NI_SHARED_CLIENT_H

#include "p4ni_host.h"

// A flow from this host to a peer: of UDP or TCP, IPv4 addresses mapped. No padding: compared and hashed as bytes.
struct p4ni_client_flow {
	__be32 source[4];
	__be32 destination[4];
	__be16 source_port;
	__be16 destination_port;
	__u8 protocol;
	__u8 zero[3];
};

// Key of the longest-prefix map of peers. IPv4 is mapped: a prefix of n bits has 96 + n.
struct p4ni_peer_key {
	__u32 bits;
	__be32 address[4];
};

#define P4NI_PEER_RULES 8

// A service whose requests may carry telemetry.
struct p4ni_peer_rule {
	__be16 port;   // 0: any below the request's own
	__u8 protocol; // 0: UDP and TCP
	__u8 learned;  // 1: only once a reply from there has come with a host record
};

// The agent writes each prefix with the rules of those that contain it, so that one lookup suffices.
struct p4ni_peer {
	__u32 count;
	struct p4ni_peer_rule rules[P4NI_PEER_RULES];
};

// A device that frames go to next, by its MAC address: a switch, a host or a router.
struct p4ni_neighbour_key {
	__u8 mac[6];
	__u8 zero[2];
};

struct p4ni_neighbour {
	__u64 asked;        // CLOCK_MONOTONIC ns of the last probe; 0: none
	__u64 answered;     // the same of the last answer
	__u32 capabilities; // of that answer: P4NI_STRIPS_REQUESTS, P4NI_CARRIES_REQUESTS
	__u32 node;         // the neighbour's id
};

// A service to which requests with telemetry were sent, or from which it was heard.
struct p4ni_service {
	__be32 address[4];
	__be16 port;
	__u8 protocol;
	__u8 zero[5];
};

// After P4NI_TRIES requests in a row that came back without telemetry, and as many nanoseconds as P4NI_SILENCE without
// any, no more telemetry is begun but one request after each pause. Pauses double from P4NI_FIRST_PAUSE to
// P4NI_LAST_PAUSE.
struct p4ni_service_state {
	__u64 heard; // CLOCK_MONOTONIC ns of the last reply with telemetry; 0: none
	__u64 retry; // when the next request may be tried; 0: now
	__u64 pause; // ns
	__u32 unanswered;
	__u32 reserved;
};

// A service that was learned is forgotten after as many nanoseconds without telemetry from it.
#define P4NI_LEARNED_FOR 600000000000ull
#define P4NI_TRIES 8
#define P4NI_SILENCE 1000000000ull
#define P4NI_FIRST_PAUSE 1000000000ull
#define P4NI_LAST_PAUSE 64000000000ull

#define P4NI_SAMPLE_EVERY 0
#define P4NI_SAMPLE_SHARE 1
#define P4NI_SAMPLE_RATE 2

// Written by the agent, also while the programs run.
struct p4ni_client_settings {
	__u32 host_id;
	__u32 level;        // of the hop records: the shim's first byte
	__u32 sampling;     // P4NI_SAMPLE_…
	__u32 threshold;    // SHARE: telemetry is inserted where a random 32-bit number is below
	__u64 interval;     // RATE: ns from one request with telemetry to the next
	__u32 learns;       // 1: some peer's rule is to be learned
	__u32 reports_sent; // 1: every request with telemetry is reported as it leaves, for a sink elsewhere
	__u32 probes;       // 1: telemetry is begun only while the neighbour answers probes, and while replies bring it
	__u32 reserved;
};

// CLOCK_MONOTONIC ns from which the next request may carry telemetry (RATE); in a cache line of its own.
struct p4ni_client_pace {
	__u64 next;
	__u64 apart[7];
};

#define P4NI_RECENT 16

// A request with telemetry that may still be under way. Entry number sequence % P4NI_RECENT of its flow.
struct p4ni_sent {
	__u32 sequence; // 0 while the rest is written
	__u32 id;       // UDP: first 4 bytes of payload; TCP: number of the byte after the segment's last (host order)
	__u64 called;   // ns of CLOCK_TAI of the application's send call; 0: not known
	__u64 sent;     // ns of CLOCK_TAI at TC egress
	__u32 answer;   // TCP: number of the byte after the reply segment's last, once it has arrived
	__u32 arrived;  // 1 from the XDP hook on, 2 once the application has it
};

struct p4ni_flow_state {
	__u32 sequence;   // of the last request with telemetry
	__u32 unreported; // replies that came back with telemetry, and that the ring had no room for
	struct p4ni_sent recent[P4NI_RECENT];
};

// Events for the agent, in the ring p4ni_reports.
#define P4NI_REPORT_REPLY 1    // a reply with telemetry has arrived; `head` is the frame's beginning
#define P4NI_REPORT_RECEIVED 2 // the application has it
#define P4NI_REPORT_SENT 3     // a request left with telemetry

// Ethernet, tags, the most telemetry, IPv4 with options, TCP without, and what a request id takes.
#define P4NI_REPORT_HEAD 1664

struct p4ni_report {
	__u32 kind;
	__u32 length;                 // of `head`
	struct p4ni_client_flow flow; // of the request
	__u32 host_id;                // of the source record
	__u32 sequence;
	// ns of CLOCK_TAI; 0: not known
	__u64 called;
	__u64 sent;
	__u64 arrived;
	__u64 received;
	__u32 unreported; // REPLY: as in struct p4ni_flow_state
	__u32 reserved;
	__u8 head[P4NI_REPORT_HEAD];
};

#define P4NI_REPORT_FIXED 96

// What became of frames, on top of `enum p4ni_reason` for those that arrive. Append, and never reuse a number.
enum p4ni_client_reason {
	// TC egress: each frame under exactly one.
	P4NI_INSERT_OTHER = 0, // neither a UDP datagram with a request id nor the TCP segment that ends a request
	P4NI_INSERT_NO_PEER,   // its destination is not known to strip telemetry
	P4NI_INSERT_NOT_SAMPLED,
	P4NI_INSERT_DONE,
	P4NI_INSERT_SEGMENTED,  // a segmentation super-packet
	P4NI_INSERT_MTU,        // would pass the device's MTU
	P4NI_INSERT_NO_ROOM,    // the kernel had no memory for head-room
	P4NI_INSERT_NO_FLOW,    // the map of flows had no room
	P4NI_INSERT_CHECKSUM,   // the card is to fill in a checksum that it would not find after the telemetry
	P4NI_INSERT_NOT_STORED, // head-room was made, but not written: the frame went out unreadable
	// XDP, on top of the frame's own reason.
	P4NI_REPLY_REPORTED,   // handed to the agent
	P4NI_REPLY_RING_FULL,  // not handed over: nobody reads, or too slowly
	P4NI_REPLY_OWN,        // it had this host's source record
	P4NI_REQUEST_STRIPPED, // telemetry of a request to this host, which serves none with it
	// Reports of other kinds.
	P4NI_REPORT_LOST,    // the ring was full
	P4NI_REPLY_REPEATED, // XDP: not handed over, as a reply to the same request was, or should have been
	// TC egress.
	P4NI_INSERT_NO_ANSWER, // the neighbour does not answer that it takes telemetry
	P4NI_INSERT_STOPPED,   // the service's replies do not bring telemetry
	P4NI_INSERT_REPEATED,  // a TCP segment that has been sent with telemetry before
	P4NI_CLIENT_REASONS
};

struct p4ni_client_scratch {
	struct p4ni_report report;
	struct p4ni_client_flow flow;
	struct p4ni_peer_key peer;
	struct p4ni_flow_state fresh; // always zero
	__u32 payload;                // bytes
	__u32 payload_at;             // UDP: where in the IP packet it begins
	__u32 id;                     // as in struct p4ni_sent
	__u32 tcp_end;                // TCP: number of the byte after the segment's last
	__u32 tcp_push;               // 1: the segment ends what the application wrote
	__u8 l2[P4NI_L2_ROOM];
	__u8 frame[P4NI_SHIM_SIZE + sizeof(struct p4ni_source_record)];
	__u8 fill[2];
};

// One for every processor, as struct p4ni_percpu.
struct p4ni_client_percpu {
	__u64 by_reason[P4NI_CLIENT_REASONS];
	__u64 asks; // 1: the next packet at TC egress is a copy that is to become a probe
	struct p4ni_client_scratch scratch;
};

_Static_assert(sizeof(struct p4ni_client_flow) == 40, "a flow has no padding");
_Static_assert(sizeof(struct p4ni_peer_key) == 20, "a prefix has no padding");
_Static_assert(sizeof(struct p4ni_service) == 24, "a service has no padding");
_Static_assert(sizeof(struct p4ni_service_state) == 32, "a service's state has no padding");
_Static_assert(sizeof(struct p4ni_neighbour_key) == 8, "a neighbour's key has no padding");
_Static_assert(sizeof(struct p4ni_neighbour) == 24, "a neighbour has no padding");
_Static_assert(sizeof(struct p4ni_client_settings) == 40, "settings have no padding");
_Static_assert(sizeof(struct p4ni_sent) == 32, "an entry has no padding");
_Static_assert(__builtin_offsetof(struct p4ni_report, head) == P4NI_REPORT_FIXED, "a report's head follows its fields");
_Static_assert(__builtin_offsetof(struct p4ni_client_scratch, frame) -
			       __builtin_offsetof(struct p4ni_client_scratch, l2) ==
		       P4NI_L2_ROOM,
	       "Ethernet header, shim and source record lie in one piece");

#endif
