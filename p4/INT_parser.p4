// SPDX-License-Identifier: Apache-2.0

// How INT.p4 reads a frame and writes it again: parser, IPv4 checksums, deparser.

#ifndef INT_PARSER_P4
#define INT_PARSER_P4

// All of the IPv4 header but its checksum.
#define IPV4_CHECKSUM_FIELDS { \
    hdr.ipv4.version, hdr.ipv4.ihl, hdr.ipv4.diffserv, hdr.ipv4.total_len, hdr.ipv4.identification, \
    hdr.ipv4.reserved_flag, hdr.ipv4.dont_fragment, hdr.ipv4.more_fragments, hdr.ipv4.frag_offset, \
    hdr.ipv4.ttl, hdr.ipv4.protocol, hdr.ipv4.src_addr, hdr.ipv4.dst_addr, hdr.ipv4_options.options }

parser INTParser(packet_in packet, out headers_t hdr, inout metadata_t meta,
                 inout standard_metadata_t standard_metadata) {
    state start {
        packet.extract(hdr.ethernet);
        transition select(hdr.ethernet.ether_type) {
            ETHERTYPE_INT_SHIM: parse_shim;
            ETHERTYPE_IPV4: parse_ipv4;
            default: accept;
        }
    }

    state parse_shim {
        packet.extract(hdr.shim);
        meta.level = hdr.shim.level == 0 ? (bit<8>) COLLECT_SIZE : hdr.shim.level;
        transition select(meta.level) {
            1: level1;
            2: level2;
            3: level3;
            4: level4;
            default: accept;
        }
    }

    state level1 {
        meta.record_bytes = 9;
        transition parse_records;
    }

    state level2 {
        meta.record_bytes = 36;
        transition parse_records;
    }

    state level3 {
        meta.record_bytes = 72;
        transition parse_records;
    }

    state level4 {
        meta.record_bytes = 43;
        transition parse_records;
    }

    state parse_records {
        transition select(hdr.shim.count) {
            0: parse_ipv4;
            default: parse_older;
        }
    }

    state parse_older {
        packet.extract(hdr.older, ((bit<32>) hdr.shim.count * (bit<32>) meta.record_bytes - 2) << 3);
        packet.extract(hdr.oldest);
        transition select(hdr.oldest.next_proto) {
            NEXT_HOST_RECORD: parse_host;
            ETHERTYPE_IPV4: parse_ipv4;
            default: accept;
        }
    }

    state parse_host {
        packet.extract(hdr.host);
        transition select(hdr.host.next_proto) {
            ETHERTYPE_IPV4: parse_ipv4;
            default: accept;
        }
    }

    state parse_ipv4 {
        packet.extract(hdr.ipv4);
        verify(hdr.ipv4.version == 4 && hdr.ipv4.ihl >= 5, error.HeaderTooShort);
        transition select(hdr.ipv4.ihl) {
            5: accept;
            default: parse_ipv4_options;
        }
    }

    state parse_ipv4_options {
        packet.extract(hdr.ipv4_options, ((bit<32>) hdr.ipv4.ihl - 5) << 5);
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
        packet.emit(hdr.shim);
        packet.emit(hdr.hop1);
        packet.emit(hdr.hop2);
        packet.emit(hdr.hop3);
        packet.emit(hdr.hop4);
        packet.emit(hdr.older);
        packet.emit(hdr.oldest);
        packet.emit(hdr.host);
        packet.emit(hdr.ipv4);
        packet.emit(hdr.ipv4_options);
    }
}

#endif
