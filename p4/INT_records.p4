// SPDX-License-Identifier: Apache-2.0

// Pushes this switch's hop record before the older ones, at the level of the frame.

#ifndef INT_RECORDS_P4
#define INT_RECORDS_P4

// Level 6: whether hop number `hop` replaces the record in the frame by its own. It does with probability 1/hop, so
// that after n hops the record is that of each with probability 1/n: 1/k at hop k, times k/(k+1), (k+1)/(k+2), …
//
// The draw is a hash of the switch, the packet and the time. A CRC alone is not enough: the CRCs of one packet at
// different hops differ by constants, so the draws would not be independent; two multiplications make them so.
control ReservoirDraw(
    in headers_t hdr, in standard_metadata_t standard_metadata, in bit<32> id, in bit<8> hop, out bit<1> replaces
) {
    bit<64> packet = 0;
    bit<32> draw = 0;

    apply {
        if (hdr.datagram.isValid()) {
            packet = hdr.datagram.src_port ++ hdr.datagram.dst_port ++ hdr.datagram.request_id;
        } else if (hdr.tcp.isValid()) {
            packet = hdr.tcp.sequence ++ hdr.tcp.acknowledgement;
        }
        hash(
            draw, HashAlgorithm.crc32, 32w0, { packet, id, hop, standard_metadata.ingress_global_timestamp },
            64w0x100000000);
        draw = (draw ^ (draw >> 16)) * 0x7FEB352D;
        draw = (draw ^ (draw >> 15)) * 0x9E3779B1;
        draw = draw ^ (draw >> 16);
        replaces = (bit<64>) draw * (bit<64>) hop < 1 << 32 ? 1w1 : 1w0;
    }
}

control HopRecord(
    inout headers_t hdr, in metadata_t meta, in standard_metadata_t standard_metadata, in class_limits_t limits,
    in bit<32> id, in bit<64> packets, in bit<48> last_time
) {
    LogarithmicCode() depth_code;
    LogarithmicCode() latency_code;
    ReservoirDraw() draw;

    // next_proto of the first record: the source record, or the packet itself.
    bit<16> next_proto = NEXT_HOP_RECORD;
    bit<48> hop_latency = standard_metadata.egress_global_timestamp - standard_metadata.ingress_global_timestamp;
    bit<1> replaces = 1;

    // Levels 1 to 3 set every field, reserved ones too: a switch can then write the record without clearing it first.

    action push_level1() {
        hdr.hop1.setValid();
        hdr.hop1.switch_id = id;
        hdr.hop1.enq_qdepth = standard_metadata.enq_qdepth;
        hdr.hop1.reserved = 0;
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
        hdr.hop2.reserved = 0;
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
        hdr.hop3.reserved = 0;
        hdr.hop3.packets_since_last = packets;
        hdr.hop3.last_telemetry_timestamp = last_time;
        hdr.hop3.reserved2 = 0;
        hdr.hop3.next_proto = next_proto;
    }

    action push_level4() {
        hdr.hop4.setValid();
        hdr.hop4.switch_id = (bit<8>) id;
        hdr.hop4.ingress_port = standard_metadata.ingress_port;
        hdr.hop4.egress_port = standard_metadata.egress_port;
        hdr.hop4.enq_timestamp = standard_metadata.enq_timestamp;
        hdr.hop4.enq_qdepth = queue_class(standard_metadata.enq_qdepth, limits);
        hdr.hop4.deq_timedelta = standard_metadata.deq_timedelta;
        hdr.hop4.deq_qdepth = queue_class(standard_metadata.deq_qdepth, limits);
        hdr.hop4.packet_length = length_class(standard_metadata.packet_length, limits);
        hdr.hop4.hop_latency = hop_latency;
        hdr.hop4.last_telemetry_timestamp = last_time;
        hdr.hop4.next_proto = next_proto;
    }

    action push_compact() {
        hdr.hop5.setValid();
        hdr.hop5.switch_id = (bit<16>) id;
        hdr.hop5.egress_port = standard_metadata.egress_port;
        hdr.hop5.hop = (bit<5>) (hdr.shim.count + 1);
    }

    apply {
        if (hdr.shim.count == 0) {
            if (hdr.source.isValid()) {
                next_proto = NEXT_SOURCE_RECORD;
            } else if (hdr.ipv6.isValid()) {
                next_proto = ETHERTYPE_IPV6;
            } else {
                next_proto = ETHERTYPE_IPV4;
            }
        }
        if (meta.level == LEVEL_MINIMAL) {
            push_level1();
        } else if (meta.level == LEVEL_STANDARD) {
            push_level2();
        } else if (meta.level == LEVEL_FULL) {
            push_level3();
        } else if (meta.level == LEVEL_DISCRETIZED) {
            push_level4();
        } else {
            if (meta.level == LEVEL_CONSTANT && hdr.shim.count != 0) {
                draw.apply(hdr, standard_metadata, id, hdr.shim.count + 1, replaces);
                if (replaces == 1) {
                    hdr.older.setInvalid();
                }
            }
            if (replaces == 1) {
                push_compact();
                depth_code.apply((bit<48>) standard_metadata.enq_qdepth, hdr.hop5.queue_depth);
                latency_code.apply(hop_latency, hdr.hop5.hop_latency);
            }
        }
        hdr.shim.count = hdr.shim.count + 1;
    }
}

#endif
