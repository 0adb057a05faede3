// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
//
// What tells requests apart, and what is remembered of a TCP connection.

#ifndef P4NI_SHARED_FLOW_H
#define P4NI_SHARED_FLOW_H

#include <linux/types.h>

// The request that a reply answers. Addresses, ports and request id as the request carried them; a reply is looked up with
// source and destination exchanged. IPv4 addresses are mapped (::ffff:a.b.c.d). No padding: compared as bytes. The
// segments of a TCP connection share one key; sequence numbers distinguish them.
struct p4ni_flow_key {
	__be32 source[4];
	__be32 destination[4];
	__be16 source_port;
	__be16 destination_port;
	__u8 protocol; // IPPROTO_UDP or IPPROTO_TCP
	__u8 reserved[3];
	__u64 request_id; // UDP: the bytes that the port's rule names, as they lie in memory, then zeros. TCP: 0
};

// What is remembered of a TCP connection for which telemetry was saved. Bytes are counted by sequence numbers, in host
// order. Written at TC egress, except `latest`; the socket's lock keeps a connection's segments in order there.
#define P4NI_KNOWN_REPLY 0x01  // next, passed, left and open hold
#define P4NI_KNOWN_ANSWER 0x02 // answered and usual hold

struct p4ni_connection {
	__u32 next;     // byte after the last one of the server that was seen leaving
	__u32 passed;   // byte of the client's up to which that segment acknowledged
	__u32 answered; // end of the last request whose reply left
	__u32 usual;    // ns that requests take, about
	__u64 left;     // CLOCK_MONOTONIC ns, when that segment left
	__u8 known;     // P4NI_KNOWN_…
	__u8 open;      // 1: that segment did not end what the application sent at once (PSH)
	__u8 latest;    // 1: some requests of this connection get no reply of their own, see lib/stream_request.h
	__u8 reserved[5];
};

_Static_assert(sizeof(struct p4ni_flow_key) == 48, "a flow key has no padding");
_Static_assert(sizeof(struct p4ni_connection) == 32, "a connection has no padding");

#endif
