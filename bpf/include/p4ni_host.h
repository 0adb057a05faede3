// SPDX-License-Identifier: Apache-2.0
//
// What the eBPF programs and the agent that loads them agree on: wire sizes and offsets, counter numbers, and
// the layout of every map value. Included by bpf/*.bpf.c and imported by Swift as the module CHostPrograms, so
// that no number or offset is written twice; asserted at the end and by HostAgentTests.

#ifndef P4NI_HOST_H
#define P4NI_HOST_H

#include <linux/types.h>

// Number of this agreement. Pinned maps of another number must not be read with these layouts.
#define P4NI_ABI_VERSION 3

// EtherTypes. Only SHIM is ever an Ethernet frame's own type; the others appear in next_proto alone.
#define P4NI_ETHERTYPE_SHIM 0x1212
#define P4NI_ETHERTYPE_RECORD 0x1213
#define P4NI_ETHERTYPE_HOST 0x1214
#define P4NI_ETHERTYPE_HOST_EXTENDED 0x1216
#define P4NI_ETHERTYPE_SOURCE 0x1217

#define P4NI_SHIM_SIZE 4
#define P4NI_MAX_RECORDS 20
#define P4NI_NEXT_PROTO_SIZE 2

// Flags in the shim's second byte (level 1 and up; a reference frame has a zero there).
#define P4NI_FLAG_HOST_RECORD 0x80
#define P4NI_FLAG_NO_ROOM 0x40
#define P4NI_FLAG_INNER_IPV6 0x20
#define P4NI_FLAG_HOP_LIMIT 0x10
#define P4NI_FLAG_SOURCE_RECORD 0x08

// Size of one hop record of each level. Up to P4NI_LEVEL_CHAINED_MAX its last two bytes are next_proto; above there is
// none. A frame of P4NI_LEVEL_CONSTANT holds one record, whatever its count is.
#define P4NI_LEVEL_MIN 1
#define P4NI_LEVEL_CHAINED_MAX 4
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
#define P4NI_SOURCE_RECORD_SIZE 22

// The most telemetry one request can bring: a shim, 20 records of the largest level and a source record.
#define P4NI_TELEMETRY_MAX (P4NI_SHIM_SIZE + P4NI_MAX_RECORDS * P4NI_RECORD_SIZE_MAX + P4NI_SOURCE_RECORD_SIZE)

// Host record, 18 bytes, as it goes on the wire behind the last hop record.
struct p4ni_host_record {
	__be64 tx_reqs;    // ordinal, from 1, of the requests this host has answered with telemetry
	__be64 time_reqs;  // ns from the XDP hook seeing the request to the TC egress hook seeing the reply
	__be16 next_proto; // EtherType of the packet that follows
} __attribute__((packed));

// Extended host record, 60 bytes. A part whose flag is not set was not measured; its field is then 0. A part of 2^32 ns
// or more is not measured.
struct p4ni_extended_record {
	__be32 host_id;
	__be16 flags;       // P4NI_MEASURED_…
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

// Source record, 22 bytes: what a sending host that begins telemetry puts behind the (at first 0) hop records, in front
// of any host record. It travels with the request, is saved like the hop records, and comes back with the reply.
struct p4ni_source_record {
	__be32 host_id;
	__be32 sequence;   // of this flow's stamped requests, from 1: a gap is a request lost
	__be64 sent;       // ns of CLOCK_TAI at the TC egress hook
	__be32 received;   // of them, how many the answering host has seen, this one included; 0 until it answers
	__be16 next_proto;
} __attribute__((packed));

// On the server, of one flow's stamped requests.
struct p4ni_arrivals {
	__u32 highest;  // number
	__u32 received; // how many
	__u32 missing;  // numbers of this run that were passed over and have not come late
	__u32 reserved;
};

// Of all flows since the programs were loaded, also of those that have been forgotten.
struct p4ni_arrival_totals {
	__u64 received;
	__u64 missing; // numbers that were passed over and have not come late
	__u64 runs;    // times that a flow's numbers began anew
};

// Room that a slot keeps behind the hop records for a host record of any layout.
#define P4NI_HOST_RECORD_ROOM 64

// Every frame that a program looks at ends in exactly one of these counts; EVICTED comes on top of SAVED.
// Numbers are part of the agreement: append, before P4NI_REASONS, and never reuse one.
enum p4ni_reason {
	// XDP, frame handled.
	P4NI_XDP_PLAIN = 0,    // no shim
	P4NI_XDP_SAVED,        // telemetry saved and stripped
	P4NI_XDP_EVICTED,      // the oldest saved telemetry gave way to that of a new request
	P4NI_XDP_NOT_KEPT,     // stripped, but other processors held every slot it could have gone to
	P4NI_XDP_RETURNED,     // stripped only: a host record shows that a host has answered this already
	// XDP, frame with a shim passed as it came.
	P4NI_XDP_SHORT_SHIM,   // frame ends within the shim
	P4NI_XDP_COUNT,        // more than 20 records, or none and no source record
	P4NI_XDP_LEVEL,        // level unknown
	P4NI_XDP_FORWARD,      // more forward records than records
	P4NI_XDP_SHORT,        // frame ends within the records
	P4NI_XDP_CHAIN,        // next_proto disagrees with count or flags
	P4NI_XDP_NESTED,       // a second shim behind the records
	P4NI_XDP_INNER_TYPE,   // what follows is neither IPv4 nor IPv6
	P4NI_XDP_INNER_SHORT,  // IP or UDP header cut off, or a length in it that cannot be
	P4NI_XDP_FRAGMENT,     // IP fragment: no ports, or no whole request
	P4NI_XDP_PROTOCOL,     // stripped, not kept: neither UDP nor TCP right behind the IP header
	P4NI_XDP_NO_ID,        // stripped, not kept: payload too short for the request id that its port's rule names
	P4NI_XDP_NOT_MOVED,    // the kernel refused to move the start of the frame
	// TC egress.
	P4NI_TC_OTHER,         // nothing that can be a reply: no UDP with a request id, no TCP with payload
	P4NI_TC_UNMATCHED,     // nothing is saved for it
	P4NI_TC_RESTORED,      // telemetry and host record put in front
	P4NI_TC_GSO,           // the rest: sent plain, the telemetry stays saved. A segmentation super-packet
	P4NI_TC_MTU,           // would not fit the device's MTU
	P4NI_TC_NO_ROOM,       // the kernel had no memory for head-room
	P4NI_TC_NOT_STORED,    // head-room was made, but not written: the frame went out unreadable
	// XDP again: passed as it came.
	P4NI_XDP_EXTENDED,     // no longer met: extended host records are read
	// XDP: stripped, not kept.
	P4NI_XDP_NO_REQUEST,   // TCP segment without payload, or that opens or breaks a connection
	P4NI_XDP_RULED_OUT,    // its port's rule says so
	P4NI_XDP_REPEATED,     // TCP: what it carries came before
	P4NI_XDP_UNCLEAR,      // TCP: which reply would be its own is not clear
	P4NI_XDP_SUPERSEDED,   // on top: saved telemetry was dropped, a later segment stands for the same request
	// TC egress.
	P4NI_TC_NOT_DUE,       // sent plain: TCP; what waits for its connection is not for this segment
	P4NI_TC_EXPIRED,       // on top: telemetry was dropped that waited too long for a frame with room
	P4NI_TC_CLOSED,        // on top: telemetry was dropped, its connection ended or a new one began
	P4NI_XDP_UNTRUSTED,    // XDP: stripped, not kept: telemetry from whom it is not believed
	P4NI_REASONS
};

// Which request a reply answers. Addresses, ports and request id as the request carried them; a reply is looked up
// with source and destination exchanged. IPv4 addresses are mapped (::ffff:a.b.c.d). No padding: compared whole.
// The segments of a TCP connection share one key; sequence numbers tell them apart.
struct p4ni_flow_key {
	__be32 source[4];
	__be32 destination[4];
	__be16 source_port;
	__be16 destination_port;
	__u8 protocol; // IPPROTO_UDP or IPPROTO_TCP
	__u8 reserved[3];
	__u64 request_id; // UDP: the bytes that the port's rule names, as they lie in memory, zeros behind them. TCP: 0
};

// What tells one request to a server's port from another. A map holds one for every port, of UDP and then of TCP:
// zero is the default.
#define P4NI_RULE_DEFAULT 0 // UDP: the first 4 bytes of payload. TCP: sequence numbers
#define P4NI_RULE_NONE 1    // UDP: nothing; replies come in the order of the requests
#define P4NI_RULE_FIELD 2   // UDP: `width` bytes at `offset` of the payload
#define P4NI_RULE_DNS 3     // as a field, of width 2 at offset 0
#define P4NI_RULE_OFF 4     // telemetry is taken off and not kept
#define P4NI_RULE_KIND 0x7f
#define P4NI_RULE_USED 0x80 // on top of the kind, set at XDP: telemetry came for this port. Other ports' replies are let pass
#define P4NI_RULE_PORTS 65536
#define P4NI_RULES (2 * P4NI_RULE_PORTS)
#define P4NI_RULE_OFFSET_MAX 1400
#define P4NI_DEFAULT_ID_WIDTH 4

struct p4ni_rule {
	__u8 kind;
	__u8 width;   // 1, 2, 4 or 8; of fields and DNS
	__u16 offset; // to P4NI_RULE_OFFSET_MAX
};

// What is remembered of a TCP connection for which telemetry was saved. Bytes are counted by sequence numbers, in host
// order. Written at TC egress, but for `latest`; the socket's lock keeps a connection's segments in order there.
#define P4NI_KNOWN_REPLY 0x01  // next, passed, left and open hold
#define P4NI_KNOWN_ANSWER 0x02 // answered and usual hold

struct p4ni_connection {
	__u32 next;     // byte behind the last one of the server that was seen leaving
	__u32 passed;   // byte of the client's up to which that segment acknowledged
	__u32 answered; // end of the last request whose reply left
	__u32 usual;    // ns that requests take, about
	__u64 left;     // CLOCK_MONOTONIC ns, when that segment left
	__u8 known;     // P4NI_KNOWN_…
	__u8 open;      // 1: that segment did not end what the application sent at once (PSH)
	__u8 latest;    // 1: some requests of this connection get no reply of their own, see lib/stream_request.h
	__u8 reserved[5];
};

// Ways of one set, and with them of one cache line of state words.
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

// The copy loop moves whole blocks: what it takes beyond the telemetry is the inner packet's start, at least 28 bytes
// long in every frame that is saved.
#define P4NI_COPY_BLOCK 32

#define P4NI_FRAME_ROOM (P4NI_TELEMETRY_MAX + P4NI_HOST_RECORD_ROOM)

// What of a frame's form matters when it is completed.
#define P4NI_FORM_REFERENCE 0x01 // the shim stays a 32-bit count
#define P4NI_FORM_CHAINED 0x02   // the last two bytes saved are a next_proto; if not, the host record is extended
#define P4NI_FORM_SOURCE 0x04    // what is saved ends in a source record

// One request's saved telemetry. `l2` is filled when the reply is sent, so that Ethernet header, telemetry and host
// record lie in one piece and go out in one store.
struct p4ni_slot {
	struct p4ni_flow_key key;
	__u64 arrival;  // CLOCK_MONOTONIC ns at the XDP hook
	__u64 departed; // the same of a reply that had no room for the telemetry, which now waits for a frame that has; or 0
	__u32 start;    // TCP: sequence number of the request's first byte,
	__u32 end;      // that behind its last,
	__u32 acked;    // and the byte of the server's that the client expected next
	__u32 written;  // byte of the server's up to which its application had written; `acked` if that is not known
	__u16 length;   // bytes of shim and records
	__u8 count;     // hops
	__u8 form;      // P4NI_FORM_…
	__u8 pushed;    // TCP: 1 if the segment ended what the client sent at once
	__u8 reserved;
	__u16 cpu;      // processor that saved it
	__u8 l2[P4NI_L2_ROOM];
	__u8 frame[P4NI_FRAME_ROOM];
	__u8 fill[22]; // to a multiple of 64, so that a slot begins at a cache line
};

// Chosen at attach, read-only to the programs and constant to the verifier.
struct p4ni_config {
	__u32 version;         // P4NI_ABI_VERSION
	__u32 reference_level; // level of frames whose shim does not tell it
	__u32 sets;            // sets in the index, one eighth of the slots
	__u32 front_sets;      // the first of them, which new telemetry goes to; fewer than sets
	__u64 hash_seed;       // random: nobody outside can aim at one set
	__u32 trust;           // P4NI_TRUST_…
	__u32 legacy;          // 1: never the extended host record
	__u32 host_id;
	__u32 queued;          // entries of p4ni_queued
	__u32 namespace;       // inode of the interface's network namespace
	__u32 reserved;
};

// Whose requests' telemetry is kept for the reply; that of others is stripped and counted.
#define P4NI_TRUST_ALL 0
#define P4NI_TRUST_NONE 1
#define P4NI_TRUST_LISTED 2 // whose source address has a prefix in p4ni_trusted

#define P4NI_TRUSTED_MAX 1024

// Key of a longest-prefix search. IPv4 addresses are mapped, their prefixes 96 bits longer.
struct p4ni_prefix {
	__u32 bits;
	__be32 address[4];
};

// What is learnt of a request between the hooks. A reading is value << 32 | stamp of the slot's state word; times are ns
// since the request's arrival, and 0xffffffff what must not be told. See bpf/lib/stages.h.
enum p4ni_stage {
	P4NI_STAGE_DOUBT = 0,   // anything: two requests could be meant, no part counts
	P4NI_STAGE_IDENTITY,    // what a receive call knows the request by
	P4NI_STAGE_QUEUED,      // into the socket's receive queue
	P4NI_STAGE_RECEIVED,    // the receive call returns
	P4NI_STAGE_SENT,        // the send call
	P4NI_STAGE_RUN_QUEUE,   // ns
	P4NI_STAGE_DEPTH,       // datagrams or bytes
	P4NI_STAGE_RETRANSMITS, // the connection's count when the request came
	P4NI_STAGES,
	P4NI_STAGE_RETRANSMITTED = P4NI_STAGE_IDENTITY // TCP: how many more when its reply left
};

struct p4ni_stages {
	__u64 value[P4NI_STAGES];
};

// What is known of an application's thread, under its number modulo P4NI_THREADS. Numbers have 22 bits: words with
// `pid` in them hold it there, and above it 42 bits of ns (73 minutes).
#define P4NI_THREADS 4096
#define P4NI_PID_BITS 22

struct p4ni_thread {
	__u64 in;           // ns, pid: since when it has been running
	__u64 in_before;    // ns, pid: the same for the time before that
	__u64 waited;       // ns, pid: what it had waited for a processor, in all, when it last left one
	__u64 sent;         // ns: its last send call
	__u64 sent_socket;
	__u64 sent_check;   // of the two and pid: threads that share an entry may write at once
	__u64 reserved[2];
};

// A send call on a TCP connection: it wrote the bytes from `from` on.
struct p4ni_write {
	__u64 at;   // CLOCK_MONOTONIC ns at its beginning; 0 if that is not known
	__u64 left; // bytes still to write when it was last seen, of which the first is `seen`
	__u32 from;
	__u32 seen;
	__u32 pid;
	__u32 reserved;
};

// What a TCP connection's split needs, kept with its socket.
#define P4NI_STREAM_REQUESTS 8
#define P4NI_STREAM_WRITES 8
#define P4NI_STREAM_READERS 8

struct p4ni_stream {
	__u64 requests[P4NI_STREAM_REQUESTS]; // slot << 32 | stamp of those that are not read yet, 0 where there is none
	struct p4ni_write writes[P4NI_STREAM_WRITES];
	__u64 taken[P4NI_STREAM_READERS]; // pid << 32 | sequence number behind the last byte that the thread took, by pid
	__u32 next_request;
	__u32 last_write;
};

struct p4ni_counters {
	__u64 by_reason[P4NI_REASONS];
};

// What the programs know of the frame at hand. It is in a map rather than on the stack for
// the verifier's sake: what is read back from a map it takes for unknown, so it checks what follows once, and not once
// for every level, count and header that may have come before. (A function that is not inlined does that too, but its
// return costs some 8 ns where the processor's speculation has to be kept in check.)
struct p4ni_work {
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
	__u16 form;      // P4NI_FORM_…
	__be16 type;     // EtherType of the inner packet
	__u32 sequence;  // TCP: of the first byte of payload,
	__u32 end;       // that behind the last,
	__u32 acknowledged;
	__u32 written;   // as in a slot
	__u8 tcp_flags;
	__u8 in_order;   // 1: UDP without request id
	__u8 reserved[2];
	__u32 arrived;   // P4NI_FORM_SOURCE: the how manieth of its flow the request is
	__u32 apart;
};

// One for every processor. Both hooks run with bottom halves off, so that no program is interrupted by another of its
// processor: plain additions suffice to count, and a frame's work stays its own.
struct p4ni_processor {
	struct p4ni_counters counters; // the agent adds them up over all processors
	struct p4ni_work work;
	__u64 tai_offset; // CLOCK_TAI less CLOCK_MONOTONIC, ns
	__u64 tai_read;   // CLOCK_MONOTONIC ns when it was read
};

// Shared by all processors.
struct p4ni_totals {
	__u64 answered; // requests answered with telemetry: the next host record carries this plus one
	__u64 apart[7]; // `behind` is read for every reply, and lies in a cache line that is hardly ever written
	__u64 behind;   // 1 once telemetry has been put behind the front sets: until then nobody looks there
};

_Static_assert(sizeof(struct p4ni_host_record) == 18, "host record is 18 bytes on the wire");
_Static_assert(sizeof(struct p4ni_extended_record) == 60, "extended host record is 60 bytes on the wire");
_Static_assert(sizeof(struct p4ni_source_record) == P4NI_SOURCE_RECORD_SIZE, "source record is 22 bytes on the wire");
_Static_assert(sizeof(struct p4ni_extended_record) <= P4NI_HOST_RECORD_ROOM, "it fits behind the telemetry");
_Static_assert(sizeof(struct p4ni_flow_key) == 48, "a flow key has no padding");
_Static_assert(sizeof(struct p4ni_set) == 64, "a set's words fill one cache line");
_Static_assert(__builtin_offsetof(struct p4ni_slot, frame) == 112, "telemetry starts 8-aligned");
_Static_assert(__builtin_offsetof(struct p4ni_slot, frame) - __builtin_offsetof(struct p4ni_slot, l2) == P4NI_L2_ROOM,
	       "Ethernet header, telemetry and host record lie in one piece");
_Static_assert(sizeof(struct p4ni_slot) % 64 == 0, "slots begin at cache lines");
_Static_assert((P4NI_TELEMETRY_MAX + P4NI_COPY_BLOCK - 1) / P4NI_COPY_BLOCK * P4NI_COPY_BLOCK <= P4NI_FRAME_ROOM,
	       "whole blocks fit a slot");
_Static_assert(sizeof(struct p4ni_host_record) <= P4NI_HOST_RECORD_ROOM, "a host record fits behind the telemetry");
_Static_assert(sizeof(struct p4ni_rule) == 4, "a rule is one word");
_Static_assert(sizeof(struct p4ni_connection) == 32, "a connection has no padding");
_Static_assert(sizeof(struct p4ni_work) == 136, "work has no padding");
_Static_assert(sizeof(struct p4ni_stages) == 64, "stages fill one cache line");
_Static_assert(sizeof(struct p4ni_thread) == 64, "a thread's state fills one cache line");
_Static_assert(sizeof(struct p4ni_config) == 48, "config has no padding");

#endif
