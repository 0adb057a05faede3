// SPDX-License-Identifier: Apache-2.0

// In-band network telemetry for requests and their replies, for v1model switches.
//
// A switch forwards IPv4 by longest prefix. A request to a watched destination starts to carry telemetry at
// the first switch that samples it; every switch on its way, out and back, pushes a record of its own; the
// sink, the last switch before the client, sends a copy of it to the collector and the plain packet on.
// docs/wire-format.md draws the frame.
//
//   -D COLLECT_SIZE=1..4  the level of telemetry that this switch starts (default 2)
//   -D FREQ=MICROSECONDS  at most one packet in this period, an egress port, starts to carry telemetry (0: every one)
//   -D MAX_FRAME=BYTES    a record that would make a frame longer is left out (default 1514)

#ifndef COLLECT_SIZE
#define COLLECT_SIZE 2
#endif
#if COLLECT_SIZE < 1 || COLLECT_SIZE > 4
#error "COLLECT_SIZE is a level from 1 to 4"
#endif
#if COLLECT_SIZE == 1
#define STARTED_RECORD_BYTES 16w9
#elif COLLECT_SIZE == 2
#define STARTED_RECORD_BYTES 16w36
#elif COLLECT_SIZE == 3
#define STARTED_RECORD_BYTES 16w72
#else
#define STARTED_RECORD_BYTES 16w43
#endif
#ifndef FREQ
#define FREQ 0
#endif
#ifndef MAX_FRAME
#define MAX_FRAME 1514
#endif

// The mirror session whose port leads to the collector.
#define REPORT_SESSION 500
#define FIELD_LIST_REPORT 1
#define MAX_PORTS 512

// Level 4: the egress queue's depth, in packets, from which its class is "high" and "critical".
#define QUEUE_HIGH 8
#define QUEUE_CRITICAL 32

#include <core.p4>
#include <v1model.p4>
#include "INT_headers.p4"
#include "INT_parser.p4"

const bit<32> INSTANCE_TYPE_EGRESS_CLONE = 2;

// metadata_t.role
const bit<2> ROLE_TRANSIT = 0;
const bit<2> ROLE_SINK = 1;
const bit<2> ROLE_UNTOUCHED = 2;

// Whether the packet could carry telemetry: a whole UDP datagram with room for a request id.
bool is_request(in ipv4_t ipv4) {
    return ipv4.protocol == PROTOCOL_UDP && ipv4.more_fragments == 0 && ipv4.frag_offset == 0
        && ipv4.total_len >= ((bit<16>) ipv4.ihl << 2) + UDP_BYTES + REQUEST_ID_BYTES;
}

control INTIngress(inout headers_t hdr, inout metadata_t meta, inout standard_metadata_t standard_metadata) {
    // Packets dropped here, by reason. Unparsed: not IPv4, or cut short, or telemetry that hides where IPv4 begins.
    const bit<32> DROPPED_UNPARSED = 0;
    const bit<32> DROPPED_CHECKSUM = 1;
    const bit<32> DROPPED_TTL = 2;
    const bit<32> DROPPED_NO_ROUTE = 3;
    counter(4, CounterType.packets) dropped;

    action drop_because(bit<32> reason) {
        mark_to_drop(standard_metadata);
        dropped.count(reason);
    }

    action drop() {
        drop_because(DROPPED_NO_ROUTE);
    }

    action ipv4_forward(bit<48> dst_addr, bit<9> port) {
        hdr.ethernet.src_addr = hdr.ethernet.dst_addr;
        hdr.ethernet.dst_addr = dst_addr;
        standard_metadata.egress_spec = port;
    }

    // To the port as it is: for frames on their way to the collector.
    action relay(bit<9> port) {
        standard_metadata.egress_spec = port;
    }

    table ipv4_lpm {
        key = { hdr.ipv4.dst_addr: lpm; }
        actions = { ipv4_forward; relay; drop; }
        default_action = drop();
        size = 1024;
    }

    action watch() {}

    // Destinations that take the telemetry off a request and put it on the reply. Nothing else is ever tagged.
    table watchlist {
        key = { hdr.ipv4.dst_addr: lpm; }
        actions = { watch; NoAction; }
        default_action = NoAction();
        size = 1024;
    }

#if FREQ > 0
    // When each egress port last started telemetry. Only a packet that does start it moves the time on, so
    // that traffic faster than the period cannot starve the sampling.
    register<bit<48>>(MAX_PORTS) last_sample;
#endif

    apply {
        if (!hdr.ipv4.isValid() || standard_metadata.parser_error != error.NoError) {
            drop_because(DROPPED_UNPARSED);
        } else if (standard_metadata.checksum_error == 1) {
            drop_because(DROPPED_CHECKSUM);
        } else {
            switch (ipv4_lpm.apply().action_run) {
                ipv4_forward: {
                    if (hdr.ipv4.ttl <= 1) {
                        drop_because(DROPPED_TTL);
                    } else {
                        hdr.ipv4.ttl = hdr.ipv4.ttl - 1;
                        if (!hdr.shim.isValid() && is_request(hdr.ipv4) && watchlist.apply().hit) {
#if FREQ > 0
                            bit<32> port = (bit<32>) standard_metadata.egress_spec;
                            bit<48> last;
                            last_sample.read(last, port);
                            if (standard_metadata.ingress_global_timestamp - last >= FREQ) {
                                last_sample.write(port, standard_metadata.ingress_global_timestamp);
                                meta.sampled = 1;
                            }
#else
                            meta.sampled = 1;
#endif
                        }
                    }
                }
                default: {}
            }
        }
    }
}

// The classes of level 4: 0 idle, 1 low, 2 high, 3 critical.
bit<2> queue_class(in bit<19> depth) {
    return depth == 0 ? 2w0 : (depth < QUEUE_HIGH ? 2w1 : (depth < QUEUE_CRITICAL ? 2w2 : 2w3));
}

bit<2> length_class(in bit<32> bytes) {
    return bytes < 128 ? 2w0 : (bytes < 512 ? 2w1 : (bytes < 1024 ? 2w2 : 2w3));
}

control INTEgress(inout headers_t hdr, inout metadata_t meta, inout standard_metadata_t standard_metadata) {
    // What became of the telemetry, in packets.
    const bit<32> STARTED = 0;
    const bit<32> RECORDED = 1;
    const bit<32> REPORTED = 2;
    const bit<32> NO_ROOM = 3;
    const bit<32> HOP_LIMIT = 4;
    const bit<32> MALFORMED = 5;
    counter(6, CounterType.packets) telemetry;

    // By port: packets that have left since its last telemetry, and when that was.
    register<bit<64>>(MAX_PORTS) packets_since_last;
    register<bit<48>>(MAX_PORTS) last_telemetry;

    bit<32> id = 0;
    bit<32> port = (bit<32>) standard_metadata.egress_port;
    bit<48> hop_latency = standard_metadata.egress_global_timestamp - standard_metadata.ingress_global_timestamp;
    bit<64> packets = 0;
    bit<48> last_time = 0;
    bit<16> next_proto = ETHERTYPE_IPV4;

    action set_switch_id(bit<32> switch_id) {
        id = switch_id;
    }

    table switch_id {
        actions = { set_switch_id; }
        default_action = set_switch_id(0);
    }

    action transit() {
        meta.role = ROLE_TRANSIT;
    }

    // The port leads to a client: telemetry is copied to the collector, and the packet leaves without it.
    action sink() {
        meta.role = ROLE_SINK;
    }

    // Frames leave as they are: for the way to the collector.
    action untouched() {
        meta.role = ROLE_UNTOUCHED;
    }

    table port_role {
        key = { standard_metadata.egress_port: exact; }
        actions = { transit; sink; untouched; }
        default_action = transit();
        size = MAX_PORTS;
    }

    action insert_shim() {
        hdr.shim.setValid();
        hdr.shim.level = COLLECT_SIZE;
        hdr.ethernet.ether_type = ETHERTYPE_INT_SHIM;
        telemetry.count(STARTED);
    }

    action push_level1() {
        hdr.hop1.setValid();
        hdr.hop1.switch_id = id;
        hdr.hop1.enq_qdepth = standard_metadata.enq_qdepth;
        hdr.hop1.next_proto = next_proto;
    }

    action push_level2() {
        hdr.hop2.setValid();
        hdr.hop2.switch_id = id;
        hdr.hop2.ingress_port = standard_metadata.ingress_port;
        hdr.hop2.egress_port = standard_metadata.egress_port;
        hdr.hop2.enq_timestamp = standard_metadata.enq_timestamp;
        hdr.hop2.enq_qdepth = standard_metadata.enq_qdepth;
        hdr.hop2.deq_timedelta = standard_metadata.deq_timedelta;
        hdr.hop2.deq_qdepth = standard_metadata.deq_qdepth;
        hdr.hop2.ingress_timestamp = standard_metadata.ingress_global_timestamp;
        hdr.hop2.egress_timestamp = standard_metadata.egress_global_timestamp;
        hdr.hop2.next_proto = next_proto;
    }

    action push_level3() {
        hdr.hop3.setValid();
        hdr.hop3.switch_id = id;
        hdr.hop3.ingress_port = standard_metadata.ingress_port;
        hdr.hop3.egress_port = standard_metadata.egress_port;
        hdr.hop3.enq_timestamp = standard_metadata.enq_timestamp;
        hdr.hop3.enq_qdepth = standard_metadata.enq_qdepth;
        hdr.hop3.deq_timedelta = standard_metadata.deq_timedelta;
        hdr.hop3.deq_qdepth = standard_metadata.deq_qdepth;
        hdr.hop3.ingress_timestamp = standard_metadata.ingress_global_timestamp;
        hdr.hop3.egress_timestamp = standard_metadata.egress_global_timestamp;
        hdr.hop3.packet_length = (bit<64>) standard_metadata.packet_length;
        hdr.hop3.hop_latency = (bit<64>) hop_latency;
        hdr.hop3.packets_since_last = packets;
        hdr.hop3.last_telemetry_timestamp = last_time;
        hdr.hop3.next_proto = next_proto;
    }

    action push_level4() {
        hdr.hop4.setValid();
        hdr.hop4.switch_id = (bit<8>) id;
        hdr.hop4.ingress_port = standard_metadata.ingress_port;
        hdr.hop4.egress_port = standard_metadata.egress_port;
        hdr.hop4.enq_timestamp = standard_metadata.enq_timestamp;
        hdr.hop4.enq_qdepth = queue_class(standard_metadata.enq_qdepth);
        hdr.hop4.deq_timedelta = standard_metadata.deq_timedelta;
        hdr.hop4.deq_qdepth = queue_class(standard_metadata.deq_qdepth);
        hdr.hop4.packet_length = length_class(standard_metadata.packet_length);
        hdr.hop4.hop_latency = hop_latency;
        hdr.hop4.last_telemetry_timestamp = last_time;
        hdr.hop4.next_proto = next_proto;
    }

    // Telemetry aside, for the collector's copy, and off the packet. The copy is made of what the packet is
    // when egress ends (an E2E clone), so what the packet loses here has to stay somewhere.
    action keep_and_strip() {
        hdr.kept_shim = hdr.shim;
        hdr.kept_hop1 = hdr.hop1;
        hdr.kept_hop2 = hdr.hop2;
        hdr.kept_hop3 = hdr.hop3;
        hdr.kept_hop4 = hdr.hop4;
        hdr.kept_older = hdr.older;
        hdr.kept_oldest = hdr.oldest;
        hdr.kept_host = hdr.host;
        hdr.shim.setInvalid();
        hdr.hop1.setInvalid();
        hdr.hop2.setInvalid();
        hdr.hop3.setInvalid();
        hdr.hop4.setInvalid();
        hdr.older.setInvalid();
        hdr.oldest.setInvalid();
        hdr.host.setInvalid();
        hdr.ethernet.ether_type = ETHERTYPE_IPV4;
        telemetry.count(REPORTED);
    }

    action take_back() {
        hdr.shim = hdr.kept_shim;
        hdr.hop1 = hdr.kept_hop1;
        hdr.hop2 = hdr.kept_hop2;
        hdr.hop3 = hdr.kept_hop3;
        hdr.hop4 = hdr.kept_hop4;
        hdr.older = hdr.kept_older;
        hdr.oldest = hdr.kept_oldest;
        hdr.host = hdr.kept_host;
        hdr.ethernet.ether_type = ETHERTYPE_INT_SHIM;
    }

    apply {
        if (standard_metadata.instance_type == INSTANCE_TYPE_EGRESS_CLONE) {
            take_back();
            bit<16> bytes = ETHERNET_BYTES + SHIM_BYTES + (bit<16>) hdr.shim.count * meta.record_bytes
                + ((bit<16>) hdr.ipv4.ihl << 2) + UDP_BYTES + REQUEST_ID_BYTES;
            if (hdr.host.isValid()) {
                bytes = bytes + HOST_RECORD_BYTES;
            }
            truncate((bit<32>) bytes);
        } else {
            port_role.apply();
            if (meta.role != ROLE_UNTOUCHED) {
                packets_since_last.read(packets, port);
                packets = packets + 1;
                if (hdr.shim.isValid() || meta.sampled == 1) {
                    bit<32> room = MAX_FRAME - standard_metadata.packet_length;
                    bit<32> added = (bit<32>) meta.record_bytes;
                    if (meta.sampled == 1) {
                        meta.level = COLLECT_SIZE;
                        meta.record_bytes = STARTED_RECORD_BYTES;
                        added = (bit<32>) (SHIM_BYTES + STARTED_RECORD_BYTES);
                    }
                    if (hdr.shim.isValid() && hdr.shim.count > MAX_HOPS) {
                        telemetry.count(MALFORMED);
                    } else if (hdr.shim.isValid() && hdr.shim.count == MAX_HOPS) {
                        // A reference frame (level 0) has no flags to set.
                        if (hdr.shim.level != 0) {
                            hdr.shim.hop_limit = 1;
                        }
                        telemetry.count(HOP_LIMIT);
                    } else if (standard_metadata.packet_length > MAX_FRAME || added > room) {
                        if (hdr.shim.isValid() && hdr.shim.level != 0) {
                            hdr.shim.no_room = 1;
                        }
                        telemetry.count(NO_ROOM);
                    } else {
                        switch_id.apply();
                        last_telemetry.read(last_time, port);
                        if (meta.sampled == 1) {
                            insert_shim();
                        }
                        if (hdr.shim.count != 0) {
                            next_proto = NEXT_HOP_RECORD;
                        }
                        if (meta.level == 1) {
                            push_level1();
                        } else if (meta.level == 2) {
                            push_level2();
                        } else if (meta.level == 3) {
                            push_level3();
                        } else {
                            push_level4();
                        }
                        hdr.shim.count = hdr.shim.count + 1;
                        packets = 0;
                        last_telemetry.write(port, standard_metadata.egress_global_timestamp);
                        telemetry.count(RECORDED);
                    }
                    if (meta.role == ROLE_SINK && hdr.shim.isValid()) {
                        keep_and_strip();
                        clone_preserving_field_list(CloneType.E2E, REPORT_SESSION, FIELD_LIST_REPORT);
                    }
                }
                packets_since_last.write(port, packets);
            }
        }
    }
}

V1Switch(
    INTParser(), INTVerifyChecksum(), INTIngress(), INTEgress(), INTComputeChecksum(), INTDeparser()
) main;
