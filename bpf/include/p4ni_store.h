// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
//
// Where telemetry waits for its reply: a set-associative store in two arrays, see bpf/lib/request_store.h.

#ifndef P4NI_SHARED_STORE_H
#define P4NI_SHARED_STORE_H

#include "p4ni_flow.h"
#include "p4ni_wire.h"
#include <linux/types.h>

// Ways per set; the state words of one set fill one cache line.
#define P4NI_WAYS 8

// A state word: stamp (46 bits, arrival in units of 256 ns) | tag (16 bits of the key's hash) | phase (2 bits).
// Words compare by age, as signed differences. A slot belongs to whoever turned its word to P4NI_PHASE_BUSY by
// compare-and-exchange, until that same program stores another word; nobody ever waits for one.
#define P4NI_PHASE_FREE 0
#define P4NI_PHASE_BUSY 1
#define P4NI_PHASE_FULL 2
#define P4NI_PHASE_BITS 2
#define P4NI_TAG_BITS 16
#define P4NI_STAMP_SHIFT 8

struct p4ni_set {
	__u64 state[P4NI_WAYS];
};

// Room for an Ethernet header and two VLAN tags in front of the telemetry, ending 8-aligned.
#define P4NI_L2_ROOM 24

// The copy loop moves complete blocks: what it copies beyond the telemetry is the inner packet's start, at least 28
// bytes long in every frame that is saved.
#define P4NI_COPY_BLOCK 32

// Room that a slot keeps after the hop records for a host record of any layout.
#define P4NI_HOST_RECORD_ROOM 64

#define P4NI_FRAME_ROOM (P4NI_TELEMETRY_MAX + P4NI_HOST_RECORD_ROOM)

// The properties of a frame that matter when it is completed.
#define P4NI_FORM_REFERENCE 0x01 // the shim stays a 32-bit count
#define P4NI_FORM_CHAINED 0x02   // the last two bytes saved are a next_proto; if not, the host record is extended
#define P4NI_FORM_SOURCE 0x04    // what is saved ends in a source record

// One request's saved telemetry. `l2` is filled when the reply is sent, so that Ethernet header, telemetry and host
// record lie in one piece and go out in one store.
struct p4ni_slot {
	struct p4ni_flow_key key;
	__u64 arrival;  // CLOCK_MONOTONIC ns at the XDP hook
	__u64 departed; // the same of a reply that had no room: the telemetry now waits for a frame that has; or 0
	__u32 start;    // TCP: sequence number of the request's first byte,
	__u32 end;      // of the byte after its last,
	__u32 acked;    // and the byte of the server's that the client expected next
	__u32 written;  // byte of the server's up to which its application had written; `acked` if that is not known
	__u16 length;   // bytes of shim and records
	__u8 count;     // hops
	__u8 form;      // P4NI_FORM_…
	__u8 pushed;    // TCP: 1 if the segment ended what the client sent at once
	__u8 reserved;
	__u16 cpu; // processor that saved it
	__u8 l2[P4NI_L2_ROOM];
	__u8 frame[P4NI_FRAME_ROOM];
	__u8 fill[22]; // to a multiple of 64, so that a slot begins at a cache line
};

// Shared by all processors.
struct p4ni_totals {
	__u64 answered; // requests answered with telemetry: the next host record carries this plus one
	__u64 queued;   // entries of p4ni_queued that name a request
	__u64 apart[6]; // `overflow` is read for every reply, and lies in a cache line that is hardly ever written
	__u64 overflow; // 1 once telemetry has been put in an overflow set: until then nobody looks there
};

_Static_assert(sizeof(struct p4ni_set) == 64, "a set's words fill one cache line");
_Static_assert(__builtin_offsetof(struct p4ni_slot, frame) == 112, "telemetry starts 8-aligned");
_Static_assert(__builtin_offsetof(struct p4ni_slot, frame) - __builtin_offsetof(struct p4ni_slot, l2) == P4NI_L2_ROOM,
	       "Ethernet header, telemetry and host record lie in one piece");
_Static_assert(sizeof(struct p4ni_slot) % 64 == 0, "slots begin at cache lines");
_Static_assert((P4NI_TELEMETRY_MAX + P4NI_COPY_BLOCK - 1) / P4NI_COPY_BLOCK * P4NI_COPY_BLOCK <= P4NI_FRAME_ROOM,
	       "complete blocks fit a slot");
_Static_assert(sizeof(struct p4ni_extended_record) <= P4NI_HOST_RECORD_ROOM, "it fits overflow the telemetry");
_Static_assert(sizeof(struct p4ni_host_record) <= P4NI_HOST_RECORD_ROOM, "a host record fits overflow the telemetry");

#endif
