// SPDX-License-Identifier: Apache-2.0

// Parser, IPv4 header checksum and deparser of INT.p4. The checksums of UDP and TCP do not cover what a router
// changes.

#ifndef INT_PARSER_P4
#define INT_PARSER_P4

// All of the IPv4 header except its checksum.
#define IPV4_CHECKSUM_FIELDS { \
    hdr.ipv4.version, hdr.ipv4.ihl, hdr.ipv4.diffserv, hdr.ipv4.total_len, hdr.ipv4.identification, \
    hdr.ipv4.reserved_flag, hdr.ipv4.dont_fragment, hdr.ipv4.fragment, hdr.ipv4.ttl, hdr.ipv4.protocol, \
    hdr.ipv4.src_addr, hdr.ipv4.dst_addr, hdr.ipv4_options.options }

parser INTParser(packet_in packet, out headers_t hdr, inout metadata_t meta,
                 inout standard_metadata_t standard_metadata) {
    state start {
        packet.extract(hdr.ethernet);
        transition select(hdr.ethernet.ether_type) {
            ETHERTYPE_INT_SHIM: parse_shim;
            ETHERTYPE_INT_PROBE: parse_probe;
            ETHERTYPE_IPV4: parse_ipv4;
            ETHERTYPE_IPV6: parse_ipv6;
            default: accept;
        }
    }

    state parse_probe {
        packet.extract(hdr.probe);
        transition accept;
    }

    state parse_shim {
        packet.extract(hdr.shim);
        meta.decision = 1;
        meta.level = LEVEL_OF(hdr.shim);
        transition select(meta.level) {
            LEVEL_MINIMAL: level1;
            LEVEL_STANDARD: level2;
            LEVEL_FULL: level3;
            LEVEL_DISCRETIZED: level4;
            LEVEL_COMPACT: level5;
            LEVEL_CONSTANT: level6;
            default: accept;
        }
    }

    state level1 {
        meta.record_bytes = MINIMAL_BYTES;
        transition parse_records;
    }

    state level2 {
        meta.record_bytes = STANDARD_BYTES;
        transition parse_records;
    }

    state level3 {
        meta.record_bytes = FULL_BYTES;
        transition parse_records;
    }

    state level4 {
        meta.record_bytes = DISCRETIZED_BYTES;
        transition parse_records;
    }

    state level5 {
        meta.record_bytes = COMPACT_BYTES;
        transition select(hdr.shim.count) {
            0: parse_no_records;
            default: parse_compact;
        }
    }

    state level6 {
        meta.record_bytes = CONSTANT_BYTES;
        transition select(hdr.shim.count) {
            0: parse_no_records;
            default: parse_constant;
        }
    }

    state parse_records {
        transition select(hdr.shim.count) {
            0: parse_no_records;
            default: parse_older;
        }
    }

    // A host is the INT source, and this is the first switch. Without a source record, only the packet itself shows
    // which protocol follows.
    state parse_no_records {
        transition select(hdr.shim.source) {
            1: parse_source;
            default: parse_any_internet;
        }
    }

    state parse_any_internet {
        transition select(packet.lookahead<bit<4>>()) {
            4: parse_ipv4;
            6: parse_ipv6;
            default: accept;
        }
    }

    state parse_older {
        packet.extract(hdr.older, ((bit<32>) hdr.shim.count * (bit<32>) meta.record_bytes - 2) << 3);
        packet.extract(hdr.oldest);
        transition select(hdr.oldest.next_proto) {
            NEXT_SOURCE_RECORD: parse_source;
            NEXT_HOST_RECORD: parse_host;
            NEXT_EXTENDED_RECORD: parse_extended;
            ETHERTYPE_IPV4: parse_ipv4;
            ETHERTYPE_IPV6: parse_ipv6;
            default: accept;
        }
    }

    state parse_compact {
        packet.extract(hdr.older, ((bit<32>) hdr.shim.count * (bit<32>) meta.record_bytes) << 3);
        transition parse_unchained;
    }

    state parse_constant {
        packet.extract(hdr.older, (bit<32>) meta.record_bytes << 3);
        transition parse_unchained;
    }

    // After records without next_proto, the shim's flags identify what follows.
    state parse_unchained {
        transition select(hdr.shim.source, hdr.shim.host, hdr.shim.inner_ipv6) {
            (1, _, _): parse_source;
            (0, 1, _): parse_extended;
            (0, 0, 1): parse_ipv6;
            default: parse_ipv4;
        }
    }

    state parse_source {
        packet.extract(hdr.source);
        transition select(hdr.source.next_proto) {
            NEXT_HOST_RECORD: parse_host;
            NEXT_EXTENDED_RECORD: parse_extended;
            ETHERTYPE_IPV4: parse_ipv4;
            ETHERTYPE_IPV6: parse_ipv6;
            default: accept;
        }
    }

    state parse_host {
        packet.extract(hdr.host);
        transition select(hdr.host.next_proto) {
            ETHERTYPE_IPV4: parse_ipv4;
            ETHERTYPE_IPV6: parse_ipv6;
            default: accept;
        }
    }

    state parse_extended {
        packet.extract(hdr.extended);
        transition select(hdr.extended.next_proto) {
            ETHERTYPE_IPV4: parse_ipv4;
            ETHERTYPE_IPV6: parse_ipv6;
            default: accept;
        }
    }

    state parse_ipv4 {
        packet.extract(hdr.ipv4);
        transition select(hdr.ipv4.version, hdr.ipv4.ihl) {
            (4, 5): parse_ipv4_payload;
            default: parse_ipv4_options;
        }
    }

    state parse_ipv4_options {
        verify(hdr.ipv4.version == 4 && hdr.ipv4.ihl >= 5, error.HeaderTooShort);
        packet.extract(hdr.ipv4_options, ((bit<32>) hdr.ipv4.ihl - 5) << 5);
        transition parse_ipv4_payload;
    }

    // From here on, missing bytes cost the packet its telemetry but not its route.
    state parse_ipv4_payload {
        meta.is_internet = 1;
        transition select(hdr.ipv4.fragment) {
            0: parse_ipv4_transport;
            default: accept;
        }
    }

    state parse_ipv4_transport {
        transition select(hdr.ipv4.protocol) {
            PROTOCOL_UDP: ipv4_datagram;
            PROTOCOL_TCP: ipv4_segment;
            default: accept;
        }
    }

    state ipv4_datagram {
        transition select(hdr.ipv4.total_len >= ((bit<16>) hdr.ipv4.ihl << 2) + DATAGRAM_BYTES) {
            true: datagram;
            default: accept;
        }
    }

    state ipv4_segment {
        meta.segment_bytes = hdr.ipv4.total_len - ((bit<16>) hdr.ipv4.ihl << 2);
        transition select(hdr.ipv4.total_len >= ((bit<16>) hdr.ipv4.ihl << 2) + TCP_BYTES) {
            true: segment;
            default: accept;
        }
    }

    state parse_ipv6 {
        packet.extract(hdr.ipv6);
        verify(hdr.ipv6.version == 6, error.HeaderTooShort);
        meta.is_internet = 1;
        transition select(hdr.ipv6.next_header) {
            PROTOCOL_UDP: ipv6_datagram;
            PROTOCOL_TCP: ipv6_segment;
            default: accept;
        }
    }

    state ipv6_datagram {
        transition select(hdr.ipv6.payload_len >= DATAGRAM_BYTES) {
            true: datagram;
            default: accept;
        }
    }

    state ipv6_segment {
        meta.segment_bytes = hdr.ipv6.payload_len;
        transition select(hdr.ipv6.payload_len >= TCP_BYTES) {
            true: segment;
            default: accept;
        }
    }

    state datagram {
        packet.extract(hdr.datagram);
        transition accept;
    }

    state segment {
        packet.extract(hdr.tcp);
        transition accept;
    }
}

control INTVerifyChecksum(inout headers_t hdr, inout metadata_t meta) {
    apply {
        verify_checksum(
            hdr.ipv4.isValid(), IPV4_CHECKSUM_FIELDS, hdr.ipv4.hdr_checksum, HashAlgorithm.csum16);
    }
}

control INTComputeChecksum(inout headers_t hdr, inout metadata_t meta) {
    apply {
        update_checksum(
            hdr.ipv4.isValid(), IPV4_CHECKSUM_FIELDS, hdr.ipv4.hdr_checksum, HashAlgorithm.csum16);
    }
}

control INTDeparser(packet_out packet, in headers_t hdr) {
    apply {
        packet.emit(hdr.ethernet);
        packet.emit(hdr.probe);
        packet.emit(hdr.shim);
        packet.emit(hdr.hop1);
        packet.emit(hdr.hop2);
        packet.emit(hdr.hop3);
        packet.emit(hdr.hop4);
        packet.emit(hdr.hop5);
        packet.emit(hdr.older);
        packet.emit(hdr.oldest);
        packet.emit(hdr.source);
        packet.emit(hdr.host);
        packet.emit(hdr.extended);
        packet.emit(hdr.ipv4);
        packet.emit(hdr.ipv4_options);
        packet.emit(hdr.ipv6);
        packet.emit(hdr.datagram);
        packet.emit(hdr.tcp);
    }
}

#endif
