// SPDX-License-Identifier: Apache-2.0

// The headers of INT.p4: what docs/wire-format.md draws, in P4_16.

#ifndef INT_HEADERS_P4
#define INT_HEADERS_P4

const bit<16> ETHERTYPE_IPV4 = 0x0800;
const bit<16> ETHERTYPE_INT_SHIM = 0x1212;
// The next two never stand in an Ethernet frame: they chain records by next_proto.
const bit<16> NEXT_HOP_RECORD = 0x1213;
const bit<16> NEXT_HOST_RECORD = 0x1214;

const bit<8> PROTOCOL_UDP = 17;

#define MAX_HOPS 20
#define MAX_RECORD_BYTES 72

const bit<16> ETHERNET_BYTES = 14;
const bit<16> SHIM_BYTES = 4;
const bit<16> HOST_RECORD_BYTES = 18;
const bit<16> UDP_BYTES = 8;
const bit<16> REQUEST_ID_BYTES = 4;

header ethernet_t {
    bit<48> dst_addr;
    bit<48> src_addr;
    bit<16> ether_type;
}

header int_shim_t {
    bit<8> level;      // layout of every record; 0: the reference's frame, whose level is known by configuration
    bit<1> host;       // H: a host record follows the hop records
    bit<1> no_room;    // M: a hop had no room for its record
    bit<1> inner_ipv6; // 6
    bit<1> hop_limit;  // E: a hop found MAX_HOPS records already
    bit<4> reserved;
    bit<8> forward;    // records, the oldest ones, that belong to the way to the server
    bit<8> count;      // records in this frame
}

// Level 1, minimal, 9 bytes.
header int_hop1_t {
    bit<32> switch_id;
    bit<19> enq_qdepth;
    bit<5>  padding;
    bit<16> next_proto;
}

// Level 2, standard, 36 bytes. Timestamps and deltas are microseconds.
header int_hop2_t {
    bit<32> switch_id;
    bit<9>  ingress_port;
    bit<9>  egress_port;
    bit<32> enq_timestamp;
    bit<19> enq_qdepth;
    bit<32> deq_timedelta;
    bit<19> deq_qdepth;
    bit<48> ingress_timestamp;
    bit<48> egress_timestamp;
    bit<24> reserved;
    bit<16> next_proto;
}

// Level 3, full, 72 bytes: level 2 and what this port has seen since its last telemetry.
header int_hop3_t {
    bit<32> switch_id;
    bit<9>  ingress_port;
    bit<9>  egress_port;
    bit<32> enq_timestamp;
    bit<19> enq_qdepth;
    bit<32> deq_timedelta;
    bit<19> deq_qdepth;
    bit<48> ingress_timestamp;
    bit<48> egress_timestamp;
    bit<64> packet_length;
    bit<64> hop_latency;
    bit<64> reserved;
    bit<64> packets_since_last;
    bit<48> last_telemetry_timestamp;
    bit<8>  reserved2;
    bit<16> next_proto;
}

// Level 4, discretized, 43 bytes: queue depths and the length are classes of two bits.
header int_hop4_t {
    bit<8>  switch_id;
    bit<9>  ingress_port;
    bit<9>  egress_port;
    bit<32> enq_timestamp;
    bit<2>  enq_qdepth;
    bit<32> deq_timedelta;
    bit<2>  deq_qdepth;
    bit<2>  packet_length;
    bit<48> hop_latency;
    bit<64> reserved;
    bit<64> reserved2;
    bit<48> last_telemetry_timestamp;
    bit<8>  reserved3;
    bit<16> next_proto;
}

// The records of the hops before, whatever their level, without the last two bytes: no switch reads
// another's record, so they travel as one run. The last two bytes are the oldest record's next_proto,
// which tells what follows the records.
header int_older_t {
    varbit<(MAX_HOPS * MAX_RECORD_BYTES * 8)> records;
}

header int_oldest_t {
    bit<16> next_proto;
}

header int_host_t {
    bit<64> tx_reqs;
    bit<64> time_reqs; // nanoseconds
    bit<16> next_proto;
}

header ipv4_t {
    bit<4>  version;
    bit<4>  ihl;
    bit<8>  diffserv;
    bit<16> total_len;
    bit<16> identification;
    bit<1>  reserved_flag;
    bit<1>  dont_fragment;
    bit<1>  more_fragments;
    bit<13> frag_offset;
    bit<8>  ttl;
    bit<8>  protocol;
    bit<16> hdr_checksum;
    bit<32> src_addr;
    bit<32> dst_addr;
}

header ipv4_options_t {
    varbit<320> options;
}

struct headers_t {
    ethernet_t     ethernet;
    int_shim_t     shim;
    int_hop1_t     hop1;
    int_hop2_t     hop2;
    int_hop3_t     hop3;
    int_hop4_t     hop4;
    int_older_t    older;
    int_oldest_t   oldest;
    int_host_t     host;
    ipv4_t         ipv4;
    ipv4_options_t ipv4_options;

    // Never on the wire: the sink keeps the telemetry here while it strips the packet, and the copy
    // that goes to the collector takes it back (INTEgress).
    int_shim_t     kept_shim;
    int_hop1_t     kept_hop1;
    int_hop2_t     kept_hop2;
    int_hop3_t     kept_hop3;
    int_hop4_t     kept_hop4;
    int_older_t    kept_older;
    int_oldest_t   kept_oldest;
    int_host_t     kept_host;
}

struct metadata_t {
    // Set by the parser: the level of the records in this frame, and the bytes of one. A sink's copy keeps
    // the latter to know where the request's headers end.
    bit<8> level;
    @field_list(FIELD_LIST_REPORT)
    bit<16> record_bytes;
    // Set by ingress: this packet starts to carry telemetry here.
    bit<1> sampled;
    // Set by port_role.
    bit<2> role;
}

#endif
