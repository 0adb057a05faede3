// SPDX-License-Identifier: Apache-2.0

// A varbit at the end of a header: extracted with a size, copied with its header, fed to a checksum.

#include <core.p4>
#include <v1model.p4>

header ipv4_t {
    bit<4> version; bit<4> ihl; bit<8> diffserv; bit<16> total; bit<16> id; bit<16> fragment; bit<8> ttl;
    bit<8> protocol; bit<16> checksum; bit<32> source; bit<32> destination;
    varbit<320> options;
}
header port_t { bit<8> port; }
struct headers_t { port_t port; ipv4_t ipv4; port_t middle; ipv4_t copy; }
struct metadata_t {}

parser P(packet_in packet, out headers_t hdr, inout metadata_t meta, inout standard_metadata_t standard_metadata) {
    state start {
        packet.extract(hdr.port);
        transition select(packet.lookahead<bit<8>>()[3:0]) {
            0 .. 4: reject;
            _: ipv4;
        }
    }
    state ipv4 {
        packet.extract(hdr.ipv4, ((bit<32>) packet.lookahead<bit<8>>()[3:0] - 5) * 32);
        transition accept;
    }
}

control V(inout headers_t hdr, inout metadata_t meta) {
    apply {
        verify_checksum(hdr.ipv4.isValid(),
            { hdr.ipv4.version, hdr.ipv4.ihl, hdr.ipv4.diffserv, hdr.ipv4.total, hdr.ipv4.id, hdr.ipv4.fragment,
              hdr.ipv4.ttl, hdr.ipv4.protocol, hdr.ipv4.source, hdr.ipv4.destination, hdr.ipv4.options },
            hdr.ipv4.checksum, HashAlgorithm.csum16);
    }
}

control I(inout headers_t hdr, inout metadata_t meta, inout standard_metadata_t standard_metadata) {
    apply {
        standard_metadata.egress_spec = (bit<9>) hdr.port.port;
        if (!hdr.ipv4.isValid()) {
            standard_metadata.egress_spec = 3;
        } else if (standard_metadata.checksum_error == 1) {
            standard_metadata.egress_spec = 4;
        } else {
            hdr.middle = { 0xCC };
            hdr.copy = hdr.ipv4;
            hdr.copy.ttl = hdr.copy.ttl - 1;
        }
    }
}

control C(inout headers_t hdr, inout metadata_t meta) {
    apply {
        update_checksum(hdr.copy.isValid(),
            { hdr.copy.version, hdr.copy.ihl, hdr.copy.diffserv, hdr.copy.total, hdr.copy.id, hdr.copy.fragment,
              hdr.copy.ttl, hdr.copy.protocol, hdr.copy.source, hdr.copy.destination, hdr.copy.options },
            hdr.copy.checksum, HashAlgorithm.csum16);
    }
}

#define OWN_VERIFY
#define OWN_COMPUTE
#include "parts/rest.p4"
