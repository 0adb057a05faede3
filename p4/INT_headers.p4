// SPDX-License-Identifier: Apache-2.0

// The headers of INT.p4, as docs/reference/wire-format.md describes them.

#ifndef INT_HEADERS_P4
#define INT_HEADERS_P4

const bit<16> ETHERTYPE_IPV4 = 0x0800;
const bit<16> ETHERTYPE_IPV6 = 0x86DD;
const bit<16> ETHERTYPE_INT_SHIM = 0x1212;
const bit<16> ETHERTYPE_INT_PROBE = 0x1218;
// The next four are never an Ethernet type: they chain records by next_proto.
const bit<16> NEXT_HOP_RECORD = 0x1213;
const bit<16> NEXT_HOST_RECORD = 0x1214;
const bit<16> NEXT_EXTENDED_RECORD = 0x1216;
const bit<16> NEXT_SOURCE_RECORD = 0x1217;

const bit<8> PROTOCOL_TCP = 6;
const bit<8> PROTOCOL_UDP = 17;

#define MAX_HOPS 20

const bit<16> ETHERNET_BYTES = 14;
const bit<16> SHIM_BYTES = 4;
const bit<16> HOST_RECORD_BYTES = 18;
const bit<16> EXTENDED_RECORD_BYTES = 60;
const bit<16> SOURCE_RECORD_BYTES = 22;
const bit<16> IPV6_BYTES = 40;
// A UDP header and the request id after it.
const bit<16> DATAGRAM_BYTES = 12;
const bit<16> TCP_BYTES = 20;
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
    bit<1> inner_ipv6; // 6: the packet is IPv6, for records without next_proto
    bit<1> hop_limit;  // E: a hop found MAX_HOPS records already
    bit<1> source;     // S: a source record follows the hop records
    bit<3> reserved;
    bit<8> forward;    // number of hops on the request path; they are the first ones
    bit<8> count;      // number of hops that added a record to this frame
}

// After the Ethernet header, between a switch and the host at one of its ports, or from the packet generator
// (INT_hosts.p4).
header int_probe_t {
    bit<8>  kind;
    bit<8>  capabilities; // of an answer: what the host strips
    bit<32> node;         // of an answer: the host's id
    bit<16> port;         // from the packet generator: the port that is down
}

// Level 1, minimal, 9 bytes.
header int_hop1_t {
    bit<32> switch_id;
    bit<19> enq_qdepth;
    bit<5>  reserved;
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

// Level 3, full, 72 bytes: level 2, and the packets on this port since its last telemetry.
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

// Levels 5 and 6, compact and constant, 6 bytes: depth and latency quantized (INT_quantizers.p4).
header int_hop5_t {
    bit<16> switch_id;
    bit<9>  egress_port;
    bit<5>  hop;         // this hop's number in the frame, from 1
    bit<2>  reserved;
    bit<8>  queue_depth;
    bit<8>  hop_latency;
}

// The records of the hops before, at any level: no switch reads another's record, so they are one run of bytes. At
// levels 1 to 4 the run ends before the last two bytes, which are the oldest record's next_proto and identify what
// follows the records.
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

// The source record: written after the hop records by a host that is the INT source.
header int_source_t {
    bit<32> host_id;
    bit<32> sequence;
    bit<64> sent;
    bit<32> received;
    bit<16> next_proto;
}

// The extended host record: the latency breakdown of the server host.
header int_extended_t {
    bit<32> host_id;
    bit<16> flags;
    bit<16> cpu;
    bit<64> ordinal;
    bit<64> arrival;
    bit<64> total;
    bit<32> to_queue;
    bit<32> to_receive;
    bit<32> application;
    bit<32> to_egress;
    bit<32> run_queue;
    bit<32> queue_depth;
    bit<16> retransmits;
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
    bit<14> fragment; // the flag "more fragments" and the offset: 0 if the packet is not a fragment
    bit<8>  ttl;
    bit<8>  protocol;
    bit<16> hdr_checksum;
    bit<32> src_addr;
    bit<32> dst_addr;
}

header ipv4_options_t {
    varbit<320> options;
}

header ipv6_t {
    bit<4>   version;
    bit<8>   traffic_class;
    bit<20>  flow_label;
    bit<16>  payload_len;
    bit<8>   next_header;
    bit<8>   hop_limit;
    bit<128> src_addr;
    bit<128> dst_addr;
}

// UDP with the first bytes of its payload. Read only from unfragmented datagrams that have these bytes.
header datagram_t {
    bit<16> src_port;
    bit<16> dst_port;
    bit<16> length;
    bit<16> checksum;
    bit<32> request_id;
}

// Without options.
header tcp_t {
    bit<16> src_port;
    bit<16> dst_port;
    bit<32> sequence;
    bit<32> acknowledgement;
    bit<4>  data_offset;
    bit<4>  reserved;
    bit<5>  flags;
    bit<1>  reset;
    bit<1>  synchronize;
    bit<1>  finish;
    bit<16> window;
    bit<16> checksum;
    bit<16> urgent_pointer;
}

struct headers_t {
    ethernet_t     ethernet;
    int_probe_t    probe;
    int_shim_t     shim;
    int_hop1_t     hop1;
    int_hop2_t     hop2;
    int_hop3_t     hop3;
    int_hop4_t     hop4;
    int_hop5_t     hop5;
    int_older_t    older;
    int_oldest_t   oldest;
    int_source_t   source;
    int_host_t     host;
    int_extended_t extended;
    ipv4_t         ipv4;
    ipv4_options_t ipv4_options;
    ipv6_t         ipv6;
    datagram_t     datagram;
    tcp_t          tcp;

    // Never on the wire: the sink saves the telemetry here while it strips the packet, and restores it
    // in the copy for the collector (INTEgress).
    int_shim_t     kept_shim;
    int_hop1_t     kept_hop1;
    int_hop2_t     kept_hop2;
    int_hop3_t     kept_hop3;
    int_hop4_t     kept_hop4;
    int_hop5_t     kept_hop5;
    int_older_t    kept_older;
    int_oldest_t   kept_oldest;
    int_source_t   kept_source;
    int_host_t     kept_host;
    int_extended_t kept_extended;
}

// Class thresholds: of a queue's depth in packets, a packet's length in bytes, and a switch's latency in
// microseconds.
struct class_limits_t {
    bit<19> queue_high;
    bit<19> queue_critical;
    bit<32> length_low;
    bit<32> length_high;
    bit<32> length_critical;
    bit<48> latency_low;
    bit<48> latency_high;
    bit<48> latency_critical;
}

struct metadata_t {
    // Set by the parser: the IP header was read completely, so the packet can be routed.
    bit<1> is_internet;
    // Set by the parser for TCP: bytes of the segment, header included.
    bit<16> segment_bytes;
    // Set by the parser: the level of the records in this frame, and the size of one.
    bit<8> level;
    bit<16> record_bytes;
    // Set by ingress: the packet is routed; its TTL or hop limit is decremented.
    bit<1> is_routed;
    // Set by the tables of ingress: the policy that decides whether this switch adds its record, and its parameter.
    bit<3> policy;
    bit<48> policy_parameter;
    // Set by arrivals: whose telemetry is accepted at the port that the frame came by.
    bit<2> arrival;
    // The decision: yes for a frame with telemetry, unless a policy applies.
    bit<2> decision;
    // Set by port_role.
    bit<2> role;
    // Where the sink's copy ends: after the bytes that identify the request.
    @field_list(FIELD_LIST_REPORT)
    bit<32> report_bytes;
}

#endif
