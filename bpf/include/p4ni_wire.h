// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
//
// The parts of a frame that the programs read and write: EtherTypes, the shim, the records. See
// docs/reference/wire-format.md.

#ifndef P4NI_SHARED_WIRE_H
#define P4NI_SHARED_WIRE_H

#include <linux/types.h>

// EtherTypes. Only SHIM is ever an Ethernet frame's own type; the others appear in next_proto alone.
#define P4NI_ETHERTYPE_SHIM 0x1212
#define P4NI_ETHERTYPE_RECORD 0x1213
#define P4NI_ETHERTYPE_HOST 0x1214
#define P4NI_ETHERTYPE_HOST_EXTENDED 0x1216
#define P4NI_ETHERTYPE_SOURCE 0x1217

#define P4NI_NEXT_PROTO_SIZE 2
#define P4NI_SHIM_SIZE 4
#define P4NI_MAX_RECORDS 20

// Flags in the shim's second byte (level 1 and up; a reference frame has a zero there).
#define P4NI_FLAG_HOST_RECORD 0x80
#define P4NI_FLAG_NO_ROOM 0x40
#define P4NI_FLAG_INNER_IPV6 0x20
#define P4NI_FLAG_HOP_LIMIT 0x10
#define P4NI_FLAG_SOURCE_RECORD 0x08

// The levels, and the bytes of one hop record of each. A frame of P4NI_LEVEL_CONSTANT holds one record, whatever its
// count is. A test compares these numbers with the table of levels in Sources/TelemetryFormats.
#define P4NI_LEVEL_MIN 1
#define P4NI_LEVEL_COMPACT 5
#define P4NI_LEVEL_CONSTANT 6
#define P4NI_LEVEL_MAX 6
#define P4NI_RECORD_SIZE_1 9
#define P4NI_RECORD_SIZE_2 36
#define P4NI_RECORD_SIZE_3 72
#define P4NI_RECORD_SIZE_4 43
#define P4NI_RECORD_SIZE_5 6
#define P4NI_RECORD_SIZE_6 6
#define P4NI_RECORD_SIZE_MAX P4NI_RECORD_SIZE_3
// One bit per level whose records end with next_proto.
#define P4NI_CHAINED_LEVELS (1 << 1 | 1 << 2 | 1 << 3 | 1 << 4)
// The sizes as bytes of one word: a table in memory would cost a map.
#define P4NI_RECORD_SIZES \
	((__u64)P4NI_RECORD_SIZE_1 | (__u64)P4NI_RECORD_SIZE_2 << 8 | (__u64)P4NI_RECORD_SIZE_3 << 16 | \
	 (__u64)P4NI_RECORD_SIZE_4 << 24 | (__u64)P4NI_RECORD_SIZE_5 << 32 | (__u64)P4NI_RECORD_SIZE_6 << 40)
_Static_assert(P4NI_LEVEL_MAX <= 8, "a ninth level needs another place for its record's size");
_Static_assert(P4NI_RECORD_SIZE_MAX <= 0xff, "a record's size must fit 8 bits");
#define P4NI_SOURCE_RECORD_SIZE 22

// The most telemetry one request can bring: a shim, 20 records of the largest level and a source record.
#define P4NI_TELEMETRY_MAX (P4NI_SHIM_SIZE + P4NI_MAX_RECORDS * P4NI_RECORD_SIZE_MAX + P4NI_SOURCE_RECORD_SIZE)

// Host record, 18 bytes, as it goes on the wire after the last hop record.
struct p4ni_host_record {
	__be64 tx_reqs;    // ordinal, from 1, of the requests this host has answered with telemetry
	__be64 time_reqs;  // ns from the XDP hook seeing the request to the TC egress hook seeing the reply
	__be16 next_proto; // EtherType of the packet that follows
} __attribute__((packed));

// Extended host record, 60 bytes. A part whose flag is not set was not measured; its field is then 0. A part of 2^32 ns
// or more is not measured.
struct p4ni_extended_record {
	__be32 host_id;
	__be16 flags;       // P4NI_MEASURED_…; in the upper byte how late the telemetry left, as a logarithm
	__be16 cpu;         // processor that took the request in
	__be64 ordinal;     // as tx_reqs
	__be64 arrival;     // ns of CLOCK_TAI at the XDP hook
	__be64 total;       // as time_reqs
	__be32 to_queue;    // ns from the XDP hook to the socket's receive queue
	__be32 to_receive;  // ns from there to the application's receive call returning
	__be32 application; // ns from there to its send call
	__be32 to_egress;   // ns from there to the TC egress hook
	__be32 run_queue;   // ns, within to_receive, that the application's thread was runnable and did not run
	__be32 queue_depth; // the socket's receive queue before this request: datagrams (UDP), unread bytes (TCP)
	__be16 retransmits; // segments that the connection sent again between request and reply (TCP)
	__be16 next_proto;
} __attribute__((packed));

#define P4NI_MEASURED_TO_QUEUE 0x0001
#define P4NI_MEASURED_TO_RECEIVE 0x0002
#define P4NI_MEASURED_APPLICATION 0x0004
#define P4NI_MEASURED_TO_EGRESS 0x0008
#define P4NI_MEASURED_RUN_QUEUE 0x0010
#define P4NI_MEASURED_QUEUE_DEPTH 0x0020
#define P4NI_MEASURED_RETRANSMITS 0x0040

// Source record, 22 bytes. A host that is an INT source puts it after the hop records and before any host record. At
// that moment there is no hop record yet. It travels with the request, is saved like the hop records, and comes back
// with the reply.
struct p4ni_source_record {
	__be32 host_id;
	__be32 sequence; // of this flow's requests with telemetry, from 1: a gap is a request lost
	__be64 sent;     // ns of CLOCK_TAI at the TC egress hook
	__be32 received; // of them, how many the answering host has seen, this one included; 0 until it answers
	__be16 next_proto;
} __attribute__((packed));

_Static_assert(sizeof(struct p4ni_host_record) == 18, "host record is 18 bytes on the wire");
_Static_assert(sizeof(struct p4ni_extended_record) == 60, "extended host record is 60 bytes on the wire");
_Static_assert(sizeof(struct p4ni_source_record) == P4NI_SOURCE_RECORD_SIZE, "source record is 22 bytes on the wire");

#endif
